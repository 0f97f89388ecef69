"""What is said about a template before anybody hears it."""

from __future__ import annotations

import pytest

from voxgate.campaigns.templates.advice import Advice, AdviceCode, advise, sharing
from voxgate.campaigns.templates.parsing import parse_template
from voxgate.text.front_end import FrontEnd


def warnings(text: str, english: FrontEnd, **slots: str) -> list[Advice]:
    found = advise([parse_template("t", text, slots, english)])
    return [advice for advice in found if advice.is_warning]


def test_shared_and_own_sentences_are_told_apart(english: FrontEnd) -> None:
    text = "Hello {n}, this is Green Street Dental. Your visit is on {d} at {t}. Please be on time."
    template = parse_template("t", text, {"n": "name", "d": "date", "t": "time"}, english)
    found = sharing(template)
    assert found.static == (2,)
    assert found.dynamic == ((0, ("n",)), (1, ("d", "t")))
    assert found.summary == (
        "1 of 3 sentences are the same for everybody; sentence 1 depends on n; "
        "sentence 2 depends on d, t"
    )
    [advice] = advise([template])
    assert (advice.template, advice.code, advice.detail) == (
        "t",
        AdviceCode.SHARING,
        found.summary,
    )


@pytest.mark.parametrize(
    ("text", "slots", "code", "sentence"),
    [
        ("We call you today. Hello {n}.", {"n": "name"}, AdviceCode.NAME_ALONE, 1),
        ("{n}! We call you about your visit.", {"n": "name"}, AdviceCode.FIRST_IS_VALUE, 0),
        ("You owe us all of {amount}. Bye now.", {"amount": "text"}, AdviceCode.FIGURE_AS_TEXT, 0),
        (
            "Come on {d} at {t} to the office in {x}. Bye now.",
            {"d": "date", "t": "time", "x": "text"},
            AdviceCode.MANY_SLOTS,
            0,
        ),
        ("We will see you on {d}.", {"d": "date"}, AdviceCode.NOTHING_SHARED, None),
    ],
)
def test_a_warning_names_its_sentence(
    text: str, slots: dict[str, str], code: AdviceCode, sentence: int | None, english: FrontEnd
) -> None:
    [warning] = [found for found in warnings(text, english, **slots) if found.code is code]
    assert warning.sentence == sentence
    assert len(warning.detail) > 40


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("Hello {n}, this is Green Street. Bye now.", {"n": "name"}),
        ("Come at {t}. Bye now.", {"t": "time"}),
        ("You owe us all of {amount}. Bye now.", {"amount": "money"}),
    ],
)
def test_a_good_template_is_not_warned_of(
    text: str, slots: dict[str, str], english: FrontEnd
) -> None:
    assert warnings(text, english, **slots) == []
