"""What holds for every text that is composed of words, numbers, signs and abbreviations."""

from __future__ import annotations

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxgate.errors import TextError
from voxgate.text.english.lexicon import cmu_dictionary
from voxgate.text.english.normalisation import normalise
from voxgate.text.english.word_forms import pronounce_inflected

SPOKEN = re.compile(r"[A-Za-z' ,.!?…-]*")

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
VALUES = {
    **{word: value for value, word in enumerate(SMALL)},
    **{word: 10 * value for value, word in enumerate(TENS) if value > 1},
}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}

WORDS = st.sampled_from("the river ran under our old wooden bridge while they slept".split())
LINKS = st.sampled_from((" ", ", ", "; ", " - ", " — ", ": ", ". ", "! ", " (", ") ", "\n", " / "))
ABBREVIATIONS = st.sampled_from(
    "Dr. Smith|Mr. Lee|e.g.|i.e.|etc.|vs.|Ph.D.|U.S.|Inc.|Co.|Jr.|approx.|No. 7|min.|max.|dept.|"
    "Sat.|Mon.|Jan.|Sept.|a.m.|5 p.m.|St. Paul|Main St.|5th Ave.|Apt. 4|Ste. 9|Fig. 3|pp. 7|vol. 2|"
    "Henry VIII|chapter IV|et al.|ca. 1900|w/o|Mt. Hood|Blvd.|Gen. Lee|Rev. Hill|lbs.|oz.".split(
        "|"
    )
)
UNITS = st.sampled_from(
    "min|min.|s|h|hrs|ms|km|km/h|m²|ft²|ft|ft.|in.|lb|lbs.|oz|kg|g|mg/L|l|ml|tbsp|tsp.|fl oz|kWh|W|"
    "GB|MB/s|Hz|dB|°C|°F|%|mph|cm^3|m/s²".split("|")
)
SIGNS = st.sampled_from("-–—+±×÷=≠≤<>~^²³√%‰°&@#§$€£¥/*_|")
NUMBERS = st.one_of(
    st.integers(0, 10**9).map(str),
    st.integers(0, 10**9).map("{:,}".format),
    st.integers(1000, 10**9).map(lambda n: f"{n:,}".replace(",", "\u202f")),
)
PIECES = st.one_of(
    WORDS,
    ABBREVIATIONS,
    st.tuples(NUMBERS, st.sampled_from(("", " ", "-")), UNITS).map("".join),
    st.tuples(st.sampled_from("$€£¥"), NUMBERS).map("".join),
    st.tuples(NUMBERS, SIGNS, NUMBERS).map("".join),
    st.tuples(NUMBERS, SIGNS, NUMBERS).map(" ".join),
    st.tuples(SIGNS, NUMBERS).map("".join),
    st.dates().map(str),
    st.dates().map(lambda day: f"{day.month}/{day.day}/{day.year % 100:02}"),
    st.times().map(lambda at: f"{at:%H:%M}"),
    SIGNS,
)
TEXTS = st.lists(st.tuples(PIECES, LINKS).map("".join), min_size=1, max_size=6).map("".join)


def number_of(words: list[str]) -> int:
    """Read number words back: cardinals, years by their centuries, and digits one by one."""
    if all(word in SMALL[:10] for word in words):
        return int("".join(str(VALUES[word]) for word in words))
    if not set(words) & {"hundred", *SCALES}:  # a year in two halves
        first, second = words if "oh" not in words else (words[0], words[2])
        return 100 * below_hundred(first) + below_hundred(second)
    total, group = 0, 0
    for word in words:
        if word == "hundred":
            group *= 100
        elif word in SCALES:
            total, group = total + group * SCALES[word], 0
        else:
            group += below_hundred(word)
    return total + group


def below_hundred(word: str) -> int:
    return sum(VALUES[part] for part in word.split("-"))


@settings(max_examples=100, deadline=None)
@given(st.integers(100, 10**11))
def test_a_number_is_still_the_same_number(number: int) -> None:
    for written in (f"{number}", f"{number:,}", f"{number:,}".replace(",", "\u00a0")):
        spoken = normalise(f"We saw {written} there.")
        assert number_of(spoken.removeprefix("We saw ").removesuffix(" there.").split()) == number


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(WORDS, LINKS, PIECES, LINKS), min_size=1, max_size=5))
def test_no_word_beside_numbers_and_abbreviations_is_lost(
    parts: list[tuple[str, str, str, str]],
) -> None:
    spoken = normalise("".join(f"{word}{a}{piece}{b}" for word, a, piece, b in parts))
    heard = iter(spoken.lower().split())
    for word, *_ in parts:
        assert any(token.strip(",.!?…") == word for token in heard), (word, spoken)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_composed_text_is_spoken_once_and_for_all(text: str) -> None:
    spoken = normalise(text)
    assert SPOKEN.fullmatch(spoken)
    assert normalise(spoken) == spoken


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_no_abbreviation_becomes_a_word_that_no_dictionary_knows(text: str) -> None:
    known = {**cmu_dictionary(), "caret": "K AE1 R AH0 T"}  # the name of ^

    def find(word: str) -> tuple[str, ...] | None:
        return tuple(known[word].split()) if word in known else None

    for word in re.findall(r"[a-z']+", normalise(text).lower().replace("-", " ")):
        assert len(word) == 1 or word in known or pronounce_inflected(word, find), word


def test_numbers_are_read_to_a_thousand_digits_and_longer_ones_named() -> None:
    assert normalise("7" * 1000) == " ".join(["seven"] * 1000)
    with pytest.raises(TextError, match=r"near character 4 has 5,000 digits; at most 1,000 are"):
        normalise("Say " + "7" * 5000)
    with pytest.raises(TextError, match="has 6,000 digits"):
        normalise(",".join(["777"] * 2000))


@pytest.mark.parametrize(
    "written",
    [
        "${}",
        "{}%",
        "{}th",
        "{}/{}",
        "{}:{}",
        "{} km",
        "1.{}",
        "{}e5",
        "2^{}",
        "{}-{}",
        "{}s",
        "'{}",
    ],
)
def test_no_rule_stumbles_over_long_numbers(written: str) -> None:
    for count in (21, 22, 500, 1000):
        assert SPOKEN.fullmatch(normalise(written.format("9" * count, "8" * count)))


REPEATED = (
    "a|1|1,|1.|1-|a-|a.|a@|**a|_|`|<|<b>|&amp;|[a](|"
    '(|)|"|\' |5" |$1-|1/1 |1:|1 |100 |Dr. |A. |V I |'
    "chapter II |Henry I |–|.|x^2|1e5|+1 |1=|x-|x - |%|a/|http://a.|www.|a²|01-|AB12 |5 in |Jan 1 |"
    "2024-|XIV |O'|5 p.m. |5:00-|etc. |~~a|a, TX |)x|$1 to |\n# a|\u00ad|1/"
).split("|")


@pytest.mark.slow
@pytest.mark.parametrize("unit", REPEATED)
def test_time_grows_with_the_length_of_a_text_and_no_faster(unit: str) -> None:
    assert seconds(unit, 40_000) < 12 * seconds(unit, 10_000) + 1


def seconds(unit: str, length: int) -> float:
    text = (unit * length)[:length]
    start = time.process_time()
    with suppress(TextError):
        normalise(text)
    return time.process_time() - start
