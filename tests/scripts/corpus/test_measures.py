from __future__ import annotations

import json

import pytest

from scripts.corpus.cuts import Cut
from scripts.corpus.measures import Score, score_cuts
from scripts.corpus.truth import Event, Kind, Truth
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Status

S = 16_000


def speech(start_s: float, end_s: float, text: str, speaker: str = "anna") -> Event:
    span = Span(round(start_s * S), round(end_s * S))
    return Event(kind=Kind.SPEECH, span=span, speech=(span,), speaker=speaker, text=text)


TRUTH = Truth(
    speaker="anna",
    language="en",
    n_samples=20 * S,
    events=(
        speech(1, 3, "one two"),
        speech(4, 6, "ciao bella", "carlo"),
        speech(7, 9, "three four"),
        Event(kind=Kind.MUSIC, span=Span(10 * S, 12 * S)),
        speech(13, 14, "five"),
        speech(15, 16, "six"),
    ),
)


def cut(
    start_s: float, end_s: float, status: Status, text: str | None = None, *reasons: str
) -> Cut:
    span = Span(round(start_s * S), round(end_s * S))
    return Cut(span=span, status=status, text=text, reasons=reasons)


def score(*cuts: Cut) -> Score:
    return score_cuts(TRUTH, cuts, str.split, room_s=0)


IMPORT = (
    cut(0, 1, Status.SILENCE),
    cut(1, 3, Status.KEPT, "one two"),
    cut(3, 6.5, Status.OTHER_SPEAKER),
    cut(6.5, 10, Status.DOUBTFUL, "three for", "passes_differ", "low_probability"),
    cut(10, 12.5, Status.REJECTED, None, "music"),
    cut(12.5, 14.5, Status.REJECTED, None, "hum"),
    cut(14.5, 20, Status.SILENCE),
)


def test_every_second_of_speech_is_somewhere() -> None:
    found = score(*IMPORT)
    assert found.speech_s == {"kept": 2, "doubtful": 2, "rejected": 1, "silence": 1}
    assert (found.kept_share, found.text_share) == (pytest.approx(2 / 6), pytest.approx(4 / 6))
    assert found.lost == {"rejected: hum": 1, "silence": 1}
    assert found.doubts == {"passes_differ": 2, "low_probability": 2}
    assert found.seconds == {
        "kept": 2,
        "doubtful": 3.5,
        "rejected": 4.5,
        "silence": 6.5,
        "other_speaker": 3.5,
    }
    assert (found.kept, found.doubtful) == (1, 1)


def test_kept_texts_are_judged_beside_everything_that_was_heard() -> None:
    found = score(*IMPORT)
    assert (found.wer_kept.rate, found.wer_everything.rate) == (0, pytest.approx(1 / 4))
    assert (found.words_lost, found.words_all) == (2, 6)


def test_somebody_else_in_a_kept_cut_is_counted_in_seconds_and_in_words() -> None:
    found = score(cut(1, 5, Status.KEPT, "one two ciao"), cut(5, 6, Status.KEPT, "bella"))
    assert found.wrong_speaker_kept_s == 2
    assert found.wrong_speaker_share == pytest.approx(2 / 5)
    assert found.wer_kept.rate == pytest.approx(2 / 2)
    assert found.wer_speaker.rate == pytest.approx(1 / 2)
    assert found.edges.edges == 2
    assert found.speech_s == {"kept": 2, "nowhere": 4}


def test_sounds_that_are_kept_are_counted() -> None:
    assert score(cut(9, 11, Status.KEPT, "la la")).sounds_kept_s == 1


def test_nothing_kept_has_no_rate() -> None:
    found = score(cut(0, 20, Status.SILENCE))
    assert (found.wer_kept.rate, found.wrong_speaker_share, found.edges.edges) == (None, 0, 0)


def test_figures_are_json() -> None:
    document = json.loads(json.dumps(score(*IMPORT).as_json()))
    assert document["wer_everything"] == {"errors": 1, "words": 4, "rate": 0.25}
    assert document["kept_share"] == pytest.approx(2 / 6)
