from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.corpus.user_lexicon import (
    check_arpabet,
    check_written,
    list_terms,
    with_term,
    without_term,
)
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
    front_end = open_front_end("en", lexicons={"en": path})
    found = list_terms(TEXT, "en")
    assert list(found) == ["digium", "voxgate"]
    for key, term in found.items():
        (word,) = front_end.read(key).words
        assert (" ".join(word.phones), word.source) == (term.reading, "user")


def test_a_new_word_comes_last_and_nothing_else_changes() -> None:
    after = with_term(TEXT, "en", "Zyrtec", "Z ER1 T EH0 K")
    assert after == TEXT + "zyrtec\tZ ER1 T EH0 K\n"
    assert without_term(after, "en", "zyrtec") == TEXT


def test_a_word_that_is_there_keeps_its_place_and_its_comment() -> None:
    after = with_term(TEXT, "en", "DIGIUM", "D IH1")
    assert after.splitlines()[2] == "digium\tD IH1  # as the owner says it"
    assert after.splitlines()[:2] + after.splitlines()[3:] == [
        line for line in TEXT.splitlines() if "digium" not in line
    ]
    assert list_terms(after, "en")["digium"].reading == "D IH1"


def test_a_word_is_taken_away_and_the_remarks_stay() -> None:
    assert without_term(TEXT, "en", "voxgate") == "".join(TEXT.splitlines(keepends=True)[:3])


def test_a_file_without_a_last_line_end_is_mended() -> None:
    assert with_term("a\tAH0", "en", "b", "B IY1") == "a\tAH0\nb\tB IY1\n"
    assert with_term("", "en", "b", "B IY1") == "b\tB IY1\n"


def test_phonemes_may_be_written_in_small_letters() -> None:
    assert check_arpabet("zyrtec", ["z", "er1", "Ng"]) == ("Z", "ER1", "NG")


@pytest.mark.parametrize("phone", "AA ER IH".split())
def test_a_vowel_without_stress_is_refused_though_the_table_has_it(phone: str) -> None:
    assert phone in open_front_end("en").symbols
    with pytest.raises(ConfigError, match=f"{phone}0, {phone}1 or {phone}2"):
        check_arpabet("word", [phone])


@pytest.mark.parametrize("phone", ["X", "SP", "UNK", "EE", "I", "AH3", "B1", "_", ",", "", "K\n"])
def test_what_is_no_phoneme_of_english_is_refused(phone: str) -> None:
    with pytest.raises(ConfigError, match="expected one of ARPAbet"):
        check_arpabet("word", [phone])


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
        check_arpabet(term, ["K"])


def test_all_faults_are_named_together() -> None:
    with pytest.raises(ConfigError) as raised:
        check_arpabet("two words", ["K", "IH", "Q"])
    assert len(raised.value.faults) == 3
    with pytest.raises(ConfigError, match="got none"):
        check_arpabet("word", [])


def test_every_phoneme_of_the_dictionary_is_accepted() -> None:
    known = {phone for phones in cmu_dictionary().values() for phone in phones.split()}
    assert len(known) == 69
    assert check_arpabet("word", sorted(known)) == tuple(sorted(known))


CHINESE = "# places\n银行\tyin2 hang2\t他去银行取钱。\n#重\tchong2\n重庆\tchong2 qing4\n"


def test_lines_of_other_languages_keep_case_spaces_and_sentences() -> None:
    found = list_terms(CHINESE, "zh")
    assert [(term.written, term.reading, term.line) for term in found.values()] == [
        ("银行", "yin2 hang2", 2),
        ("重庆", "chong2 qing4", 4),
    ]
    assert found["银行"].carrier == "他去银行取钱。"
    assert found["重庆"].carrier is None
    after = with_term(CHINESE, "zh", "重庆", "chong2 qing4", carrier="重庆很热。")
    assert after.splitlines()[3] == "重庆\tchong2 qing4\t重庆很热。"
    assert without_term(after, "zh", "重庆") == "".join(CHINESE.splitlines(keepends=True)[:3])
    assert list(list_terms("MRI\tえむ\nmri\tえ\n", "ja")) == ["MRI", "mri"]


def test_a_sentence_of_an_english_word_stands_behind_its_phonemes() -> None:
    text = with_term(TEXT, "en", "Voxgate", "V AA1 K S", carrier="We use Voxgate daily.")
    term = list_terms(text, "en")["voxgate"]
    assert (term.reading, term.carrier) == ("V AA1 K S", "We use Voxgate daily.")


@pytest.mark.parametrize("field", ["a\tb", "a\nb", " a", "", "a\u200bb"])
def test_what_no_line_can_hold_is_refused(field: str) -> None:
    with pytest.raises(ConfigError, match="printable text of one line"):
        check_written("word", field)


def test_a_word_that_would_be_a_comment_is_refused() -> None:
    with pytest.raises(ConfigError, match="is a comment"):
        check_written("#tag", "tag1")
