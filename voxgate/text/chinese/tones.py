"""Change tones inside groups of words: 不, 一, neutral tone, third tones.

The ways of the public checkpoints' training data, which the networks know, without its faults: 一
at the end of a number keeps its tone, 不 behind an adverb changes as elsewhere, and 地 is neutral
only as a particle.
"""

from __future__ import annotations

import re

from voxgate.text.chinese.neutral_words import FULL_TONE, NEUTRAL
from voxgate.text.chinese.words import Word, parts_of

__all__ = ["change_tones"]

_PARTICLES = frozenset("吧呢哈啊呐噻嘛吖嗨哦哒额滴哩哟喽啰耶喔诶")
_ASPECT = frozenset("了着过")
_BEFORE_GE = frozenset("几有两半多各整每做是〇零一二三四五六七八九十百千万亿")
_NUMERALS = frozenset("〇零一幺二三四五六七八九十百千万亿两")
_ADVERBS = frozenset("真太很从绝毫并也都就决更还又再可却倒而总永尚")
_ORDINAL_AFTER = ("月", "号", "楼", "年级", "等奖", "等功", "把手", "流")
_BETWEEN_NUMBERS = ("点", "比", "之")
_FAR = 4
_SUM = re.compile("(?:加|减|乘|除以|等于|比|到|至)[〇零一二三四五六七八九十百千万两]")
_NEUTRAL, _THIRD, _FOURTH = "5", "3", "4"


def change_tones(group: Word, syllables: list[str], before: str, after: str) -> list[str]:
    """Return the syllables of a group as they are said; `before` and `after` are what is around.

    Rules follow each other: 不 and 一 hear the full tone of what is neutral later (一个 is yi2).
    """
    syllables = _change_bu(group.text, syllables)
    syllables = _change_yi(group.text, syllables, before, after)
    syllables = _drop_tones(group, syllables)
    said = _change_third(group.text, syllables)
    if group.text.endswith("哪里"):
        said[-1] = _toned(said[-1], _NEUTRAL)
    return said


def _toned(syllable: str, tone: str) -> str:
    return syllable[:-1] + tone


def _change_bu(word: str, syllables: list[str]) -> list[str]:
    said = list(syllables)
    if len(word) == 3 and word[1] == "不" and word[0] not in _ADVERBS:  # noqa: PLR2004 看不懂
        said[1] = _toned(said[1], _NEUTRAL)
        return said
    for place, character in enumerate(word[:-1]):
        if character == "不":
            said[place] = "bu2" if said[place + 1].endswith(_FOURTH) else "bu4"
    return said


def _change_yi(word: str, syllables: list[str], before: str, after: str) -> list[str]:
    said = list(syllables)
    if len(word) == 3 and word[1] == "一" and word[0] == word[2]:  # noqa: PLR2004 看一看
        said[1] = "yi5"
        return said
    for place, character in enumerate(word):
        if character == "一":
            right = word[place + 1 :] + after[:_FAR]
            following = said[place + 1] if place + 1 < len(word) else ""
            said[place] = f"yi{_tone_of_yi(word, before[-2:] + word[:place], right, following)}"
    return said


def _tone_of_yi(word: str, context: str, right: str, following: str) -> str:
    left, earlier = context[-1:], context[-2:-1]
    counts = right[:1] == "百" or (right[:1] in tuple("千万亿") and not _is_number(word))
    in_number = left != "" and left in _NUMERALS
    in_number = in_number or (left in _BETWEEN_NUMBERS and earlier != "" and earlier in _NUMERALS)
    if right[:1] in _NUMERALS and right[:1] != "" and not counts:
        return "1"
    if _SUM.match(right):
        return "1"
    ordinal = left in ("第", "初", "月") or right.startswith(_ORDINAL_AFTER)
    if (in_number or ordinal) and not counts:
        return "1"
    if not following:
        return "1"
    return "2" if following.endswith(_FOURTH) else _FOURTH


def _is_number(word: str) -> bool:
    return all(character in _NUMERALS for character in word)


def _drop_tones(group: Word, syllables: list[str]) -> list[str]:
    word, said = group.text, list(syllables)
    if group.flag[:1] in ("n", "v", "a") and word not in FULL_TONE:
        for place in range(1, len(word)):
            if word[place] == word[place - 1] and word[place] not in _NUMERALS:
                said[place] = _toned(said[place], _NEUTRAL)
    if (ending := _neutral_place(group)) is not None:
        said[ending] = _toned(said[ending], _NEUTRAL)
    first, _ = parts_of(word)
    if first.endswith("子") and group.flag == "n" and first not in FULL_TONE and len(first) > 1:
        said[len(first) - 1] = _toned(said[len(first) - 1], _NEUTRAL)
    for part, end in ((word[: len(first)], len(first) - 1), (word[len(first) :], len(word) - 1)):
        if part in NEUTRAL or part[-2:] in NEUTRAL:
            said[end] = _toned(said[end], _NEUTRAL)
    return said


def _neutral_place(group: Word) -> int | None:
    """Return which syllable of the group has no tone, by its ending or its list."""
    word, flag, last = group.text, group.flag, len(group.text) - 1
    ge = word.find("个")
    end = word[-1]
    if end in _PARTICLES or (end in _ASPECT and flag in ("ul", "uz", "ug")):
        return last
    if len(word) > 1:
        if end in "们子" and flag in ("r", "n") and word not in FULL_TONE:
            return last
        if end in "上下里" and flag in ("s", "l", "f") and word[-2] not in "东南西北上":
            return last
        if end in "来去" and word[-2] in "上下进出回过起开":
            return last
    if word == "个" or (ge >= 1 and word[ge - 1] in _BEFORE_GE):
        return ge
    return last if word in NEUTRAL or word[-2:] in NEUTRAL else None


def _change_third(word: str, syllables: list[str]) -> list[str]:
    """Lift third tones before third tones, inside parts of two characters and between parts."""
    third = [syllable.endswith(_THIRD) for syllable in syllables]
    lifted: tuple[int, ...] = ()
    if len(third) == 2:  # noqa: PLR2004
        lifted = (0,) if all(third) else ()
    elif len(third) == 3:  # noqa: PLR2004
        lifted = _lifted_of_three(third, len(parts_of(word)[0]))
    elif len(third) == 4:  # noqa: PLR2004
        lifted = tuple(start for start in (0, 2) if all(third[start : start + 2]))
    return [
        _toned(syllable, "2") if place in lifted else syllable
        for place, syllable in enumerate(syllables)
    ]


def _lifted_of_three(third: list[bool], border: int) -> tuple[int, ...]:
    """Return which of three syllables are lifted; `border` is where the second part begins."""
    if all(third):
        return (0, 1) if border == 2 else (1,)  # noqa: PLR2004 展览/馆, 小/老虎
    if border == 2 and all(third[:2]):  # noqa: PLR2004
        return (0,)
    if border == 1 and all(third[1:]):
        return (1,)
    if border < len(third) and third[border - 1] and third[border] and not all(third[border:]):
        return (border - 1,)
    return ()
