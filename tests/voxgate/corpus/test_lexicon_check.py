from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.corpus.lexicon_check import check_lexicons
from voxgate.errors import ConfigError, TextError
from voxgate.text.symbols import symbol_table

V2 = symbol_table("v2")


def test_each_term_is_read_in_its_sentence_and_at_the_start_of_one(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.en.tsv"
    path.write_text("# drugs\nzyrtec\tZ ER1 T EH0 K\nkpmg\tK EY1\tAsk KPMG.\n")
    found = check_lexicons({"en": path}, symbols=V2, languages=["en"])
    assert (found.terms, len(found.rows)) == (2, 4)
    assert {(row.term, row.line) for row in found.differences} == {("kpmg", 3)}


def test_broken_lines_are_errors_and_not_rows(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.en.tsv"
    path.write_text("zyrtec\tZ ER9\n")
    with pytest.raises(ConfigError, match="ER9"):
        check_lexicons({"en": path}, symbols=V2, languages=["en"])
    with pytest.raises(TextError, match="cannot read the user lexicon"):
        check_lexicons({"en": tmp_path / "absent"}, symbols=V2, languages=["en"])


def test_no_lexicons_are_no_terms() -> None:
    assert check_lexicons({}, symbols=V2, languages=["en"]).rows == ()
