"""A voice package that truly speaks English: the shipped base, after one known recording."""

from __future__ import annotations

from pathlib import Path

import soundfile
import torch

from models.gpt_sovits.presets import preset
from models.gpt_sovits.s2.spectrogram import LinearSpectrogram
from tests.fakes.voice_package import CARD
from voxgate.params import load_params
from voxgate.training.fit.learner_state import network_state
from voxgate.training.networks import base_digest, start_networks
from voxgate.voice.card import card_digest
from voxgate.voice.package import VoiceFiles, write_voice

ROOT = Path(__file__).resolve().parents[2]
RECORDING = ROOT / "benchmark" / "speakers" / "bf_emma-1.flac"


def write_base_voice(folder: Path, *, recording: Path = RECORDING, scope: str = "internal") -> str:
    """Write the package, without a prompt; returns the digest of its card."""
    params = load_params(ROOT / "params.yaml")
    mini = preset("mini")
    networks = start_networks(mini, params, ROOT / "base")
    wave, rate = soundfile.read(recording, dtype="float32")
    assert rate == mini.sample_rate_hz
    spectrogram = LinearSpectrogram(mini.n_fft, mini.hop)(torch.from_numpy(wave)[None])[0]
    assert params.train.base is not None
    card = CARD.model_copy(
        update={
            "preset": "mini",
            "speaker_id": recording.stem,
            "consent_scope": scope,
            "tokenizer_sha256": params.featurize.tokenizer_sha256,
            "base": base_digest(params.train.base),
            "generation": CARD.generation.model_copy(
                update={"phones_per_second": 10.0, "max_length_ratio": 2.0, "prompted": False}
            ),
        }
    )
    files = VoiceFiles(
        s1=network_state(networks.text_to_semantic),
        s2=network_state(networks.synthesizer),
        reference_tokens=torch.arange(40),
        reference_spectrogram=spectrogram[:, :400],
    )
    write_voice(folder, card, files)
    return card_digest(folder)
