from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.errors import ConfigError, TextError
from voxgate.text.chinese.lexicon import fault_of_reading, load_lexicon, syllables_of


def test_every_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.zh.tsv"
    path.write_text("银行\tyin2\n重庆\tchong2 qing9\n长安\tfiang4 an1\n单田芳\tshan4 tian2 fang1\n")
    with pytest.raises(ConfigError) as error:
        load_lexicon(path)
    message = str(error.value)
    assert "line 1" in message
    assert "2 characters and 'yin2' has 1 syllables" in message
    assert "'qing9'" in message
    assert "'fiang4'" in message
    assert "line 4" not in message


def test_terms_are_found_in_either_script(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.zh.tsv"
    path.write_text("單田芳\tshan4 tian2 fang1\n", encoding="utf-8")
    lexicon = load_lexicon(path)
    assert lexicon.terms == {"单田芳": ("shan4", "tian2", "fang1")}
    assert lexicon.pattern is not None
    assert lexicon.pattern.search("单田芳说")


def test_no_file_no_terms() -> None:
    assert load_lexicon(None).terms == {}


def test_umlauts_may_be_written_in_three_ways() -> None:
    assert syllables_of("lü4 lv4 lu:4") == ("lv4", "lv4", "lv4")
    with pytest.raises(TextError, match="need pinyin with a tone"):
        syllables_of("lü")


def test_a_latin_term_may_have_any_number_of_syllables() -> None:
    assert fault_of_reading("GPT", "ji1 pi4 ti4") is None
    assert fault_of_reading("你，好", "ni3 hao3") == "'你，好': a word has no marks inside"
