"""Read the cardinal numbers that are written out in a row of words."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["DIGITS", "NUMBERS", "ONES", "SCALES", "TENS", "Parsed", "read_cardinal", "word_at"]

ONES = {
    word: value
    for value, word in enumerate("one two three four five six seven eight nine".split(), start=1)
}
_TEENS = {
    word: value
    for value, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
        start=10,
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
SCALES = {
    word: 1000**power
    for power, word in enumerate(
        "thousand million billion trillion quadrillion quintillion".split(), start=1
    )
}
DIGITS = {"zero": 0, **ONES}
NUMBERS = {*DIGITS, *_TEENS, *TENS, "hundred", *SCALES}
Parsed = tuple[int, int]
"""A value, and the place behind its last word."""


def read_cardinal(words: Sequence[str], place: int) -> Parsed | None:
    """Read the longest cardinal at `place`; its scales fall ("two million one thousand five").

    >>> read_cardinal("a hundred and five people".split(), 0)
    (105, 4)
    """
    total, end, last_scale = 0, place, None
    while True:
        start = end + 1 if last_scale is not None and word_at(words, end) == "and" else end
        group = _group(words, start)
        if group is None:
            break
        value, behind = group
        scale = SCALES.get(word_at(words, behind), 1)
        if last_scale is not None and scale >= last_scale:
            break
        total, last_scale = total + value * scale, scale
        end = behind + (scale > 1)
        if scale == 1:
            break
    return None if last_scale is None else (total, end)


def _group(words: Sequence[str], place: int) -> Parsed | None:
    """Read what may stand before a scale: "five", "nineteen hundred", "a hundred and six"."""
    article = word_at(words, place) in {"a", "an"}
    follows = word_at(words, place + 1)
    if article and (follows == "hundred" or follows in SCALES):
        small: Parsed | None = (1, place + 1)
    else:
        small = _below_hundred(words, place)
    if small is None or word_at(words, small[1]) != "hundred":
        return small
    value, end = 100 * small[0], small[1] + 1
    rest = _below_hundred(words, end + (word_at(words, end) == "and"))
    if rest is None or word_at(words, rest[1]) == "hundred" or _is_dialled(words, rest):
        return value, end
    return value + rest[0], rest[1]


def _is_dialled(words: Sequence[str], rest: Parsed) -> bool:
    """Tell whether a digit begins a row of them: "eight hundred, five five five"."""
    return rest[0] < len(DIGITS) and word_at(words, rest[1]) in DIGITS


def _below_hundred(words: Sequence[str], place: int) -> Parsed | None:
    word = word_at(words, place)
    if word in TENS:
        ones = ONES.get(word_at(words, place + 1), 0)
        return TENS[word] + ones, place + 1 + (ones > 0)
    value = _TEENS.get(word) or ONES.get(word)
    return None if value is None else (value, place + 1)


def word_at(words: Sequence[str], place: int) -> str:
    """Return the word at `place`, "" behind the last one."""
    return words[place] if place < len(words) else ""
