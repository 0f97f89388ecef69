from __future__ import annotations

import re

import pytest

from voxgate.text.cantonese.lexicon import Lexicon
from voxgate.text.cantonese.normalisation import normalise
from voxgate.text.cantonese.readings import readings
from voxgate.text.cantonese.wording import CANTONESE
from voxgate.text.tokens import CURRENCY_CODES, CURRENCY_SIGNS, SIGNS, UNITS

_SPOKEN = re.compile("[\u4e00-\u9fff,.…-]+")


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_said(unit: str) -> None:
    spoken = normalise(f"大約25{unit}啦")
    assert _SPOKEN.fullmatch(spoken)
    assert CANTONESE.units[unit].strip("{}").split("{}")[0] in spoken


@pytest.mark.parametrize("sign", [*CURRENCY_SIGNS, *CURRENCY_CODES])
def test_every_currency_is_said_on_either_side(sign: str) -> None:
    name = CANTONESE.currencies[sign.replace("￥", "¥").replace("￦", "₩")]
    assert normalise(f"要{sign}250") == f"要二百五十{name}"
    assert normalise(f"要250 {sign}。") == f"要二百五十{name}."


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("text", ["5{}3", "有5{}", "有{}5", "{}"])
def test_every_sign_has_a_word_or_is_a_mark(sign: str, text: str) -> None:
    spoken = normalise(text.format(sign))
    assert spoken == "" or _SPOKEN.fullmatch(spoken)
    assert normalise(spoken) == spoken


def test_every_word_of_the_wording_can_be_read() -> None:
    for words in (CANTONESE.units, CANTONESE.currencies, CANTONESE.signs):
        for word in words.values():
            assert readings(word.replace("{}", "一"), Lexicon())
    assert readings(CANTONESE.greek.replace(" ", ""), Lexicon())
