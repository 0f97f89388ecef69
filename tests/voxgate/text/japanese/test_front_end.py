"""Japanese as the rest of voxgate meets it: rows of text, terms, refusals."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from voxgate.errors import ConfigError, TextError
from voxgate.text.front_end import SpokenText
from voxgate.text.japanese import analysis
from voxgate.text.japanese.front_end import JapaneseFrontEnd, open_japanese
from voxgate.text.phonemes import to_phonemes
from voxgate.text.symbols import PUNCTUATION, symbol_table

CASES = Path(__file__).parents[3] / "cases" / "languages"
ACCENT = {"[", "]", "_", "UNK"}


@pytest.fixture(scope="module")
def japanese() -> JapaneseFrontEnd:
    return open_japanese(symbol_table("v2"), lexicon=None)


@pytest.fixture(scope="module")
def japanese_v1() -> JapaneseFrontEnd:
    return open_japanese(symbol_table("v1"), lexicon=None)


def rows() -> list[dict[str, object]]:
    """Return the rows that are Japanese and nothing else; Latin words are another language's."""
    lines = (CASES / "ja.jsonl").read_text(encoding="utf-8").splitlines()
    mixed = (CASES / "mixed.jsonl").read_text(encoding="utf-8").splitlines()
    of_one_language = [
        row
        for row in map(json.loads, mixed)
        if {language for language, _ in row.get("segments", [])} == {"ja"}
    ]
    found = [json.loads(line) for line in lines] + of_one_language
    return [row for row in found if not re.search("[A-Za-z]+-[A-Za-z]+", row["text"])]


def phones(spoken: SpokenText) -> list[str]:
    return [phone for word in spoken.words for phone in word.phones]


def plain(symbols: list[str]) -> list[str]:
    return [symbol for symbol in symbols if symbol not in ACCENT]


def right_answers(row: dict[str, object]) -> list[list[str]]:
    also = row.get("also", [])
    assert isinstance(also, list)
    return [plain(str(row["phones"]).split()), *(a["phones_without_prosody"] for a in also)]


def test_rows_that_were_trained_so_are_read_as_they_were_trained(
    japanese: JapaneseFrontEnd,
) -> None:
    of_kind = [row for row in rows() if not row["upstream_wrong"]]
    failing = [
        f"{row['id']} {row['text']}: {phones(japanese.read(str(row['text'])))}"
        for row in of_kind
        if plain(phones(japanese.read(str(row["text"])))) not in right_answers(row)
    ]
    assert (len(of_kind), failing) == (35, [])


def test_rows_that_upstream_reads_wrong_are_read_right(japanese: JapaneseFrontEnd) -> None:
    of_kind = [row for row in rows() if row["upstream_wrong"]]
    failing = [
        f"{row['id']} {row['text']}: {phones(japanese.read(str(row['text'])))}"
        for row in of_kind
        if plain(phones(japanese.read(str(row["text"])))) not in right_answers(row)
    ]
    assert (len(of_kind), failing) == (16, [])


def test_accents_of_most_rows_are_as_they_were_trained(japanese: JapaneseFrontEnd) -> None:
    of_kind = [row for row in rows() if not row["upstream_wrong"]]
    equal = [
        row
        for row in of_kind
        if phones(japanese.read(str(row["text"]))) == str(row["phones"]).split()
    ]
    assert (len(equal), len(of_kind)) == (23, 35)


def test_the_first_table_gets_devoiced_vowels_and_no_accents(
    japanese_v1: JapaneseFrontEnd,
) -> None:
    of_table = [row for row in rows() if "v1" in row]
    failing = [
        f"{row['id']} {row['text']}"
        for row in of_table
        if phones(japanese_v1.read(str(row["text"]))) != str(row["v1"]).split()
    ]
    assert (len(of_table), failing) == (31, [])


