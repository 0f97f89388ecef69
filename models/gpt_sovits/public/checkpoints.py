"""The checkpoint files of GPT-SoVITS: what is in them, which preset they are, and writing them.

Source: docs/gpt_sovits.md 8. Bytes in and out; checkpoints.py does the files.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from models.gpt_sovits.presets import FlowVocoderPreset, Preset, TextToSemanticPreset
from models.gpt_sovits.public.networks import identify_network
from models.gpt_sovits.public.restricted_pickle import CheckpointError, read_archive

__all__ = [
    "PublicCheckpoint",
    "decode_public",
    "encode_public",
]

_ZIP = b"PK"
_HEADERS = {
    b"00": "v1",
    b"01": "v2",
    b"02": "v3",
    b"03": "v3 LoRA",
    b"04": "v4 LoRA",
    b"05": "v2Pro",
    b"06": "v2ProPlus",
}
"""Some versions replace the zip's first two bytes by a number."""

_WEB_PAGE = (
    "this is a web page that was saved instead of the file; download the file itself (on the page "
    "of the file, the link that says download or raw)"
)
_MISTAKEN = {
    b"version https://git-lfs": (
        "this is a Git LFS pointer, a note of where the file is, and not the file: run "
        "`git lfs install` and `git lfs pull` in the folder that was cloned, or download the file "
        "from its page"
    ),
    b"<!doctype html": _WEB_PAGE,
    b"<html": _WEB_PAGE,
    b"\x80\x02\x8a\x0al\xfc\x9c": (
        "this is the format that torch had before 1.6, which is not read: load it with "
        "weights_only and save it again with a newer torch, or fetch a newer file"
    ),
}
"""What people have downloaded instead: how it begins, in small letters, and what to do."""

_WRITTEN_HEADERS = {"v2Pro": b"05", "v2ProPlus": b"06"}
_S1_PREFIX = "model."
_POSTERIOR = "enc_q."


@dataclass(frozen=True, kw_only=True)
class PublicCheckpoint:
    """One file of the public code base."""

    network: str
    """ "s1", "s2", "discriminators", or a frozen extractor (see `public_networks`)."""

    preset: str
    """Name of the preset that it fits; "" for a frozen extractor."""

    weights: Mapping[str, Tensor]
    """Names as this package's networks have them."""

    config: Mapping[str, Any]
    """What the file says of how it was trained."""

    info: str

    @property
    def trainable(self) -> bool:
        """Whether fine-tuning can start from it: exported voices lack the posterior."""
        return self.network != "s2" or any(k.startswith(_POSTERIOR) for k in self.weights)


def decode_public(data: bytes) -> PublicCheckpoint:
    """Read a `.ckpt` (S1), a `.pth` (S2, discriminators), or an extractor's plain state.

    Raises:
        CheckpointError: it is damaged, unsafe, or of a version that is not supported (v3, v4).
    """
    header = data[:2]
    for beginning, what in _MISTAKEN.items():
        if data[:256].lstrip().lower().startswith(beginning):
            raise CheckpointError(what)
    if header != _ZIP and header not in _HEADERS:
        raise CheckpointError(
            f"expected a file that begins with PK or 00-06, got {header!r}: not a GPT-SoVITS "
            "checkpoint, or not downloaded completely"
        )
    version = _HEADERS.get(header, "")
    if version.startswith(("v3", "v4")):
        raise CheckpointError(f"a {version} file: supported are v1, v2, v2Pro and v2ProPlus")
    content = read_archive(_ZIP + data[2:])
    # The two models and their discriminators carry their configuration, the extractors nothing.
    described = content if isinstance(content, dict) and "weight" in content else {}
    weights = described.get("weight", content)
    if not isinstance(weights, dict) or not all(
        isinstance(key, str) and isinstance(value, Tensor) for key, value in weights.items()
    ):
        raise CheckpointError('expected a dictionary of tensors, on its own or under "weight"')
    network, name = identify_network({key: tuple(value.shape) for key, value in weights.items()})
    config = described.get("config") or {}
    if not isinstance(config, dict):
        raise CheckpointError(f"its configuration is a {type(config).__name__}, expected settings")
    if network == "s1":
        weights = {key.removeprefix(_S1_PREFIX): value for key, value in weights.items()}
    return PublicCheckpoint(
        network=network,
        preset=name,
        weights=weights,
        config=config,
        info=str(described.get("info", "")),
    )


