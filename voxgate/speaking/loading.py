"""Read a voice's two networks and bring them into the form in which they speak fastest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import safetensors.torch
from torch import nn

from models.gpt_sovits.build import build_synthesizer, build_text_to_semantic
from models.gpt_sovits.presets import Preset
from models.gpt_sovits.s1.duration_text_to_semantic import DurationTextToSemantic
from models.gpt_sovits.s1.linear_forms import Precision
from models.gpt_sovits.s1.speaking_transformer import prepare_to_speak
from models.gpt_sovits.s1.text_to_semantic import TextToSemantic
from models.gpt_sovits.s2.flow_synthesizer import FlowSynthesizer
from models.gpt_sovits.s2.mini_synthesizer import MiniSynthesizer
from models.gpt_sovits.weight_norm import fold_weight_norm
from voxgate.errors import VoiceError

__all__ = ["Networks", "load_networks"]


@dataclass(frozen=True, kw_only=True)
class Networks:
    """Both networks, in evaluation mode; they cannot be trained any more."""

    text_to_semantic: TextToSemantic | DurationTextToSemantic
    synthesizer: MiniSynthesizer | FlowSynthesizer


def load_networks(folder: Path, preset: Preset, *, precision: Precision, device: str) -> Networks:
    """Load the weights of a voice package whose digests were verified before.

    Raises:
        VoiceError: they do not fit the preset, or the device cannot do the precision.
    """
    text_to_semantic = _loaded(build_text_to_semantic(preset), folder / "s1.safetensors", device)
    try:
        _prepare(text_to_semantic, precision)
    except ValueError as error:
        raise VoiceError(f"{folder}: {error}") from error
    synthesizer = _loaded(build_synthesizer(preset), folder / "s2.safetensors", device)
    fold_weight_norm(synthesizer)
    return Networks(text_to_semantic=text_to_semantic, synthesizer=synthesizer)


def _prepare(
    text_to_semantic: TextToSemantic | DurationTextToSemantic, precision: Precision
) -> None:
    if isinstance(text_to_semantic, TextToSemantic):
        prepare_to_speak(text_to_semantic, precision)
    elif precision != "float32":
        raise ValueError(
            f"precision {precision!r}: an S1 of durations speaks all tokens at once, at float32"
        )


_Network = TypeVar("_Network", bound=nn.Module)


def _loaded(network: _Network, path: Path, device: str) -> _Network:
    try:
        # load_state_dict copies into the float32 parameters, whatever the file's precision
        network.load_state_dict(safetensors.torch.load_file(path), strict=True)
    except RuntimeError as error:
        raise VoiceError(f"{path} does not fit its preset: {error}") from error
    return network.to(device).eval()
