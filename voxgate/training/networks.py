"""Where training starts: seeded random networks, the frozen tokenizer, and a base checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
from torch import Tensor, nn

from models.gpt_sovits.mini_synthesizer import MiniSynthesizer
from models.gpt_sovits.presets import Preset, SourceFilterPreset
from models.gpt_sovits.text_to_semantic import TextToSemantic
from voxgate.errors import TrainingError, WeightsError
from voxgate.files import digest_file, digest_json
from voxgate.params import Params
from voxgate.params.train import BaseCheckpoint
from voxgate.training.determinism import seeded, step_seed
from voxgate.training.speech_tokenizer import CODEBOOK_KEY, verify_tokenizer

__all__ = [
    "Networks",
    "base_digest",
    "build_networks",
    "load_base",
    "read_tokenizer_tensors",
    "start_networks",
]

_TOKENIZER_KEYS = ("ssl_proj.weight", "ssl_proj.bias", CODEBOOK_KEY)
_AVERAGE_KEY = "quantizer.vq.layers.0._codebook.embed_avg"


@dataclass(frozen=True)
class Networks:
    """Both models of a voice, on the CPU."""

    synthesizer: MiniSynthesizer
    text_to_semantic: TextToSemantic


def start_networks(chosen: Preset, params: Params, base_dir: Path) -> Networks:
    """Return both networks as training begins with them.

    Raises:
        WeightsError: the tokenizer or the base checkpoint is absent or not the pinned one.
        TrainingError: they do not fit the preset or each other.
    """
    tokenizer = read_tokenizer_tensors(
        base_dir / params.featurize.tokenizer, sha256=params.featurize.tokenizer_sha256
    )
    networks = build_networks(chosen, seed=params.train.seed, tokenizer=tokenizer)
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


def build_networks(chosen: Preset, *, seed: int, tokenizer: Mapping[str, Tensor]) -> Networks:
    """Draw both networks from `seed` and put the frozen tokenizer into the synthesizer.

    `tokenizer` holds `ssl_proj.*` and the codebook, as in `tokenizer.safetensors`.

    Raises:
        TrainingError: the preset cannot be trained, or the tokenizer's shapes are not its own.
    """
    if not isinstance(chosen.synthesizer.wave, SourceFilterPreset):
        raise TrainingError(
            f"preset {chosen.name!r} needs adversarial training, which train cannot do yet; use "
            "the preset 'mini' in params.yaml (train.preset)"
        )
    with seeded(step_seed(seed, "s2/initial", 0)):
        synthesizer = MiniSynthesizer(chosen)
    with seeded(step_seed(seed, "s1/initial", 0)):
        text_to_semantic = TextToSemantic(chosen.text_to_semantic)
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
    return Networks(synthesizer=synthesizer, text_to_semantic=text_to_semantic)


def load_base(networks: Networks, base: BaseCheckpoint, base_dir: Path) -> None:
    """Replace the weights of both networks by those of a base checkpoint.

    The tokenizer that the synthesizer holds must be the base's own: tokens of another tokenizer
    mean other sounds.

    Raises:
        WeightsError: a file is absent or differs from its pinned sha256.
        TrainingError: the weights are those of another preset or tokenizer.
    """
    folder = base_dir / base.folder
    for network, name, sha256 in (
        (networks.text_to_semantic, "s1.safetensors", base.s1_sha256),
        (networks.synthesizer, "s2.safetensors", base.s2_sha256),
    ):
        _load(network, folder / name, sha256)


def base_digest(base: BaseCheckpoint) -> str:
    """Return one digest that names the base checkpoint."""
    return digest_json({"s1": base.s1_sha256, "s2": base.s2_sha256})


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
    try:
        network.load_state_dict(weights, strict=True)
    except RuntimeError as error:
        raise TrainingError(f"{path} does not fit the preset: {error}") from error
