from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxgate.errors import TextError
from voxgate.text.english.normalisation import normalise

SPOKEN = re.compile(r"[A-Za-z' ,.!?…-]*")

CASES = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parents[3] / "fixtures" / "spoken_english.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
]

PIECES = st.sampled_from(
    (
        "Dr.|St. |Inc.|e.g.|etc.|No. |U.S.|Sat. |5|12|2024|007|3.5|1,200|1st|1990s|'90s|12:30|"
        "9 a.m.|5th|Jan|May |March |$|€|¢|%|°C|½|²|①|μ|Ω|π|k|m|s|AI|USA|APIs|iPhone|Mc|XIV|"
        "Henry |part I|-|--| - |—|–|'|s'|n't|the |hello |World |a|A| I |...|…|!|?|,|;|:|/|#|"
        "*|@|&|+|=|(|)|[|]|<|>|_|~|.|www.|.com|http://|v1|555-1234|+1|1/2|\n|\t|\u200b|ﬁ|Ａ|"
        "１|é|ß|😀"
    ).split("|")
)


@pytest.mark.parametrize(("written", "spoken"), CASES)
def test_writing_becomes_speech(written: str, spoken: str) -> None:
    assert normalise(written) == spoken


def test_full_width_punctuation_keeps_its_pause_unlike_upstream() -> None:
    assert normalise("yes；no，maybe。ok！really？") == "yes, no, maybe. ok! really?"


@pytest.mark.parametrize("nothing", ["", "   ", "...", "—", "😀", "\u200b\n", "()[]", "'"])
def test_text_without_words_becomes_empty(nothing: str) -> None:
    assert normalise(nothing) == ""


@pytest.mark.parametrize(
    ("text", "name"), [("hi 你", "U\\+4F60 CJK"), ("Привет", "U\\+041F CYRILLIC")]
)
def test_other_scripts_are_named_in_the_error(text: str, name: str) -> None:
    with pytest.raises(TextError, match=name) as caught:
        normalise(text)
    assert "write the word in Latin letters or remove it" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lim ⊗ 5", "CIRCLED TIMES, near character 4.* is a sign without a reading"),
        ("₴ 5", "HRYVNIA SIGN, near character 0.* is a sign without a reading: write it as a word"),
        (
            "caf\ufffd",
            "REPLACEMENT CHARACTER, near character 3.* stands where a character was lost",
        ),
    ],
)
def test_what_cannot_be_read_safely_is_named(text: str, message: str) -> None:
    with pytest.raises(TextError, match=message):
        normalise(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_normalising_twice_changes_nothing(text: str) -> None:
    try:
        once = normalise(text)
    except TextError:  # two Greek letters side by side are a Greek word
        return
    assert normalise(once) == once


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_unicode_gives_speakable_characters_or_a_text_error(text: str) -> None:
    try:
        spoken = normalise(text)
    except TextError:
        return
    assert SPOKEN.fullmatch(spoken)
    assert normalise(spoken) == spoken


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789.,:/-$%+# ", max_size=30))
def test_no_digit_survives(text: str) -> None:
    assert SPOKEN.fullmatch(normalise(text))


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("$ 0min", "zero dollars minutes"),
        ("$5km away", "five dollars kilometers away"),
        ("$5abc", "five dollars abc"),
        ("$5m", "five million dollars"),
    ],
)
def test_what_is_written_onto_an_amount_is_a_word_of_its_own(written: str, spoken: str) -> None:
    assert normalise(written) == spoken
