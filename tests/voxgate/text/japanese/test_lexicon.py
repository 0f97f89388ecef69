"""The user's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.errors import ConfigError
from voxgate.text.japanese.lexicon import load_lexicon


def test_words_are_folded_as_texts_are(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.ja.tsv"
    path.write_text("ﾃｽﾄ\tテ'スト\tﾃｽﾄをする。\n", encoding="utf-8")
    assert load_lexicon(path).terms == {"テスト": "テ'スト"}


def test_without_a_file_there_are_no_words() -> None:
    assert load_lexicon(None).terms == {}
    assert load_lexicon(None).pattern is None


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("橋\thashi", "is no reading; need katakana as pronounced"),
        ("、。\tハシ", "need letters, kana or Han characters"),
        ("한국\tカンコク", "is Korean"),
    ],
)
def test_a_fault_says_what_is_expected(line: str, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "lexicon.ja.tsv"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=fault):
        load_lexicon(path)
