"""Join words whose tones change each other: 不 and 一 with what follows, third tones, 儿."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from voxgate.text.chinese.phrases import base_readings
from voxgate.text.chinese.words import Word

__all__ = ["join_words"]

_MOST = 3
"""Two words with third tones are said in one breath up to so many characters."""


def join_words(words: Iterable[Word]) -> tuple[Word, ...]:
    """Return groups of words; a group has the part of speech of its first word."""
    groups = _join_bu(list(words))
    groups = _join_yi(groups)
    groups = _join_equals(groups)
    groups = _join_third_tones(groups, _both_all_third)
    groups = _join_third_tones(groups, _third_at_border)
    return tuple(_join_er(groups))


def _joined(first: Word, second: Word) -> Word:
    return Word(first.text + second.text, first.flag)


def _join_bu(words: Sequence[Word]) -> list[Word]:
    groups: list[Word] = []
    for word in words:
        if groups and groups[-1].text == "不":
            groups[-1] = Word("不" + word.text, word.flag)
        else:
            groups.append(word)
    return groups


def _join_yi(words: Sequence[Word]) -> list[Word]:
    """Join 听一听, and 一 with the word behind it."""
    groups: list[Word] = []
    place = 0
    while place < len(words):
        word = words[place]
        around = words[place - 1 : place + 2] if place else ()
        if (
            len(around) == _MOST
            and word.text == "一"
            and around[0].text == around[2].text
            and (around[0].flag == "v" or len(around[0].text) == 1)
            and groups
            and groups[-1] == around[0]
        ):
            groups[-1] = Word(around[0].text + "一" + around[2].text, "v")
            place += 2
            continue
        if groups and groups[-1].text == "一":
            groups[-1] = _joined(groups[-1], word)
        else:
            groups.append(word)
        place += 1
    return groups


def _join_equals(words: Sequence[Word]) -> list[Word]:
    groups: list[Word] = []
    for word in words:
        if groups and groups[-1].text == word.text:
            groups[-1] = _joined(groups[-1], word)
        else:
            groups.append(word)
    return groups


def _join_third_tones(
    words: Sequence[Word], meet: Callable[[Sequence[str], Sequence[str]], bool]
) -> list[Word]:
    tones = [[syllable[-1:] for syllable, _ in base_readings(word.text)] for word in words]
    groups: list[Word] = []
    joined_last = False
    for place, word in enumerate(words):
        before = words[place - 1] if place else None
        joins = (
            before is not None
            and not joined_last
            and meet(tones[place - 1], tones[place])
            and not _is_doubled(before.text)
            and len(before.text) + len(word.text) <= _MOST
        )
        if joins:
            groups[-1] = _joined(groups[-1], word)
        else:
            groups.append(word)
        joined_last = joins
    return groups


def _both_all_third(first: Sequence[str], second: Sequence[str]) -> bool:
    return all(tone == "3" for tone in (*first, *second))


def _third_at_border(first: Sequence[str], second: Sequence[str]) -> bool:
    return first[-1] == "3" and second[0] == "3"


def _is_doubled(word: str) -> bool:
    return len(word) == 2 and word[0] == word[1]  # noqa: PLR2004 two characters


def _join_er(words: Sequence[Word]) -> list[Word]:
    groups: list[Word] = []
    for word in words:
        if groups and word.text == "儿":
            groups[-1] = _joined(groups[-1], word)
        else:
            groups.append(word)
    return groups