def test_a_term_beats_the_dictionary(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.ja.tsv"
    lexicon.write_text("東雲\tシノノ'メ\n橋\tハシ'\nC3PO\tシースリーピー'オー\n", encoding="utf-8")
    front_end = open_japanese(symbol_table("v2"), lexicon=lexicon)
    spoken = front_end.read("東雲の橋でC3POを見た。")
    assert spoken.text == "東雲の橋でC3POを見た."
    by_word = {word.word: word for word in spoken.words}
    assert by_word["東雲"].phones == ("sh", "i", "[", "n", "o", "n", "o", "]", "m", "e")
    assert by_word["橋"].source == "user"
    assert not by_word["橋"].guessed
    assert "C3PO" in by_word
    assert front_end.normalise(spoken.text) == spoken.text


def test_a_term_of_katakana_is_no_part_of_a_longer_word(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.ja.tsv"
    lexicon.write_text("アイ\tエ'ー\n", encoding="utf-8")
    front_end = open_japanese(symbol_table("v2"), lexicon=lexicon)
    assert "アイスクリーム" in {word.word for word in front_end.read("アイスクリームとアイ").words}
    assert front_end.read("アイ").words[0].source == "user"


def test_an_inline_reading_beats_a_term(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.ja.tsv"
    lexicon.write_text("薔薇\tショービ\n", encoding="utf-8")
    front_end = open_japanese(symbol_table("v2"), lexicon=lexicon)
    spoken = front_end.read("{薔薇|バ'ラ}と薔薇")
    assert spoken.text == "{薔薇|バ'ラ}と薔薇"
    assert [word.phones for word in spoken.words if word.source == "user"] == [
        ("b", "a", "]", "r", "a"),
        ("sh", "o", "[", "o", "b", "i"),
    ]


def test_readings_side_by_side_stay_two_words(japanese: JapaneseFrontEnd) -> None:
    words = japanese.read("{山|ヤマ'}{川|カワ'}").words
    assert [word.word for word in words] == ["山", "川"]


@pytest.mark.parametrize("reading", ["バ''ラ", "bara", "'バラ", "ー", "薔薇"])
def test_an_inline_reading_that_is_none_is_refused(
    reading: str, japanese: JapaneseFrontEnd
) -> None:
    with pytest.raises(TextError, match="is no reading; need katakana"):
        japanese.read(f"{{薔薇|{reading}}}")


def test_every_broken_line_of_a_lexicon_is_named(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.ja.tsv"
    lexicon.write_text("橋\tbridge\n箸 ハシ\n端\tハ'シ'\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        open_japanese(symbol_table("v2"), lexicon=lexicon)
    assert all(f"line {number}" in str(caught.value) for number in (1, 2, 3))


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for cached in (analysis.open_dictionary, analysis.dictionary_digest):
        cached.cache_clear()
    monkeypatch.setitem(sys.modules, "pyopenjtalk", None)
    with pytest.raises(TextError, match=r"'pyopenjtalk'.*pip install 'voxgate\[ja\]'"):
        open_japanese(symbol_table("v2"), lexicon=None)


def test_a_short_text_keeps_the_rule_of_all_languages(japanese: JapaneseFrontEnd) -> None:
    assert to_phonemes("目", japanese).phones[0] == ","


def test_an_unknown_word_is_guessed(japanese: JapaneseFrontEnd) -> None:
    assert to_phonemes("今日は龘を読む。", japanese).guessed_words == ("龘",)


def test_nothing_is_lost_where_no_reading_is_known(japanese: JapaneseFrontEnd) -> None:
    with pytest.raises(TextError, match=r"'们' \(U\+4EEC\) is read"):
        japanese.read("これは们です")


def test_units_are_characters_without_marks(japanese: JapaneseFrontEnd) -> None:
    assert japanese.units("「猫」は、2匹。") == tuple("猫は2匹")
    assert japanese.units("{猫|ネ'コ}は三百五十匹") == tuple("猫は350匹")
    assert japanese.shared_run == 8


_PIECES = st.sampled_from(
    "今日 は 猫 が 3 匹 12 , . 、 。 ! ？ 〜 - ― ー 「 」 （ ） % ¥ $ 5km : / 1/2 10:30 NHK T × = "
    "東京 カタカナ っ ん ・ … ① ㈱ ｶﾞ \U0001f600 \n 0 05 二 十 百 人 日 第 # & +".split(" ")
)


@seed(16)
@settings(max_examples=300, deadline=None, database=None)
@given(st.lists(_PIECES, max_size=14).map("".join))
def test_normalising_twice_changes_nothing_and_every_phone_is_in_the_table(text: str) -> None:
    front_end = open_japanese(symbol_table("v2"), lexicon=None)
    try:
        spoken = front_end.read(text)
    except TextError as error:
        if "no Japanese word" not in str(error):  # "km" without a number, NHKNHK
            raise
        return
    assert front_end.normalise(spoken.text) == spoken.text
    assert all(phone in front_end.symbols for phone in phones(spoken))
    if re.search(r"[ぁ-んァ-ン一-龥\d]", text.replace("っ", "")):
        assert spoken.text
        assert plain(phones(spoken))
    assert {mark for mark in spoken.text if mark in ",.!?…-"} <= PUNCTUATION


def test_a_thousand_characters_a_second_and_more(japanese: JapaneseFrontEnd) -> None:
    text = "会議は10月3日(火)の14:00から、第2会議室で行います。資料は3,980円です。" * 40
    japanese.read(text[:40])
    began_s = time.process_time()
    japanese.read(text)
    assert len(text) / (time.process_time() - began_s) > 1000
