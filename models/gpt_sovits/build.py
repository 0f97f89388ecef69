"""From a preset to its networks: the one place that picks their classes."""

from __future__ import annotations

from models.gpt_sovits.presets import DurationPreset, Preset
from models.gpt_sovits.s1.duration_text_to_semantic import DurationTextToSemantic
from models.gpt_sovits.s1.text_to_semantic import TextToSemantic
from models.gpt_sovits.s1.token_model import TokenNetwork
from models.gpt_sovits.s2.flow_synthesizer import FlowSynthesizer
from models.gpt_sovits.s2.mini_synthesizer import MiniSynthesizer
from models.gpt_sovits.s2.synthesizer import Synthesizer

__all__ = ["build_synthesizer", "build_text_to_semantic"]


def build_text_to_semantic(preset: Preset, *, legacy_padding: bool = False) -> TokenNetwork:
    """Build S1 with fresh weights from torch's global generator.

    For `legacy_padding` see TextToSemantic; an S1 of durations has no use for it.
    """
    if isinstance(preset.text_to_semantic, DurationPreset):
        return DurationTextToSemantic(preset.text_to_semantic)
    return TextToSemantic(preset.text_to_semantic, legacy_padding=legacy_padding)


def build_synthesizer(preset: Preset) -> Synthesizer:
    """Build S2 with fresh weights from torch's global generator."""
    return FlowSynthesizer(preset) if preset.has_flow else MiniSynthesizer(preset)
