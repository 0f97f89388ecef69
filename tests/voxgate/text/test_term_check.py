from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from voxgate.errors import TextError
from voxgate.text.front_end import SpokenText, SpokenWord
from voxgate.text.front_ends import open_front_end
from voxgate.text.languages import LANGUAGES
from voxgate.text.symbols import SymbolTable, symbol_table
from voxgate.text.term_check import TermRow, check_term, sentences_of
from voxgate.text.term_lines import Term

TERM = Term(written="银行", reading="yin2 hang2", carrier="他去银行取钱。", line=3)
_TOKEN = re.compile(r"\{[^|]+\|([^}]+)\}|银行|.", re.DOTALL)


@dataclass(frozen=True)
class Reader:
    """Reads a character as itself, 银行 as `bank`, and an inline reading as its syllables."""

    bank: str = "yin2 hang2"
    swallowed_before: str = "\0"
    symbols: SymbolTable = field(default_factory=lambda: symbol_table("v2"))
    language: str = "zh"
    dictionary_digest: str = "5" * 64
    shared_run: int = 6

    def normalise(self, text: str) -> str:
        if "한" in text:
            raise TextError("no hangul here")
        return text

    def read(self, text: str) -> SpokenText:
        words = []
        for match in _TOKEN.finditer(self.normalise(text)):
            before = text[match.start() - 1 : match.start()]
            if match.group(1):
                phones = tuple(match.group(1).split())
            elif match.group() == "银行" and before != self.swallowed_before:
                phones = tuple(self.bank.split())
            else:
                phones = tuple(match.group())
            words.append(SpokenWord(word=match.group(), phones=phones, source="user"))
        return SpokenText(text=text, words=tuple(words))

    def units(self, text: str) -> tuple[str, ...]:
        return tuple(text)


def rows(reader: Reader, term: Term = TERM, others: Sequence[str] = ("en",)) -> list[TermRow]:
    return list(check_term(term, "zh", others=others, open_front_end=lambda _: reader))


def test_a_term_that_is_read_as_its_line_says_is_right_in_all_places() -> None:
    found = rows(Reader())
    assert [row.where for row in found] == ["carrier", "start", "beside"]
    assert found[0].sentence == "他去银行取钱。"
    assert all(row.is_right for row in found)
    assert all(row.expected == row.got == () for row in found)


def test_any_difference_is_shown_without_what_is_equal() -> None:
    found = rows(Reader(bank="yin2 xing2"))
    assert {(row.expected, row.got) for row in found} == {(("hang2",), ("xing2",))}
    assert not any(row.is_right for row in found)
    assert (found[0].term, found[0].line, found[0].language) == ("银行", 3, "zh")


def test_a_term_that_is_lost_in_one_place_only_is_found() -> None:
    found = rows(Reader(swallowed_before="去"))
    assert [row.is_right for row in found] == [False, True, True]
    assert (found[0].expected, found[0].got) == (("yin2", "hang2"), ("银", "行"))


def test_what_cannot_be_read_is_a_row_with_its_reason() -> None:
    term = Term(written="银行", reading="yin2 hang2", carrier="한银行", line=1)
    first, *others = rows(Reader(), term)
    assert (first.is_right, first.fault) == (False, "no hangul here")
    assert all(row.is_right for row in others)


def test_without_a_sentence_of_its_own_the_language_has_one() -> None:
    for language in LANGUAGES:
        term = Term(written="X", reading="", carrier=None, line=1)
        frames = sentences_of(term, language, others=[o for o in LANGUAGES if o != language])
        assert [frame.where for frame in frames] == ["carrier", "start", *["beside"] * 4]
        assert all("X" in frame.sentence for frame in frames)
        assert frames[1].sentence.startswith("X")


@pytest.fixture
def lexicon(tmp_path: Path) -> Path:
    path = tmp_path / "lexicon.en.tsv"
    path.write_text("zyrtec\tZ ER1 T EH0 K\tAsk for Zyrtec.\n")
    return path


def test_english_words_are_found_by_their_letters(lexicon: Path) -> None:
    english = open_front_end("en", lexicons={"en": lexicon})
    term = Term(written="zyrtec", reading="Z ER1 T EH0 K", carrier="Ask for Zyrtec.", line=1)
    assert all(
        r.is_right for r in check_term(term, "en", others=(), open_front_end=lambda _: english)
    )
    plain = open_front_end("en")
    first, _ = check_term(term, "en", others=(), open_front_end=lambda _: plain)
    assert first.expected != first.got
    spelled = Term(written="kpmg", reading="K", carrier="Ask KPMG.", line=2)
    first, _ = check_term(spelled, "en", others=(), open_front_end=lambda _: plain)
    assert (first.expected, first.got[:2]) == ((), ("EY1", "P"))
