from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.speakers.speaker_doubts import judge_speaker
from voxgate.corpus.cutting.speakers.turns import Turn
from voxgate.corpus.cutting.speakers.voice_windows import WindowEmbeddings
from voxgate.corpus.cutting.speakers.voices import Voices
from voxgate.params import load_params
from voxgate.params.cut import CutParams

SPEAKER = np.array([1.0, 0.0])
OTHER = np.array([0.6, 0.8])
VOICES = Voices(speaker=SPEAKER, others=OTHER[None], share=0.8)


@pytest.fixture(scope="module")
def cut() -> CutParams:
    return load_params(Path(__file__).resolve().parents[5] / "params.yaml").cut


def windows(*cosines: float) -> WindowEmbeddings:
    """Return a window of 1.6 s every 0.4 s, so like the speaker; .6 and less is the other."""
    angles = np.arccos(np.asarray(cosines))
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    starts_s = 0.4 * np.arange(len(rows))
    spans = tuple(Span.of_seconds(start_s, start_s + 1.6) for start_s in starts_s)
    return WindowEmbeddings(windows=spans, vectors=rows)


def turn(start_s: float, end_s: float, *, is_speaker: bool = True) -> Turn:
    return Turn(span=Span.of_seconds(start_s, end_s), is_speaker=is_speaker, cosine=None)


def test_utterance_of_the_speaker_alone_has_measures_and_no_reason(cut: CutParams) -> None:
    found = judge_speaker(
        Span.of_seconds(0, 3), [turn(0.1, 2.9)], windows(0.95, 0.93, 0.96), VOICES, cut
    )

    assert found.reasons == ()
    assert found.measures["speaker_cosine"] == pytest.approx(0.947, abs=0.005)
    assert found.measures["speaker_margin"] > 0.06


def test_turn_of_another_inside_is_two_speakers_with_its_place(cut: CutParams) -> None:
    turns = [turn(0, 3), turn(3.2, 4.2, is_speaker=False), turn(4.3, 6)]

    found = judge_speaker(Span.of_seconds(1, 6), turns, windows(*[0.95] * 12), VOICES, cut)

    assert [str(why) for why in found.reasons] == [
        "two_speakers: expected the speaker alone, got 1.00 s of another voice from 2.20 s on"
    ]


def test_error_of_a_boundary_is_no_second_speaker(cut: CutParams) -> None:
    turns = [turn(0, 3), turn(3.0, 5, is_speaker=False)]

    found = judge_speaker(Span.of_seconds(0, 3.08), turns, windows(*[0.95] * 5), VOICES, cut)

    assert found.reasons == ()


def test_utterance_of_another_throughout_is_another_voice(cut: CutParams) -> None:
    turns = [turn(0, 3, is_speaker=False)]

    (why,) = judge_speaker(Span.of_seconds(0, 3), turns, windows(0.6, 0.6), VOICES, cut).reasons

    assert why.code == "other_voice"


@pytest.mark.parametrize(
    ("cosines", "arrived"), [((0.65, 0.7, 0.66), "0.67"), ((0.76, 0.77, 0.75), "0.04")]
)
def test_voice_that_is_hardly_the_speakers_is_doubted(
    cosines: tuple[float, ...], arrived: str, cut: CutParams
) -> None:
    alone = replace(VOICES, others=np.zeros((0, 2)))

    (why,) = judge_speaker(
        Span.of_seconds(0, 3), [turn(0, 3)], windows(*cosines), alone, cut
    ).reasons

    assert (why.code, why.arrived) == ("other_voice", arrived)


def test_moment_between_two_voices_is_cross_talk(cut: CutParams) -> None:
    found = judge_speaker(
        Span.of_seconds(0, 4), [turn(0, 4)], windows(0.96, 0.95, 0.7, 0.96, 0.97), VOICES, cut
    )

    (why,) = found.reasons
    assert why.code == "cross_talk"
    assert "from 0.8 to 2.4 s" in why.arrived


def test_speaker_who_is_not_surely_the_enrolled_one_is_doubted(cut: CutParams) -> None:
    unsure = replace(VOICES, likeness=0.75)

    (why,) = judge_speaker(
        Span.of_seconds(0, 3), [turn(0, 3)], windows(0.95, 0.96), unsure, cut
    ).reasons

    assert (why.code, why.arrived) == ("other_voice", "0.75 in this recording")


def test_utterance_without_a_window_has_no_measure(cut: CutParams) -> None:
    found = judge_speaker(Span.of_seconds(9, 9.5), [turn(9, 9.5)], windows(0.9), VOICES, cut)

    assert (found.reasons, found.measures) == ((), {})
