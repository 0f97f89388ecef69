from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.corpus.lexicon_check import check_lexicons
from voxgate.corpus.user_lexicon import list_terms
from voxgate.errors import ConfigError, TextError
from voxgate.text.front_ends import open_front_end
from voxgate.text.symbols import symbol_table
from voxgate.text.term_check import check_term

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


TERMS = {
    "zh": "单县\tshan4 xian4\t单县的羊汤很有名。\n银行\tyin2 hang2\n你好\tni2 hao3\n",
    "ja": "人気\tヒトケ'\tこの道は人気がない。\n銀行\tギンコー\nサブスク\tサブスク\n",
    "yue": "銀行\tngan4 hong4\n輋\tce4\n",
    "ko": "문법\t문뻡\n깃허브\t기터브\n값\t갑\n",
    "en": "zyrtec\tZ ER1 T EH0 K\tAsk for Zyrtec.\nlive\tL IH1 V\n",
}


def test_terms_of_all_languages_of_a_voice_are_read_beside_each_other(tmp_path: Path) -> None:
    lexicons = {code: tmp_path / f"lexicon.{code}.tsv" for code in TERMS}
    for code, path in lexicons.items():
        path.write_text(TERMS[code])
    found = check_lexicons(lexicons, symbols=V2, languages=list(TERMS))
    terms = sum(lines.count("\n") for lines in TERMS.values())
    assert (found.terms, len(found.rows)) == (terms, terms * (2 + len(TERMS) - 1))
    assert found.differences == ()


OTHERWISE = {
    "zh": "银行\tyin2 xing2",
    "ja": "人気\tヒトケ'",
    "yue": "輋\tce1",
    "ko": "깃허브\t가나다",
    "en": "zyrtec\tZ",
}


@pytest.mark.parametrize("language", OTHERWISE)
def test_a_lexicon_that_no_front_end_reads_differs(language: str) -> None:
    plain = open_front_end(language)
    (term,) = list_terms(OTHERWISE[language], language).values()
    rows = list(check_term(term, language, others=(), open_front_end=lambda _: plain))
    assert len(rows) == 2
    assert not any(row.is_right for row in rows)
