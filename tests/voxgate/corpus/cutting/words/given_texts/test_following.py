"""Given words take the times of the heard ones; the transcript of another file is refused."""

import random

import pytest

from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.words.given_texts.following import follow, words_not_given
from voxgate.corpus.cutting.words.given_texts.lines import GivenLine, GivenTranscript
from voxgate.errors import TranscriptError
from voxgate.types import WordTiming

ALL = (Span(0, 1_600_000),)


def given(*lines, end_s=None):
    return GivenTranscript(
        name="chapter.txt",
        format="plain",
        lines=tuple(
            GivenLine(number=n, text=text, start_s=0.0, end_s=end_s) for n, text in enumerate(lines)
        ),
    )


def heard(text, step_s=1.0, start_s=0.0):
    return [
        WordTiming(
            word=word,
            start_s=start_s + n * step_s,
            end_s=start_s + (n + 1) * step_s,
            probability=0.9,
        )
        for n, word in enumerate(text.split())
    ]


def followed(transcript, words, islands=ALL, duration_s=100.0):
    laid = follow(transcript, words, islands=islands, duration_s=duration_s)
    return [(word.word, word.start_s, word.end_s) for word in laid]


def test_given_words_replace_heard_ones_where_they_agree():
    laid = followed(given("“Press one,", "now!”"), heard("press one now"))
    assert laid == [("“Press", 0.0, 1.0), ("one,", 1.0, 2.0), ("now!”", 2.0, 3.0)]


def test_a_word_that_was_misheard_is_given_its_place():
    laid = followed(given("Call Digium now please"), heard("call did you now please"))
    assert [word for word, *_ in laid] == ["Call", "Digium", "now", "please"]


def test_a_mark_alone_belongs_to_the_word_before_it():
    assert [word for word, *_ in followed(given("now – please"), heard("now please"))] == [
        "now –",
        "please",
    ]


def test_words_that_nobody_gave_stay():
    assert [word for word, *_ in followed(given("press now"), heard("press um now"))] == [
        "press",
        "um",
        "now",
    ]


def test_words_that_nobody_heard_are_there_if_enough_is_spoken():
    words = [*heard("press one"), *heard("now please", start_s=4.0)]
    transcript = given("press one two three now please")
    spoken = [Span.of_seconds(0, 6)]
    laid = followed(transcript, words, spoken)
    assert [word for word, *_ in laid] == ["press", "one", "two", "three", "now", "please"]
    assert (laid[2][1], laid[3][2]) == (2.0, 4.0)
    silent = [Span.of_seconds(0, 2), Span.of_seconds(4, 6)]
    assert [
        word for word, *_ in followed(transcript, words, silent)
    ] == "press one now please".split()


def test_a_recording_of_a_part_of_the_chapter_is_followed():
    chapter = given(*(f"word{n}a word{n}b word{n}c" for n in range(200)))
    part = heard(" ".join(chapter.words[240:300]), start_s=1.0, step_s=0.3)
    laid = followed(chapter, part, [Span.of_seconds(1, 19)])
    assert [word for word, *_ in laid] == chapter.words[240:300]


def test_the_transcript_of_another_recording_is_refused_with_figures():
    common = random.Random(1).choices("the of and a to in is you that it".split(), k=60)
    words = heard(" ".join(x for n, w in enumerate(common) for x in (w, f"mine{n}")))
    other = random.Random(2).choices("the of and a to in is you that it".split(), k=60)
    transcript = given(" ".join(x for n, w in enumerate(other) for x in (w, f"other{n}")))
    with pytest.raises(TranscriptError, match=r"of 120 given words among 120 heard ones \(\d+%\)"):
        followed(transcript, words)


def test_times_beyond_the_recording_are_refused():
    with pytest.raises(TranscriptError, match=r"inside the recording's 10.0 s, got 99.0 s"):
        followed(given("press one", end_s=99.0), heard("press one"), duration_s=10.0)


def test_a_transcript_of_silence_is_refused():
    with pytest.raises(TranscriptError, match="0 of 2 given words among 0 heard"):
        followed(given("press one"), [])


def test_words_of_each_text_that_were_not_given_are_named():
    missing = words_not_given(
        given("Press one now. Good-bye."), ["Press um one", "now Goodbye then"]
    )
    assert missing == [["um"], ["then"]]


def test_characters_are_words_where_there_are_no_spaces():
    laid = followed(given("《今天》天气好。"), heard("今天 天 气 好", step_s=2.0))
    assert laid == [
        ("《今", 0.0, 1.0),
        ("天》", 1.0, 2.0),
        ("天", 2.0, 4.0),
        ("气", 4.0, 6.0),
        ("好。", 6.0, 8.0),
    ]


def test_what_was_misheard_in_chinese_is_given_its_place():
    laid = followed(given("我去银行取钱。"), heard("我 去 银 杏 取 钱"))
    assert "".join(word for word, *_ in laid) == "我去银行取钱。"
    assert words_not_given(given("我去银行。"), ["我去银行取钱。"]) == [["取", "钱。"]]
