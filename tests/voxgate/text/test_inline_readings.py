from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.inline_readings import (
    FIRST_PLACE,
    InlineReading,
    inline_reading_at,
    lift,
    lower,
    without_readings,
)

TEXT = "去{银行|yin2 hang2}和{ 重庆 | chong2 qing4 }。"


def test_readings_are_lifted_and_put_back() -> None:
    lifted, readings = lift(TEXT)
    assert lifted == f"去{chr(FIRST_PLACE)}和{chr(FIRST_PLACE + 1)}。"
    assert readings[1] == InlineReading(written="重庆", reading="chong2 qing4")
    assert lower(lifted, readings) == "去{银行|yin2 hang2}和{重庆|chong2 qing4}。"
    assert inline_reading_at(chr(FIRST_PLACE), readings) == readings[0]
    assert inline_reading_at("去", readings) is None


def test_the_words_alone() -> None:
    assert without_readings(TEXT) == "去银行和重庆。"


def test_braces_that_say_no_reading_stay() -> None:
    assert lift("{a} {b|} |") == ("{a} {b|} |", ())


@pytest.mark.parametrize(
    ("text", "named"), [("a\ue000b", "U[+]E000 at character 2"), ("x{ |a}", "at character 2")]
)
def test_what_cannot_be_read_is_named(text: str, named: str) -> None:
    with pytest.raises(TextError, match=named):
        lift(text)
