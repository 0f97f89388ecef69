"""Real voices of tiny sizes in worker processes, which do not see what a test has patched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from models.gpt_sovits import presets
from models.gpt_sovits.presets import Preset
from tests.fakes.tiny_preset import TINY, TINY_DURATIONS
from voxgate.serving.requests import PackagedVoice
from voxgate.speaking import GptSovitsVoice, load_voice
from voxgate.voice.card import card_digest

LOADER = "tests.fakes.tiny_served_voice:load"


def load(folder: Path, *, threads: int, precision: Any) -> GptSovitsVoice:
    """Load a voice whose preset only tests know; says what the process is like."""
    presets.PRESETS = {**presets.PRESETS, **{one.name: one for one in (TINY, TINY_DURATIONS)}}
    own = {name: os.environ[name] for name in ("OMP_NUM_THREADS", "OMP_WAIT_POLICY")}
    assert own == {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    assert torch.get_num_threads() == 1
    return load_voice(folder, threads=threads, precision=precision)


def write_tiny(folder: Path, preset: Preset, *, speaker_id: str = "ann") -> PackagedVoice:
    """Write a voice package with random weights; another speaker has another reference."""
    from models.gpt_sovits.build import build_synthesizer, build_text_to_semantic
    from tests.fakes.voice_package import CARD
    from tests.models.gpt_sovits import golden
    from voxgate.voice.package import VoiceFiles, write_voice

    torch.manual_seed(sum(speaker_id.encode()))
    text_to_semantic = build_text_to_semantic(preset)
    golden.fill(text_to_semantic)
    files = VoiceFiles(
        s1=text_to_semantic.state_dict(),
        s2=build_synthesizer(preset).state_dict(),
        reference_tokens=torch.arange(40),
        reference_spectrogram=torch.rand(preset.spectrogram_bins, 80),
    )
    card = CARD.model_copy(update={"preset": preset.name, "speaker_id": speaker_id})
    write_voice(folder, card, files)
    return PackagedVoice(folder=folder, digest=card_digest(folder))
