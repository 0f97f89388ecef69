"""Parsing a template: all faults at once."""

from __future__ import annotations

import pytest

from voxgate.campaigns.templates.parsing import parse_template
from voxgate.campaigns.templates.slots import Slot, SlotKind
from voxgate.errors import TemplateError
from voxgate.text.front_end import FrontEnd


def test_a_template_is_sentences_and_slots(english: FrontEnd) -> None:
    template = parse_template(
        "reminder",
        "Hello {first_name}, this is Green Street Dental. Your visit is on {day}.",
        {"first_name": "name", "day": "date with weekday"},
        english,
    )
    assert [sentence.written for sentence in template.sentences] == [
        "Hello {first_name}, this is Green Street Dental.",
        "Your visit is on {day}.",
    ]
    assert template.slots == {
        "first_name": Slot(kind=SlotKind.NAME),
        "day": Slot(kind=SlotKind.DATE, weekday=True),
    }


def test_every_fault_is_reported_together(english: FrontEnd) -> None:
    with pytest.raises(TemplateError) as caught:
        parse_template(
            "Spring!", "Hi {a}{b}, {c. {D}", {"b": "nme", "d": "text", "template": "text"}, english
        )
    told = "\n".join(caught.value.faults)
    for expected in (
        "name 'Spring!': expected 1 to 60",
        "'{c. {D}'" if "'{c. {D}'" in told else "the { before",
        "'{D}' names no slot",
        "slot a touches",
        "slot b touches",
        "slot a has no kind",
        "slot b: no kind 'nme'; there are: name, text, date",
        "slot 'd' is declared and never used",
        "slot 'template': expected a small letter",
    ):
        assert expected in told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the text is empty"),
        ("... !", "nothing that can be spoken"),
        ("Call 你好 now.", "U+4F60"),
        ("a word " * 80, "spoken as 2 pieces"),
    ],
)
def test_a_text_that_cannot_be_spoken_is_refused(
    text: str, expected: str, english: FrontEnd
) -> None:
    with pytest.raises(TemplateError, match=expected.replace("+", r"\+")):
        parse_template("t", text, {}, english)


def test_a_sentence_must_stay_one_with_the_longest_values(english: FrontEnd) -> None:
    text = "We tell you about {x} " + "and a bit more " * 25 + "today."
    with pytest.raises(TemplateError, match="spoken as 2 pieces with x = 'a long description"):
        parse_template("t", text, {"x": "text"}, english)


def test_many_slots_are_a_fault(english: FrontEnd) -> None:
    with pytest.raises(TemplateError, match="33 slots, at most 32"):
        parse_template("t", "Hello.", {f"s{at}": "name" for at in range(33)}, english)
