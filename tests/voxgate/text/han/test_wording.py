from __future__ import annotations

import pytest

from voxgate.text.chinese.wording import MANDARIN
from voxgate.text.tokens import CURRENCY_CODES, CURRENCY_SIGNS, UNITS


def test_every_unit_and_currency_has_a_word() -> None:
    assert set(UNITS) <= set(MANDARIN.units)
    assert {*CURRENCY_SIGNS, *CURRENCY_CODES} == set(MANDARIN.currencies)


def test_there_is_a_name_for_each_greek_letter() -> None:
    assert len(MANDARIN.greek.split()) == 24


@pytest.mark.parametrize("template", [MANDARIN.percent, MANDARIN.permille, MANDARIN.power])
def test_templates_have_one_place(template: str) -> None:
    assert template.count("{}") == 1
