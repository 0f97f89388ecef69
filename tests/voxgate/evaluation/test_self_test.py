from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fakes.evaluation_workspace import noise
from tests.fakes.normaliser import LOWER
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.speaker_encoder import FakeSpeakerEncoder
from voxgate.evaluation.known_clips import KnownClip
from voxgate.evaluation.protocol import Instruments
from voxgate.evaluation.self_test import SelfTestBounds, equal_error_rate, run_self_test

BOUNDS = SelfTestBounds(
    max_known_wer=0.15, min_wrong_wer=0.7, max_equal_error_rate=0.05, min_separation=0.1
)
SENTENCES = ("the sea is calm", "nobody rang today", "green doors close slowly")


@pytest.fixture
def clips() -> list[KnownClip]:
    return [
        KnownClip(
            voice=f"voice {voice}",
            text=SENTENCES[(voice + clip) % 3],
            sha256=f"{voice}{clip}",
            wave=noise(10 * voice + clip),
        )
        for voice in range(4)
        for clip in range(3)
    ]


@pytest.fixture
def instruments(clips: list[KnownClip]) -> Instruments:
    recogniser, encoder = FakeRecogniser(), FakeSpeakerEncoder()
    for clip in clips:
        recogniser.hears(clip.wave, clip.text)
        encoder.speaks(clip.wave, clip.voice)
    return Instruments(
        transcriber=recogniser,
        encoder=encoder,
        normaliser=LOWER,
        published=LOWER,
        quality=FakeQualityPredictor(),
        batch_size=3,
    )


def failed(instruments: Instruments, clips: list[KnownClip]) -> list[str]:
    result = run_self_test(instruments, clips, bounds=BOUNDS)
    assert result.passed is not any(not check.passed for check in result.checks)
    return [check.code for check in result.checks if not check.passed]


def test_sound_instruments_pass(instruments: Instruments, clips: list[KnownClip]) -> None:
    assert failed(instruments, clips) == []


def test_a_deaf_recogniser_fails(instruments: Instruments, clips: list[KnownClip]) -> None:
    assert failed(replace(instruments, transcriber=FakeRecogniser()), clips) == [
        "known_transcripts_wer"
    ]


def test_a_recogniser_that_always_says_the_same_fails(
    instruments: Instruments, clips: list[KnownClip]
) -> None:
    parrot = FakeRecogniser(default_text="the sea is calm")
    assert "known_transcripts_wer" in failed(replace(instruments, transcriber=parrot), clips)


def test_a_normaliser_that_deletes_every_difference_fails(
    instruments: Instruments, clips: list[KnownClip]
) -> None:
    vague = replace(instruments, normaliser=lambda text: "word" if text else "")
    assert "wrong_transcripts_wer" in failed(vague, clips)


def test_a_crashing_recogniser_fails_with_its_message(
    instruments: Instruments, clips: list[KnownClip]
) -> None:
    recogniser = instruments.transcriber
    assert isinstance(recogniser, FakeRecogniser)
    recogniser.fails_on(clips[0].wave)
    result = run_self_test(instruments, clips, bounds=BOUNDS)
    assert not result.passed
    assert result.checks[0].measured is None
    assert "EvaluatorError" in result.checks[0].message


class RandomEncoder(FakeSpeakerEncoder):
    """Like an untrained network: every pair is almost the same."""

    def embed(self, waves):  # type: ignore[no-untyped-def]
        rows = np.ones((len(waves), 64)) + 0.01 * super().embed(waves)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


class BrokenEncoder(FakeSpeakerEncoder):
    def embed(self, waves):  # type: ignore[no-untyped-def]
        return np.full((len(waves), 64), np.nan, np.float32)


def test_an_untrained_encoder_fails(instruments: Instruments, clips: list[KnownClip]) -> None:
    encoder = RandomEncoder()
    for clip in clips:
        encoder.speaks(clip.wave, clip.voice)
    assert "speaker_separation" in failed(replace(instruments, encoder=encoder), clips)


def test_an_encoder_that_confuses_speakers_fails(
    instruments: Instruments, clips: list[KnownClip]
) -> None:
    encoder = FakeSpeakerEncoder()
    assert "speaker_equal_error_rate" in failed(replace(instruments, encoder=encoder), clips)


def test_an_encoder_that_returns_nan_fails(
    instruments: Instruments, clips: list[KnownClip]
) -> None:
    assert failed(replace(instruments, encoder=BrokenEncoder()), clips) == [
        "speaker_equal_error_rate",
        "speaker_separation",
    ]


@pytest.mark.parametrize(
    ("same", "different", "rate"),
    [
        ([0.8, 0.9], [0.1, 0.2], 0.0),
        ([0.1, 0.2], [0.8, 0.9], 1.0),
        ([0.2, 0.6, 0.8, 0.9], [0.1, 0.15, 0.18, 0.7], 0.25),
    ],
)
def test_equal_error_rate_of_known_scores(
    same: list[float], different: list[float], rate: float
) -> None:
    assert equal_error_rate(same, different) == pytest.approx(rate)
