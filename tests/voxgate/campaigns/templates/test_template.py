"""Filling a template, and what names it."""

from __future__ import annotations

import pytest

from voxgate.campaigns.templates.parsing import parse_template
from voxgate.campaigns.templates.slots import SlotKind, SlotValue
from voxgate.campaigns.templates.template import (
    FilledSentence,
    FilledSlot,
    SentencePattern,
    SlotName,
    shared_slots,
)
from voxgate.errors import TemplateError
from voxgate.text.front_end import FrontEnd

ANNA = SlotValue(kind=SlotKind.NAME, spoken="Anna")


def test_a_sentence_says_what_stands_in_its_slots_in_their_order() -> None:
    pattern = SentencePattern(parts=("Hi ", SlotName("a"), " and ", SlotName("b"), "."))
    ben = SlotValue(kind=SlotKind.TEXT, spoken="{a} and all")
    filled = pattern.fill({"b": ben, "a": ANNA, "unused": ANNA})
    anna = FilledSlot(name="a", kind=SlotKind.NAME, spoken="Anna")
    all_ = FilledSlot(name="b", kind=SlotKind.TEXT, spoken="{a} and all")
    assert filled == FilledSentence(parts=("Hi ", anna, " and ", all_, "."))
    assert filled.text == "Hi Anna and {a} and all."
    assert filled.slots == (anna, all_)
    with pytest.raises(KeyError, match="b"):
        pattern.fill({"a": ANNA})


def test_equal_values_give_equal_sentences(english: FrontEnd) -> None:
    template = parse_template("t", "Hello {a}, hi. Come soon, please.", {"a": "name"}, english)
    first, second = (template.fill({"a": ANNA}) for _ in range(2))
    assert first == second
    assert [sentence.is_static for sentence in template.sentences] == [False, True]


def test_the_digest_is_of_what_is_said(english: FrontEnd) -> None:
    def digest(text: str = "On {a} we meet.", kind: str = "date", name: str = "t") -> str:
        return parse_template(name, text, {"a": kind}, english).digest

    assert digest() == digest("  On {a}\n we meet. ")
    others = {
        digest("On {a} we met."),
        digest(kind="date with weekday"),
        digest(kind="text"),
        digest(name="u"),
    }
    assert len({digest(), *others}) == 5


def test_a_column_means_the_same_in_all_templates(english: FrontEnd) -> None:
    first = parse_template("a", "See you on {day}.", {"day": "date"}, english)
    second = parse_template("b", "Room {day} is yours.", {"day": "text"}, english)
    assert set(shared_slots([first, first])) == {"day"}
    with pytest.raises(TemplateError, match="day is a date in template a and a text in template b"):
        shared_slots([first, second])
