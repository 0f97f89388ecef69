"""Each span costs one hearing, ever; words are in seconds of the recording."""

import numpy as np
import pytest

from tests.fakes.read_aloud import read_aloud
from tests.fakes.recogniser import FakeRecogniser
from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.words import hearing
from voxgate.corpus.cutting.words.hearing import hear_again, hear_windows
from voxgate.errors import EvaluatorError

ALOUD = read_aloud((0.5, "one two", 2.0), (1.0, "three", 2.0))
FIRST, SECOND = Span(0, 48_000), Span(48_000, 96_000)


@pytest.fixture
def ear():
    recogniser = FakeRecogniser()
    recogniser.hears(ALOUD.read(FIRST), "one two")
    recogniser.hears(ALOUD.read(SECOND), "three")
    return recogniser


@pytest.fixture
def cache(tmp_path):
    return ContentCache(tmp_path, "heard")


def windows(ear, cache, spans=(FIRST, SECOND)):
    return hear_windows(ALOUD.read, spans, ear, cache, islands=ALOUD.spans)


def test_words_are_in_seconds_of_the_recording(ear, cache):
    heard = windows(ear, cache)
    assert [each.transcript.text for each in heard] == ["one two", "three"]
    assert [word.start_s for each in heard for word in each.transcript.words] == [0.0, 1.5, 3.0]


def test_nothing_is_heard_twice(ear, cache):
    assert windows(ear, cache) == windows(ear, cache)
    assert ear.calls == [2]


def test_what_was_heard_before_a_failure_is_kept(ear, cache, monkeypatch):
    monkeypatch.setattr(hearing, "_HANDED_OVER", 8)
    waves = {n: Span(n * 1600, n * 1600 + 16_000 + n * 160) for n in range(10)}
    ear.fails_on(ALOUD.read(waves[9]))
    with pytest.raises(EvaluatorError):
        windows(ear, cache, list(waves.values()))
    ear.failing.clear()
    windows(ear, cache, list(waves.values()))
    assert ear.calls == [8, 2, 2]


def test_a_window_without_an_end_is_heard_in_halves(ear, cache):
    whole = Span(0, 96_000)
    ear.hears(ALOUD.read(whole), "one one one one", capped=True)
    assert [each.span for each in windows(ear, cache, [whole])] == [FIRST, SECOND]


def test_one_island_without_an_end_has_no_words(ear, cache):
    ear.hears(ALOUD.read(FIRST), "one one one one", capped=True)
    (only,) = windows(ear, cache, [FIRST])
    assert only.transcript.capped
    assert only.transcript.words == ()


def test_a_text_is_forced_onto_its_span(ear, cache):
    first, second = hear_again(ALOUD.read, [FIRST, SECOND], ["one too", ""], ear, cache)
    assert first.transcript.text == "one two"
    assert [word.word for word in first.alignment.words] == ["one", "too"]
    assert second.alignment is None
    assert second.transcript.words[0].start_s == 3.0


def test_another_text_is_another_hearing(ear, cache):
    for text in ("one two", "one", "one two"):
        hear_again(ALOUD.read, [FIRST], [text], ear, cache)
    assert ear.calls == [1, 1]


def test_equal_sound_at_another_place_costs_nothing(ear, cache):
    wave = np.tile(ALOUD.read(FIRST), 2)
    spans = [Span(0, 48_000), Span(48_000, 96_000)]
    heard = hear_windows(
        lambda span: wave[span.start : span.end], spans[:1], ear, cache, islands=ALOUD.spans
    )
    again = hear_windows(
        lambda span: wave[span.start : span.end], spans[1:], ear, cache, islands=ALOUD.spans
    )
    assert ear.calls == [1]
    assert again[0].transcript.words[0].start_s == heard[0].transcript.words[0].start_s + 3.0
