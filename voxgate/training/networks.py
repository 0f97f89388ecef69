"""Where training starts: seeded random networks, the frozen tokenizer, and a base checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
from torch import Tensor, nn

from models.gpt_sovits.build import build_synthesizer, build_text_to_semantic
from models.gpt_sovits.presets import Preset
from models.gpt_sovits.s1.token_model import TokenNetwork
from models.gpt_sovits.s2.discriminators import Discriminators
from models.gpt_sovits.s2.synthesizer import Synthesizer
from voxgate.errors import TrainingError, WeightsError
from voxgate.files import digest_file, digest_json
from voxgate.params import Params
from voxgate.params.train import BaseCheckpoint
from voxgate.training.fit.determinism import seeded, step_seed
from voxgate.voice.speech_tokenizer import CODEBOOK_KEY, verify_tokenizer

__all__ = [
    "Networks",
    "base_digest",
    "build_networks",
    "count_parameters",
    "load_base",
    "read_tokenizer_tensors",
    "start_networks",
]

_TOKENIZER_KEYS = ("ssl_proj.weight", "ssl_proj.bias", CODEBOOK_KEY)
_POSTERIOR = "enc_q."
_AVERAGE_KEY = "quantizer.vq.layers.0._codebook.embed_avg"


@dataclass(frozen=True)
class Networks:
    """Both models of a voice."""

    synthesizer: Synthesizer
    text_to_semantic: TokenNetwork
    discriminators: Discriminators | None = None
    """What a synthesizer with a flow is trained against."""


def start_networks(chosen: Preset, params: Params, base_dir: Path) -> Networks:
    """Return both networks as training begins with them.

    Raises:
        WeightsError: the tokenizer or the base checkpoint is absent or not the pinned one.
        TrainingError: they do not fit the preset or each other.
    """
    tokenizer = read_tokenizer_tensors(
        base_dir / params.featurize.tokenizer, sha256=params.featurize.tokenizer_sha256
    )
    networks = build_networks(
        chosen,
        seed=params.train.seed,
        tokenizer=tokenizer,
        legacy_padding=params.train.text_to_semantic.legacy_padding,
    )
    if params.train.base is not None:
        load_base(networks, params.train.base, base_dir)
    return networks


def read_tokenizer_tensors(stem: Path, *, sha256: str) -> dict[str, Tensor]:
    """Read `<stem>.safetensors` after verifying both of the tokenizer's files.

    Raises:
        WeightsError: they are absent or not the pinned ones.
    """
    verify_tokenizer(stem, sha256=sha256)
    return safetensors.torch.load_file(stem.with_suffix(".safetensors"))


def build_networks(
    chosen: Preset,
    *,
    seed: int,
    tokenizer: Mapping[str, Tensor],
    legacy_padding: bool = False,
) -> Networks:
    """Draw all networks from `seed` and put the frozen tokenizer into the synthesizer.

    `tokenizer` holds `ssl_proj.*` and the codebook, as in `tokenizer.safetensors`. For
    `legacy_padding` see TextToSemantic.

    Raises:
        TrainingError: the tokenizer's shapes are not the preset's.
    """
    with seeded(step_seed(seed, "s2/initial", 0)):
        synthesizer = build_synthesizer(chosen)
    with seeded(step_seed(seed, "s1/initial", 0)):
        text_to_semantic = build_text_to_semantic(chosen, legacy_padding=legacy_padding)
    discriminators = None
    if chosen.has_flow:
        with seeded(step_seed(seed, "discriminators/initial", 0)):
            discriminators = Discriminators(chosen.flow_vocoder)
    _freeze_tokenizer(synthesizer, chosen, tokenizer)
    return Networks(synthesizer, text_to_semantic, discriminators)


def _freeze_tokenizer(
    synthesizer: Synthesizer, chosen: Preset, tokenizer: Mapping[str, Tensor]
) -> None:
    weights = synthesizer.state_dict()
    faults = [
        f"{name}: expected {tuple(weights[name].shape)}, "
        f"got {tuple(tokenizer[name].shape) if name in tokenizer else 'none'}"
        for name in _TOKENIZER_KEYS
        if name not in tokenizer or weights[name].shape != tokenizer[name].shape
    ]
    if faults:
        raise TrainingError(
            f"the tokenizer does not fit the preset {chosen.name!r}: {'; '.join(faults)}. "
            "Name another featurize.tokenizer or train.preset in params.yaml"
        )
    frozen = {name: tokenizer[name].float() for name in _TOKENIZER_KEYS}
    frozen[_AVERAGE_KEY] = frozen[CODEBOOK_KEY]
    synthesizer.load_state_dict(weights | frozen)


def load_base(networks: Networks, base: BaseCheckpoint, base_dir: Path) -> None:
    """Replace the weights of the networks by those of a base checkpoint.

    The tokenizer that the synthesizer holds must be the base's own: tokens of another tokenizer
    mean other sounds.

    Raises:
        WeightsError: a file is absent or differs from its pinned sha256.
        TrainingError: the weights are those of another preset or tokenizer, or cannot be trained.
    """
    folder = base_dir / base.folder
    _load(networks.text_to_semantic, folder / "s1.safetensors", base.s1_sha256)
    _load(networks.synthesizer, folder / "s2.safetensors", base.s2_sha256)
    if base.discriminators_sha256 is None:
        return
    if networks.discriminators is None:
        raise TrainingError(
            "train.base names discriminators, but the preset is trained without; remove "
            "discriminators_sha256 from params.yaml"
        )
    _load(
        networks.discriminators, folder / "discriminators.safetensors", base.discriminators_sha256
    )


def base_digest(base: BaseCheckpoint) -> str:
    """Return one digest that names the base checkpoint."""
    parts = {"s1": base.s1_sha256, "s2": base.s2_sha256}
    if base.discriminators_sha256 is not None:
        parts["discriminators"] = base.discriminators_sha256
    return digest_json(parts)


def _load(network: nn.Module, path: Path, sha256: str) -> None:
    if not path.is_file():
        raise WeightsError(
            f"{path} is missing, but train.base in params.yaml names it; restore it from git, or "
            "set train.base to null to start from random weights on purpose"
        )
    found = digest_file(path)
    if found != sha256:
        raise WeightsError(
            f"{path}: expected sha256 {sha256} (train.base), found {found}; restore the file from "
            "git, or name the new digest in params.yaml if you mean to change it"
        )
    weights = {name: tensor.float() for name, tensor in safetensors.torch.load_file(path).items()}
    own = network.state_dict()
    codebook = own.get(CODEBOOK_KEY)
    if codebook is not None and not codebook.half().equal(
        weights.get(CODEBOOK_KEY, codebook).half()
    ):
        raise TrainingError(
            f"{path} was trained on another tokenizer than featurize.tokenizer names; its tokens "
            "would be read as other sounds. Name the base's own tokenizer in params.yaml"
        )
    _require_posterior(own, weights, path)
    try:
        network.load_state_dict(weights, strict=True)
    except RuntimeError as error:
        raise TrainingError(f"{path} does not fit the preset: {error}") from error


def count_parameters(network: nn.Module) -> int:
    """Return how many numbers a network learns."""
    return sum(parameter.numel() for parameter in network.parameters())


def _require_posterior(
    own: Mapping[str, Tensor], weights: Mapping[str, Tensor], path: Path
) -> None:
    """Refuse what was exported for speaking: the public code drops the posterior encoder there."""
    if any(name.startswith(_POSTERIOR) for name in own) and not any(
        name.startswith(_POSTERIOR) for name in weights
    ):
        raise TrainingError(
            f"{path} has no posterior encoder ({_POSTERIOR}*): it was exported for speaking, and "
            "training needs it. Name a base model (s2G*.pth) or a checkpoint of ours instead"
        )
