"""The layout of `mini` at a size that trains in milliseconds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.gpt_sovits import presets
from models.gpt_sovits.presets import MINI_AR, SourceFilterPreset

TINY = replace(
    MINI_AR,
    name="tiny",
    text_to_semantic=replace(
        MINI_AR.text_to_semantic, width=32, heads=2, layers=2, feed_forward=64
    ),
    synthesizer=replace(
        MINI_AR.synthesizer,
        hidden=16,
        feed_forward=32,
        text_layers=1,
        ssl_layers=1,
        fused_layers=1,
        cross_width=16,
        timbre=16,
        reference_hidden=16,
        segment_frames=16,
        wave=SourceFilterPreset(
            acoustic_width=16, acoustic_layers=1, vocoder_width=16, vocoder_layers=1
        ),
    ),
)


def install_tiny_preset(patch: pytest.MonkeyPatch) -> None:
    """Make `tiny` a known preset until `patch` is undone."""
    patch.setattr(presets, "PRESETS", {**presets.PRESETS, "tiny": TINY})
