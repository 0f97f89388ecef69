from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scripts.corpus import hour
from scripts.corpus.clips import Clip
from scripts.corpus.plan import Gap, Sound
from scripts.corpus.room import Room
from scripts.corpus.truth import Kind, read_truth
from voxgate.corpus.cutting.spans import Span


def clip(speaker: str, number: int, *, level: float = 0.1) -> Clip:
    wave = np.random.default_rng(number).standard_normal(24_000) * level
    return Clip(
        speaker=speaker,
        language="en",
        name=f"clip-{number}",
        text=f"number {number}",
        wave=wave.astype(np.float32),
        speech=(Span(1600, 22_400),),
    )


def test_items_lie_where_the_truth_says() -> None:
    first, second = clip("anna", 1), clip("carl", 2)
    wave, events = hour.assemble(
        [Gap(1000), first, Gap(500), Sound(Kind.TONE, 8000), second, Gap(7)], seed=1
    )
    assert [(event.kind, event.span) for event in events] == [
        (Kind.SPEECH, Span(1000, 25_000)),
        (Kind.TONE, Span(25_500, 33_500)),
        (Kind.SPEECH, Span(33_500, 57_500)),
    ]
    assert events[2].speech == (Span(35_100, 55_900),)
    assert wave.size == 57_507
    assert not wave[:1000].any()
    np.testing.assert_array_equal(wave[33_500:57_500], second.wave)
    assert wave[25_500:33_500].any()


@pytest.fixture
def clips(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(language: str, store: Path) -> Sequence[Clip]:
        assert store.name == "debian"
        speaker = "allison" if language == "en" else language
        return [clip(speaker, number) for number in range(40)]

    monkeypatch.setattr(hour, "read_clips", read)


@pytest.mark.usefixtures("clips")
def test_a_recording_is_built_with_its_truth_and_its_facts(tmp_path: Path) -> None:
    work = tmp_path / "hour"
    room = Room(noise_db=20)
    facts = hour.build_hour(work, language="en", minutes=1, seed=3, room=room, lossy="m4a")
    truth = read_truth(work)
    wave, sample_rate_hz = soundfile.read(work / hour.RECORDING)
    assert (wave.size, sample_rate_hz, truth.n_samples) == (960_000, 16_000, 960_000)
    assert (work / "recording.m4a").stat().st_size > 100_000
    assert json.loads((work / "facts.json").read_text()) == facts
    assert (facts["noise_db"], facts["clips"]) == (20, len(truth.wanted))
    spoken = [wave[span.start : span.end] for event in truth.wanted for span in event.speech]
    said = np.concatenate(spoken)
    assert np.sqrt((said**2).mean()) == pytest.approx(0.1, rel=0.1)
    minutes = facts["minutes"]
    assert isinstance(minutes, dict)
    assert minutes["wanted_speech"] == pytest.approx(said.size / 960_000, abs=0.01)


@pytest.mark.usefixtures("clips")
def test_the_same_seed_is_the_same_recording(tmp_path: Path) -> None:
    digests = [
        hour.build_hour(tmp_path, language="en", minutes=0.5, seed=seed, room=Room())["sha256"]
        for seed in (1, 1, 2)
    ]
    assert digests[0] == digests[1] != digests[2]
