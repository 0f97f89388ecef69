from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from models.gpt_sovits.build import build_text_to_semantic
from models.gpt_sovits.s1.duration_text_to_semantic import DurationTextToSemantic
from tests.fakes.speech import buzz
from tests.fakes.speech_tokenizer import LoudnessTokenizer
from tests.fakes.tiny_preset import TINY_DURATIONS
from voxgate.adapters.base_voice.aligner import EmissionAligner, load_emissions
from voxgate.audio.silence import find_sound
from voxgate.errors import WeightsError
from voxgate.files import digest_file
from voxgate.params import load_params
from voxgate.settings import Settings
from voxgate.text.front_ends import open_front_end
from voxgate.types import EvaluatorIdentity, Wave

ROOT = Path(__file__).resolve().parents[4]
SPEAKERS = ROOT / "benchmark" / "speakers"


@pytest.fixture(scope="module")
def tiny() -> EmissionAligner:
    """Return an aligner whose S1 has learnt nothing."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        network = build_text_to_semantic(TINY_DURATIONS)
    assert isinstance(network, DurationTextToSemantic)
    return EmissionAligner(
        network=network.eval(),
        tokenizer=LoudnessTokenizer(),
        front_end=open_front_end("en"),
        identity=EvaluatorIdentity(name="tiny", weights_sha256="0" * 64),
    )


def test_words_share_the_time_between_the_silences(tiny: EmissionAligner) -> None:
    wave = buzz([110, 160, 230])

    (placed,) = tiny.align([wave], ["one two three"])

    assert placed is not None
    ends = [word.end_s for word in placed.words]
    assert [word.start_s for word in placed.words[1:]] == ends[:-1]
    assert placed.words[0].start_s >= 0.02
    assert ends[-1] <= len(wave) / 16_000 - 0.02


def test_text_of_more_phones_than_frames_cannot_be_placed(tiny: EmissionAligner) -> None:
    (placed,) = tiny.align([buzz([110], word_s=0.3)], ["far too many words for so little time"])

    assert placed is None


def test_other_weights_than_the_pinned_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "s1.safetensors"
    path.write_bytes(b"other")

    with pytest.raises(WeightsError, match="expected the file of sha256 ffff"):
        load_emissions(path, sha256="f" * 64, preset_name="mini")
    with pytest.raises(WeightsError, match="restore it from git"):
        load_emissions(tmp_path / "none", sha256="f" * 64, preset_name="mini")


def test_s1_that_does_not_know_durations_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s1.safetensors"
    path.write_bytes(b"weights")

    with pytest.raises(WeightsError, match="null for no second aligner"):
        load_emissions(path, sha256=digest_file(path), preset_name="mini-ar")


@pytest.mark.slow
@pytest.mark.assets
def test_base_voice_places_speech_and_tells_the_text_of_another_clip(
    asset: Callable[[str], Path],
) -> None:
    from voxgate.wiring.aligners import build_aligner

    aligner = build_aligner(
        load_params(ROOT / "params.yaml"),
        Settings(assets_dir=asset("whisper-tiny.en").parent),
        language="en",
        base_dir=ROOT / "base",
    )
    assert aligner is not None
    lines = (SPEAKERS / "index.jsonl").read_text(encoding="utf-8").splitlines()[::12]
    entries = [json.loads(line) for line in lines]
    waves: list[Wave] = [soundfile.read(SPEAKERS / e["file"], dtype="float32")[0] for e in entries]
    texts = [str(entry["text"]) for entry in entries]

    own = aligner.align(waves, texts)
    others = aligner.align(waves, [*texts[1:], texts[0]])

    errors_s = []
    for wave, right, wrong in zip(waves, own, others, strict=True):
        assert right is not None
        assert wrong is None or wrong.mean_log_probability < right.mean_log_probability - 1
        sound = find_sound(wave, 16_000)
        errors_s += [
            abs(right.words[0].start_s - sound.start / 16_000),
            abs(right.words[-1].end_s - sound.end / 16_000),
        ]
    assert np.median(errors_s) < 0.1  # one of the voices whispers, and ends in breath