def encode_public(
    network: str, chosen: Preset, weights: Mapping[str, Tensor], *, info: str
) -> bytes:
    """Write weights as the public code base does: float16, S2 without its posterior.

    The configuration is a plain dictionary, which its inference reads like the class that its own
    files carry, and which loads without running anything.

    Args:
        network: "s1" or "s2".
        chosen: one of the public presets.
        weights: state of this package's network.
        info: a note, say "8epoch_200iteration".

    Raises:
        CheckpointError: the preset has no public form.
    """
    sizes, wave = chosen.text_to_semantic, chosen.synthesizer.wave
    if not isinstance(wave, FlowVocoderPreset) or not isinstance(sizes, TextToSemanticPreset):
        raise CheckpointError(f"preset {chosen.name} has no public checkpoint format")
    if network == "s1":
        kept = {_S1_PREFIX + key: value for key, value in weights.items()}
        config = _s1_config(sizes)
    else:
        kept = {key: value for key, value in weights.items() if not key.startswith(_POSTERIOR)}
        config = _s2_config(chosen, wave)
    halves = {key: value.detach().cpu().half() for key, value in kept.items()}
    stream = io.BytesIO()
    torch.save({"weight": halves, "config": config, "info": info}, stream)
    data = stream.getvalue()
    header = _WRITTEN_HEADERS.get(chosen.name, _ZIP) if network == "s2" else _ZIP
    return header + data[2:]


def _s1_config(sizes: TextToSemanticPreset) -> dict[str, Any]:
    return {
        "data": {"max_sec": 54, "pad_val": sizes.end_token},
        "model": {
            "vocab_size": sizes.codes + 1,
            "phoneme_vocab_size": sizes.phones,
            "embedding_dim": sizes.width,
            "hidden_dim": sizes.width,
            "head": sizes.heads,
            "linear_units": sizes.feed_forward,
            "n_layer": sizes.layers,
            "dropout": 0,
            "EOS": sizes.end_token,
            "random_bert": 0,
        },
        "inference": {"top_k": 15},
    }


def _s2_config(chosen: Preset, wave: FlowVocoderPreset) -> dict[str, Any]:
    sizes = chosen.synthesizer
    kernels = list(wave.resblock_kernels)
    return {
        "train": {"segment_size": sizes.segment_frames * chosen.hop},
        "data": {
            "max_wav_value": 32768.0,
            "sampling_rate": chosen.sample_rate_hz,
            "filter_length": chosen.n_fft,
            "hop_length": chosen.hop,
            "win_length": chosen.n_fft,
            "n_mel_channels": chosen.mels,
            "mel_fmin": 0.0,
            "mel_fmax": None,
            "add_blank": True,
            "n_speakers": 300,
            "cleaned_text": True,
        },
        "model": {
            "version": chosen.name,
            "inter_channels": wave.latent,
            "hidden_channels": sizes.hidden,
            "filter_channels": sizes.feed_forward,
            "n_heads": sizes.heads,
            "n_layers": sizes.text_layers,
            "kernel_size": sizes.kernel,
            "p_dropout": sizes.dropout,
            "resblock": "1",
            "resblock_kernel_sizes": kernels,
            "resblock_dilation_sizes": [list(wave.resblock_dilations) for _ in kernels],
            "upsample_rates": list(wave.upsample_rates),
            "upsample_initial_channel": wave.upsample_width,
            "upsample_kernel_sizes": list(wave.upsample_kernels),
            "n_layers_q": 3,
            "use_spectral_norm": False,
            "gin_channels": sizes.timbre,
            "semantic_frame_rate": "25hz",
            "freeze_quantizer": True,
        },
    }
