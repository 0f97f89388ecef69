"""The layouts of `mini` and of `v2` at sizes that train in milliseconds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from torch import nn

from models.gpt_sovits import presets
from models.gpt_sovits.presets import (
    MINI_AR,
    DurationPreset,
    FlowVocoderPreset,
    SourceFilterPreset,
)

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

TINY_FLOW = replace(
    TINY,
    name="tiny-flow",
    text_to_semantic=replace(TINY.text_to_semantic, dropout=0.0),
    synthesizer=replace(
        TINY.synthesizer,
        segment_frames=8,
        reference_frames=0,
        text_dropout=0.0,
        wave=FlowVocoderPreset(
            latent=8,
            posterior_layers=2,
            flow_layers=1,
            upsample_rates=(10, 8, 4),
            upsample_kernels=(20, 16, 8),
            upsample_width=16,
            resblock_kernels=(3,),
            periods=(2, 3),
            discriminator_width=64,
        ),
    ),
)
"""Nothing in it draws by chance but the noise and windows of its learner: no dropout."""

TINY_DURATIONS = replace(
    TINY,
    name="tiny-durations",
    text_to_semantic=DurationPreset(
        phones=732, codes=512, width=16, feed_forward=32, text_layers=1, frame_layers=1,
        emission_width=16,
    ),
)  # fmt: skip
TINY_PRO = replace(
    TINY_FLOW, name="tiny-pro", synthesizer=replace(TINY_FLOW.synthesizer, speaker_vector=12)
)


def install_tiny_preset(patch: pytest.MonkeyPatch) -> None:
    """Make `tiny` and `tiny-flow` known presets until `patch` is undone."""
    known = {**presets.PRESETS, "tiny": TINY, "tiny-flow": TINY_FLOW}
    patch.setattr(presets, "PRESETS", known)


def without_dropout(patch: pytest.MonkeyPatch) -> None:
    """Let no layer drop anything until `patch` is undone."""
    patch.setattr(nn.Dropout, "forward", lambda _, x: x)
