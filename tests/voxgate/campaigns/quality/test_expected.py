from __future__ import annotations

import pytest

from voxgate.campaigns.quality.expected import Segment, SentenceKind, expect_sentence
from voxgate.errors import TextError
from voxgate.text.front_ends import open_front_end

FRONT_END = open_front_end("en")


def marked(*pieces: str | tuple[str, str]) -> list[tuple[str, str | None]]:
    segments = [
        Segment(text=piece) if isinstance(piece, str) else Segment(text=piece[0], slot=piece[1])
        for piece in pieces
    ]
    return [(word.word, word.slot) for word in expect_sentence(segments, FRONT_END).words]


def test_the_words_of_a_slot_are_marked_and_marks_are_left_out() -> None:
    assert marked("Hello ", ("Wendy", "name"), ", welcome.") == [
        ("Hello", None),
        ("Wendy", "name"),
        ("welcome", None),
    ]


def test_a_value_that_becomes_several_words_is_marked_as_a_whole() -> None:
    words = marked("It is due on ", ("March 3rd", "date"), " at ", ("4:30", "time"), ".")
    assert [word for word in words if word[1] is not None] == [
        ("March", "date"),
        ("third", "date"),
        ("four", "time"),
        ("thirty", "time"),
    ]


def test_an_amount_is_marked_with_the_words_that_its_sign_becomes() -> None:
    words = marked("The amount is ", ("$45.50", "money"), " today.")
    assert [word for word, slot in words if slot == "money"] == [
        "forty-five",
        "dollars",
        "and",
        "fifty",
        "cents",
    ]
    assert words[-1] == ("today", None)


def test_equal_letters_in_the_frame_are_not_taken_for_the_slot() -> None:
    assert marked("Wendy said hello to ", ("Wendy", "name"), ".") == [
        ("Wendy", None),
        ("said", None),
        ("hello", None),
        ("to", None),
        ("Wendy", "name"),
    ]


def test_a_sentence_is_as_hard_as_its_hardest_slot() -> None:
    def kind(*segments: Segment) -> SentenceKind:
        return expect_sentence(segments, FRONT_END).kind

    name, day = Segment(text="Anna ", slot="name"), Segment(text="May 1st", slot="date")
    assert kind(Segment(text="Hello.")) is SentenceKind.FRAME
    assert kind(Segment(text="On "), day) is SentenceKind.VALUE
    assert kind(name, Segment(text="on "), day) is SentenceKind.NAME


def test_an_unknown_slot_is_refused_by_name() -> None:
    with pytest.raises(TextError, match="no slot of kind 'colour'; there are date, money"):
        marked("The ", ("red", "colour"), " one.")


def test_a_sentence_without_words_is_refused() -> None:
    with pytest.raises(TextError, match="nothing to speak"):
        marked("...")
