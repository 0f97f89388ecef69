"""Templates are cut where sentences end, and nowhere else."""

from __future__ import annotations

import pytest

from voxgate.campaigns.templates.cutting import read_sentence
from voxgate.campaigns.templates.parsing import parse_template
from voxgate.campaigns.templates.samples import trial_values
from voxgate.campaigns.templates.template import FilledSentence
from voxgate.errors import TemplateError, TextError
from voxgate.text.front_end import FrontEnd
from voxgate.text.sentences import divide

KINDS = {"n": "name", "x": "text", "d": "date", "t": "time", "q": "number", "m": "money"}


def slots_of(text: str) -> dict[str, str]:
    return {name: kind for name, kind in KINDS.items() if f"{{{name}}}" in text}


@pytest.mark.parametrize(
    "sentences",
    [
        ["Dr. Smith sees you in room No. 5 on floor 2.", "Bring a card, e.g. the blue one."],
        ["Hello {n}.", "See you on {d} at {t}.", "You owe {m}!", "Is that right?"],
        ["It is {n}: come at 5 p.m. on {d}.", "Bye now, {n}."],
        ["We open at 7 a.m. and close at {t}.", "Write to help@example.com or see example.com."],
        ['He said "come."', "So we came (really!).", "It was…", "and long."],
        ["Take 2.5 grams vs. 3 grams, i.e. less.", "That costs $12.50."],
    ],
)
def test_a_template_is_cut_at_the_ends_of_its_sentences(
    sentences: list[str], english: FrontEnd
) -> None:
    text = " ".join(sentences)
    template = parse_template("t", text, slots_of(text), english)
    assert [sentence.written for sentence in template.sentences] == sentences


def test_reading_the_sentences_apart_is_reading_the_whole(english: FrontEnd) -> None:
    text = (
        "Hello {x}, this is St. Mary's. Your visit is at {t}, on {d}. Dr. Smith asks for {m}, "
        "e.g. in cash. Please bring {q} forms! Will you come?"
    )
    template = parse_template("t", text, slots_of(text), english)
    assert len(template.sentences) == 5
    for values in trial_values(template.slots, "en"):
        filled = template.fill(values)
        whole = english.normalise(" ".join(sentence.text for sentence in filled))
        assert [read_sentence(sentence, english) for sentence in filled] == divide(
            whole, "sentences"
        )


def test_a_very_short_sentence_stays_with_the_next_as_the_voice_leaves_it(
    english: FrontEnd,
) -> None:
    template = parse_template("t", "Hi. We call about your visit.", {}, english)
    assert [sentence.written for sentence in template.sentences] == [
        "Hi. We call about your visit."
    ]


@pytest.mark.parametrize("first", ["{n}.", "Hello, {n}.", "You come at {t}.", 'We said "{n}."'])
def test_a_mark_behind_a_slot_ends_a_sentence(first: str, english: FrontEnd) -> None:
    text = f"{first} Bring the card, please."
    assert "M Bring" in english.normalise("You come at 2:30 PM. Bring the card, please.")
    template = parse_template("t", text, slots_of(text), english)
    assert [sentence.written for sentence in template.sentences] == [
        first,
        "Bring the card, please.",
    ]


@pytest.mark.parametrize(
    ("text", "before", "not_before"),
    [
        ("Good morning, Dr. {n}.", "Will.", "Anna."),
        ("We close at 5 p.m. {x} is open.", "Will is open.", "the blue room is open."),
    ],
)
def test_an_end_that_depends_on_a_value_is_a_fault(
    text: str, before: str, not_before: str, english: FrontEnd
) -> None:
    with pytest.raises(TemplateError) as caught:
        parse_template("t", text, slots_of(text), english)
    assert f"ends a sentence before '{before}' and not before '{not_before}'" in str(caught.value)


def test_a_sentence_that_is_two_is_refused_with_its_values(english: FrontEnd) -> None:
    filled = FilledSentence(parts=("Hello, Dr. Will Smith.",))
    with pytest.raises(TextError, match="spoken as 2 pieces; it must be one"):
        read_sentence(filled, english)
    with pytest.raises(TextError, match="nothing that can be spoken"):
        read_sentence(FilledSentence(parts=("...",)), english)


def test_a_slot_that_markup_takes_away_is_a_fault(english: FrontEnd) -> None:
    text = "We see you <script> on {d} or </script> in room {x} today."
    with pytest.raises(TemplateError, match="slot d is not heard") as caught:
        parse_template("t", text, slots_of(text), english)
    assert len(caught.value.faults) == 1
