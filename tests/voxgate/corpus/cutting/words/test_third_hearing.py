"""Which of two texts a third hearing has, among the neighbours of the utterance."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.read_aloud import read_aloud
from tests.fakes.recogniser import FakeRecogniser
from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Utterance
from voxgate.corpus.cutting.words.third_hearing import Dispute, hear_thirdly

TEXTS = ("press one", "enter your number", "thank you")
ALOUD = read_aloud((1.0, TEXTS[0], 2.0), (1.0, TEXTS[1], 2.0), (1.0, TEXTS[2], 2.0))
DISPUTE = Dispute(place=1, first="enter your number", second="add to your number")


def utterances(spans: list[Span] = ALOUD.spans) -> list[Utterance]:
    return [
        Utterance(span=span, language="en", text=text, words=(), spoken="", measures={})
        for span, text in zip(spans, TEXTS, strict=True)
    ]


def sides(tmp_path: Path, ear: FakeRecogniser, *disputes: Dispute) -> list[str | None]:
    cache = ContentCache(tmp_path, "heard")
    return hear_thirdly(
        ALOUD.read, utterances(), disputes, ear, cache, normalise=lambda text: text.lower()
    )


def ear_that_hears(text: str) -> FakeRecogniser:
    ear = FakeRecogniser()
    ear.hears(ALOUD.read(Span(ALOUD.spans[0].start, ALOUD.spans[2].end)), text)
    return ear


@pytest.mark.parametrize(
    ("heard", "side"),
    [
        ("press one enter your number thank you", DISPUTE.first),
        ("press one add to your number thank you", DISPUTE.second),
        ("press one enter to your number thank you", None),
        ("press one end of your number thank you", None),
        ("", None),
    ],
)
def test_the_side_is_that_of_every_word_in_dispute(
    heard: str, side: str | None, tmp_path: Path
) -> None:
    assert sides(tmp_path, ear_that_hears(heard), DISPUTE) == [side]


def test_an_error_in_a_neighbour_counts_for_both_texts(tmp_path: Path) -> None:
    ear = ear_that_hears("press on enter your number thank ewe")

    assert sides(tmp_path, ear, DISPUTE) == [DISPUTE.first]


def test_nobody_is_asked_where_nothing_is_in_dispute(tmp_path: Path) -> None:
    ear = FakeRecogniser()

    assert sides(tmp_path, ear) == []
    assert ear.calls == []


def test_an_utterance_alone_was_heard_alone_already(tmp_path: Path) -> None:
    ear = FakeRecogniser()
    far = [Span.of_seconds(start, start + 2) for start in (1, 10, 20)]

    found = hear_thirdly(
        ALOUD.read,
        utterances(far),
        [DISPUTE],
        ear,
        ContentCache(tmp_path, "heard"),
        normalise=str.lower,
    )

    assert found == [None]
    assert ear.calls == []


def test_a_neighbour_that_does_not_fit_into_a_window_is_left_out(tmp_path: Path) -> None:
    aloud = read_aloud((1.0, TEXTS[0], 13.0), (1.0, TEXTS[1], 13.0), (1.0, TEXTS[2], 13.0))
    ear = FakeRecogniser()
    ear.hears(aloud.read(Span(aloud.spans[0].start, aloud.spans[1].end)), "press one " + TEXTS[1])

    found = hear_thirdly(
        aloud.read,
        utterances(aloud.spans),
        [DISPUTE],
        ear,
        ContentCache(tmp_path, "heard"),
        normalise=str.lower,
    )

    assert found == [DISPUTE.first]
