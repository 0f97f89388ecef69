from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.corpus.user_lexicon import check_term, list_terms, with_term, without_term
from voxgate.errors import ConfigError
from voxgate.text.english.lexicon import cmu_dictionary
from voxgate.text.front_ends import open_front_end

TEXT = """# our products
!dates day-first
digium\tD IH1 JH IY0 AH0 M  # as the owner says it
Voxgate  v aa1 k s g ey2 t
"""


def test_the_words_are_those_that_the_front_end_reads(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text(TEXT)
    front_end = open_front_end("en", lexicon=path)
    found = list_terms(TEXT)
    assert list(found) == ["digium", "voxgate"]
    for term, phones in found.items():
        (word,) = front_end.read(term).words
        assert (word.phones, word.source) == (phones, "user")


def test_a_new_word_comes_last_and_nothing_else_changes() -> None:
    after = with_term(TEXT, "Zyrtec", ("Z", "ER1", "T", "EH0", "K"))
    assert after == TEXT + "zyrtec\tZ ER1 T EH0 K\n"
    assert without_term(after, "zyrtec") == TEXT


def test_a_word_that_is_there_keeps_its_place_and_its_comment() -> None:
    after = with_term(TEXT, "DIGIUM", ("D", "IH1"))
    assert after.splitlines()[2] == "digium\tD IH1  # as the owner says it"
    assert after.splitlines()[:2] + after.splitlines()[3:] == [
        line for line in TEXT.splitlines() if "digium" not in line
    ]
    assert list_terms(after)["digium"] == ("D", "IH1")


def test_a_word_is_taken_away_and_the_remarks_stay() -> None:
    assert without_term(TEXT, "voxgate") == "".join(TEXT.splitlines(keepends=True)[:3])


def test_a_file_without_a_last_line_end_is_mended() -> None:
    assert with_term("a\tAH0", "b", ("B", "IY1")) == "a\tAH0\nb\tB IY1\n"
    assert with_term("", "b", ("B", "IY1")) == "b\tB IY1\n"


def test_phonemes_may_be_written_in_small_letters() -> None:
    assert check_term("zyrtec", ["z", "er1", "Ng"]) == ("Z", "ER1", "NG")


@pytest.mark.parametrize("phone", "AA ER IH".split())
def test_a_vowel_without_stress_is_refused_though_the_table_has_it(phone: str) -> None:
    assert phone in open_front_end("en").symbols
    with pytest.raises(ConfigError, match=f"{phone}0, {phone}1 or {phone}2"):
        check_term("word", [phone])


@pytest.mark.parametrize("phone", ["X", "SP", "UNK", "EE", "I", "AH3", "B1", "_", ",", "", "K\n"])
def test_what_is_no_phoneme_of_english_is_refused(phone: str) -> None:
    with pytest.raises(ConfigError, match="expected one of ARPAbet"):
        check_term("word", [phone])


@pytest.mark.parametrize(
    "term",
    [
        "",
        " ",
        "two words",
        "3g",
        "x2",
        "#tag",
        "!dates",
        "-x",
        "it'",
        "a--b",
        "café",
        "a\tb",
        "a\n",
    ],
)
def test_what_is_no_single_word_is_refused(term: str) -> None:
    with pytest.raises(ConfigError, match="expected one word of letters"):
        check_term(term, ["K"])


def test_all_faults_are_named_together() -> None:
    with pytest.raises(ConfigError) as raised:
        check_term("two words", ["K", "IH", "Q"])
    assert len(raised.value.faults) == 3
    with pytest.raises(ConfigError, match="got none"):
        check_term("word", [])


def test_every_phoneme_of_the_dictionary_is_accepted() -> None:
    known = {phone for phones in cmu_dictionary().values() for phone in phones.split()}
    assert len(known) == 69
    assert check_term("word", sorted(known)) == tuple(sorted(known))
