"""From a preset to its networks."""

from __future__ import annotations

from models.gpt_sovits.presets import DurationPreset, Preset, SourceFilterPreset
from models.gpt_sovits.s1.duration_text_to_semantic import DurationTextToSemantic
from models.gpt_sovits.s1.text_to_semantic import TextToSemantic
from models.gpt_sovits.s2.flow_synthesizer import FlowSynthesizer
from models.gpt_sovits.s2.mini_synthesizer import MiniSynthesizer

__all__ = ["build_synthesizer", "build_text_to_semantic"]


def build_text_to_semantic(preset: Preset) -> TextToSemantic | DurationTextToSemantic:
    """Build S1 with fresh weights from torch's global generator."""
    if isinstance(preset.text_to_semantic, DurationPreset):
        return DurationTextToSemantic(preset.text_to_semantic)
    return TextToSemantic(preset.text_to_semantic)


def build_synthesizer(preset: Preset) -> MiniSynthesizer | FlowSynthesizer:
    """Build S2 with fresh weights from torch's global generator."""
    if isinstance(preset.synthesizer.wave, SourceFilterPreset):
        return MiniSynthesizer(preset)
    return FlowSynthesizer(preset)
