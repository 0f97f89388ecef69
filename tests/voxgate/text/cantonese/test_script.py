from __future__ import annotations

import sys

import pytest

from voxgate.errors import TextError
from voxgate.text.cantonese import script
from voxgate.text.cantonese.script import hong_kong_forms, traditional


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("我们今天去哪里吃饭？", "我們今天去哪裏吃飯？"),
        ("佢喺呢度做嘢，好开心。", "佢喺呢度做嘢，好開心。"),
        ("一只狗同埋两只猫", "一隻狗同埋兩隻貓"),
        ("唔该晒，我系香港人", "唔該晒，我係香港人"),
        ("吓，你讲咩话？", "吓，你講咩話？"),
        ("呢块手表好贵", "呢塊手錶好貴"),
    ],
)
def test_simplified_texts_become_traditional(written: str, expected: str) -> None:
    assert traditional(written) == expected
    assert traditional(expected) == expected


@pytest.mark.parametrize(
    "written",
    [
        "房裏面有張檯。",
        "皇后大道東",
        "三公里",
        "唔該晒",
        "說話同埋裡面",
        "卡拉OK 100%",
        "為什麼爲什麼",
    ],
)
def test_traditional_texts_stay_as_they_are(written: str) -> None:
    assert traditional(written) == written


def test_an_odd_simplified_character_is_replaced_alone() -> None:
    assert traditional("食飯嘅时候唔該晒") == "食飯嘅時候唔該晒"


def test_one_writing_for_comparison() -> None:
    assert hong_kong_forms("裡面說話著衫張檯") == hong_kong_forms("裏面説話着衫張枱")


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    script._converter.cache_clear()
    monkeypatch.setitem(sys.modules, "opencc", None)
    with pytest.raises(TextError, match=r"Cantonese needs the library 'opencc'.*voxgate\[yue\]"):
        traditional("开心")
