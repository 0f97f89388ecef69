from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.errors import ConfigError
from voxgate.text.cantonese.lexicon import Lexicon, load_lexicon


def _written(tmp_path: Path, lines: str) -> Path:
    path = tmp_path / "lexicon.yue.tsv"
    path.write_text(lines, encoding="utf-8")
    return path


def test_terms_are_found_in_a_text_the_longest_first(tmp_path: Path) -> None:
    path = _written(tmp_path, "# 地名\n大角\tdaai6 gok3\n大角咀\tdaai6 gok3 zeoi2\t我去大角咀。\n")
    lexicon = load_lexicon(path)
    parts = [(part, syllables is not None) for part, syllables in lexicon.parts("我去大角咀食飯")]
    assert parts == [("我去", False), ("大角咀", True), ("食飯", False)]


def test_a_simplified_term_is_found_in_traditional_text(tmp_path: Path) -> None:
    lexicon = load_lexicon(_written(tmp_path, "铜锣湾\ttung4 lo4 waan1\n"))
    assert list(lexicon.terms) == ["銅鑼灣"]


def test_without_a_file_no_term_is_known() -> None:
    assert load_lexicon(None) == Lexicon()
    assert list(Lexicon().parts("我")) == [("我", None)]


def test_every_broken_line_is_named(tmp_path: Path) -> None:
    path = _written(
        tmp_path, "K房\tkei1 fong2\n香港\txiang1 gang3\n銀行\tngan4\n好\thou2\n好\thou3\n冇\n"
    )
    with pytest.raises(ConfigError) as caught:
        load_lexicon(path)
    faults = caught.value.faults
    assert len(faults) == 5
    assert faults[0] == "line 1: 'K房': need Chinese characters only"
    assert "line 2: '香港': 'xiang1' is no syllable of Cantonese; need jyutping" in faults[1]
    assert "line 3: '銀行' has 2 characters and 'ngan4' 1 syllables" in faults[2]
    assert "line 5: '好' stands in line 4 too" in faults[3]
    assert "line 6: '冇': need the word, a tab" in faults[4]
