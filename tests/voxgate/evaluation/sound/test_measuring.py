from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.normaliser import LOWER
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.speaker_encoder import FakeSpeakerEncoder
from tests.fakes.syllables import hiss, say
from voxgate.evaluation.measurements import Caches, Unmeasured, open_caches
from voxgate.evaluation.protocol import Instruments
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.evaluation.sound.measuring import SILENT_SOUND, Sound, measure_sounds
from voxgate.evaluation.speaker_similarity import build_centroid
from voxgate.types import Transcript, Wave, WordTiming

SAID = say([150.0 + 3 * number for number in range(16)])
CLIPS = [hiss(2.0, 0.1, seed=number) for number in range(5)]


def transcript(words: Sequence[WordTiming], text: str = "bla " * 16) -> Transcript:
    return Transcript(
        text=text,
        language="en",
        language_probability=1.0,
        mean_log_probability=-0.1,
        no_speech_probability=0.0,
        words=tuple(words),
    )


@pytest.fixture
def caches(tmp_path: Path) -> Caches:
    return open_caches(tmp_path, voice_code="v", instrument_code="i")


@pytest.fixture
def instruments() -> Instruments:
    encoder = FakeSpeakerEncoder()
    for clip in CLIPS:
        encoder.speaks(clip, "she")
    return Instruments(
        transcriber=FakeRecogniser(),
        encoder=encoder,
        normaliser=LOWER,
        published=LOWER,
        quality=FakeQualityPredictor(),
        batch_size=4,
    )


def measure(
    instruments: Instruments, caches: Caches, wave: Wave, words: Sequence[WordTiming]
) -> Sound | Unmeasured:
    centroid = build_centroid(instruments.encoder.embed(CLIPS), list("abcde"))
    (found,) = measure_sounds(instruments, centroid, [wave], [transcript(words)], caches=caches)
    return found


def test_every_measure_of_the_catalogue_is_there_and_rounded(
    instruments: Instruments, caches: Caches
) -> None:
    found = measure(instruments, caches, SAID.wave, SAID.words)
    assert not isinstance(found, Unmeasured)
    assert sorted(found) == sorted(MEASURES) == sorted(SILENT_SOUND)
    assert all(value == round(value or 0.0, 4) for value in found.values())


def test_the_last_bits_of_the_samples_change_no_figure(
    instruments: Instruments, caches: Caches
) -> None:
    instruments.encoder.speaks(SAID.wave, "she")  # type: ignore[attr-defined]
    found = measure(instruments, caches, SAID.wave, SAID.words)
    nudged = np.nextafter(SAID.wave, np.float32(1))
    other = measure(instruments, caches, nudged, SAID.words)
    assert not isinstance(found, Unmeasured)
    assert not isinstance(other, Unmeasured)
    assert {**found, "similarity_low": 0} == {**other, "similarity_low": 0}


def test_a_stranger_in_one_part_is_the_lowest_window(
    instruments: Instruments, caches: Caches
) -> None:
    half = len(SAID.wave) // 2
    instruments.encoder.speaks(SAID.wave[:half], "she")  # type: ignore[attr-defined]
    found = measure(instruments, caches, SAID.wave, SAID.words)
    assert not isinstance(found, Unmeasured)
    assert found["similarity_low"] is not None
    assert found["similarity_low"] < 0.4
    instruments.encoder.speaks(SAID.wave, "she")  # type: ignore[attr-defined]
    clear = open_caches(caches.vectors.folder / "anew", voice_code="v", instrument_code="i")
    same = measure(instruments, clear, SAID.wave, SAID.words)
    assert not isinstance(same, Unmeasured)
    assert same["similarity_low"] is not None
    assert same["similarity_low"] > 0.8


def test_where_nothing_was_heard_the_timed_figures_are_none_and_the_others_are_not(
    instruments: Instruments, caches: Caches
) -> None:
    found = measure(instruments, caches, hiss(3.0, 0.1), ())
    assert not isinstance(found, Unmeasured)
    missing = {name for name, value in found.items() if value is None}
    assert missing == {
        "head_s", "tail_s", "pause_s", "outside_db", "background_db", "pace", "pitch_range_st",
    }  # fmt: skip


def test_a_predictor_that_fails_leaves_the_sample_unmeasured_and_asks_once_otherwise(
    instruments: Instruments, caches: Caches
) -> None:
    predictor = instruments.quality
    assert isinstance(predictor, FakeQualityPredictor)
    predictor.fails_on(SAID.wave)
    found = measure(instruments, caches, SAID.wave, SAID.words)
    assert isinstance(found, Unmeasured)
    assert "scripted failure" in found.fault
    predictor.failing.clear()
    predictor.marks(SAID.wave, overall=2.5, background=1.25)
    predictor.calls.clear()
    for _ in range(2):
        found = measure(instruments, caches, SAID.wave, SAID.words)
        assert not isinstance(found, Unmeasured)
        assert (found["quality"], found["quality_noise"]) == (2.5, 1.25)
    assert predictor.calls == [1]
