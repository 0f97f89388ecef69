"""The layouts of `v2` and `v2Pro` at a size that speaks in milliseconds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.gpt_sovits import presets
from models.gpt_sovits.presets import V2, V2PRO, FlowVocoderPreset, Preset, TextToSemanticPreset

_S1 = TextToSemanticPreset(
    phones=732, codes=1024, bert_channels=0, width=32, heads=2, layers=2, feed_forward=64
)
_WAVE = FlowVocoderPreset(
    latent=16,
    posterior_layers=1,
    flow_layers=4,
    upsample_width=32,
    resblock_kernels=(3, 7),
)


def _tiny(full: Preset, name: str, *, timbre: int, speaker_vector: int) -> Preset:
    return replace(
        full,
        name=name,
        text_to_semantic=_S1,
        synthesizer=replace(
            full.synthesizer,
            ssl_channels=32,
            hidden=16,
            feed_forward=32,
            text_layers=1,
            ssl_layers=1,
            fused_layers=1,
            cross_width=16,
            timbre=timbre,
            speaker_vector=speaker_vector,
            reference_hidden=16,
            dropout=0.0,
            wave=_WAVE,
        ),
    )


TINY_V2 = _tiny(V2, "tiny-v2", timbre=16, speaker_vector=0)
TINY_V2PRO = _tiny(V2PRO, "tiny-v2Pro", timbre=24, speaker_vector=12)


def install_tiny_v2(patch: pytest.MonkeyPatch) -> None:
    """Make both known presets until `patch` is undone."""
    tiny = {each.name: each for each in (TINY_V2, TINY_V2PRO)}
    patch.setattr(presets, "PRESETS", {**presets.PRESETS, **tiny})
