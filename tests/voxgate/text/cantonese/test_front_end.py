from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from voxgate.errors import TextError
from voxgate.text.cantonese.dictionary import dictionary_digest
from voxgate.text.cantonese.front_end import CantoneseFrontEnd, open_cantonese
from voxgate.text.phonemes import to_phonemes
from voxgate.text.symbols import symbol_table

_ROWS = Path(__file__).parents[3] / "cases" / "languages" / "yue.jsonl"
_NOT_WRONG, _WRONG = 31, 14
"""How many rows there are on which upstream is not wrong, and wrong; all of them are read right."""

FRONT_END = open_cantonese(symbol_table("v2"), lexicon=None)


def _phones(text: str, front_end: CantoneseFrontEnd = FRONT_END) -> str:
    return " ".join(phone for word in front_end.read(text).words for phone in word.phones)


def _rows(*, wrong: bool) -> list[dict[str, Any]]:
    rows = map(json.loads, _ROWS.read_text(encoding="utf-8").splitlines())
    return [row for row in rows if bool(row["upstream_wrong"]) is wrong]


@pytest.mark.parametrize(("wrong", "right"), [(False, _NOT_WRONG), (True, _WRONG)])
def test_rows_have_the_phones_that_were_trained(wrong: bool, right: int) -> None:
    rows = _rows(wrong=wrong)
    failing = []
    for row in rows:
        others = [" ".join(answer["phones"]) for answer in row.get("also", ())]
        if (got := _phones(row["text"])) not in (row["phones"], *others):
            failing.append(f"{row['id']} {row['text']}: {got}, expected {row['phones']}")
    assert len(rows) - len(failing) == right, "\n".join(failing)


def test_the_first_table_is_refused_by_name() -> None:
    with pytest.raises(TextError, match=r"the phoneme table 'v1' has no Cantonese \(yue\)"):
        open_cantonese(symbol_table("v1"), lexicon=None)


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary_digest.cache_clear()
    monkeypatch.setitem(sys.modules, "ToJyutping", None)
    with pytest.raises(
        TextError, match=r"needs the library 'ToJyutping'.*pip install 'voxgate\[yue"
    ):
        open_cantonese(symbol_table("v2"), lexicon=None)


def test_terms_of_the_user_are_read_as_written_down(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.yue.tsv"
    path.write_text("石塘咀\tsek6 tong4 zeoi2\n行家\thaang4 gaa1\n", encoding="utf-8")
    front_end = open_cantonese(symbol_table("v2"), lexicon=path)
    assert _phones("行家嚟咗石塘咀。", front_end) == (
        "Yh Yaang4 Yg Yaa1 Yl Yai4 Yz Yo2 Ys Yek6 Yt Yong4 Yz Yeoi2 ."
    )


def test_an_inline_reading_survives_normalisation() -> None:
    text = "佢做邊{行|haang4}？"
    spoken = FRONT_END.normalise(text)
    assert spoken == "佢做邊{行|haang4}?"
    assert FRONT_END.normalise(spoken) == spoken
    assert _phones(text) == "Yk Yeoi5 Yz You6 Yb Yin1 Yh Yaang4 ?"


def test_units_are_characters_however_they_are_written() -> None:
    assert FRONT_END.units("呢張檯，好靚！") == FRONT_END.units("呢張枱好靚")
    assert FRONT_END.units("我们去") == ("我", "們", "去")


def test_nothing_speakable_is_empty() -> None:
    assert FRONT_END.read("……！😀").text == ""
    with pytest.raises(TextError, match="nothing to speak"):
        to_phonemes("。", FRONT_END)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("我食sushi飯", r"'sushi' at character 3 is not read in Cantonese"),
        ("我愛한국", r"'한' .* at character 3"),
        ("好\u202e好", r"U\+202E .* at character 2: it cannot be seen or spoken"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(text: str, message: str) -> None:
    with pytest.raises(TextError, match=message):
        FRONT_END.read(text)


_CHARACTERS = st.sampled_from(
    "我你佢會唔好嘅係喺行長重一二三十百千萬零半兩0123456789.,，。！？：:；、…—-~～()（）「」《》%％$¥€£"
    "+−±×÷=≠≈<>≤≥/°℃²³½年月日號點分秒蚊個度第共歲 \n后里干只說說说们㗎𨋢𡃁"
)


@seed(16)
@settings(max_examples=400, deadline=None, database=None)
@given(st.text(_CHARACTERS, min_size=1, max_size=24))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    spoken = FRONT_END.normalise(text)
    assert FRONT_END.normalise(spoken) == spoken
    if any(character.isalnum() for character in text):
        assert spoken
    words = FRONT_END.read(text).words
    assert all(phone in FRONT_END.symbols for word in words for phone in word.phones)


def test_a_thousand_characters_are_read_in_a_second() -> None:
    text = "聽日會唔會落雨呀？我哋10點半喺銅鑼灣等，買咗2張飛，一共$350。" * 60
    FRONT_END.read(text[:100])
    start = time.process_time()
    FRONT_END.read(text)
    assert len(text) / (time.process_time() - start) > 1_000


def test_a_long_text_without_a_mark_takes_time_by_its_length() -> None:
    start = time.process_time()
    FRONT_END.read("我哋今日去食飯" * 7_200)
    assert time.process_time() - start < 10
