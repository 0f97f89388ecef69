"""What the Standard Pronunciation asks of morphemes: tense consonants, ㄴ that comes in, stems."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from voxgate.text.korean.morphemes import Morpheme
from voxgate.text.korean.number_sounds import NUMERALS, mark_numbers
from voxgate.text.korean.syllables import Border, Syllable, bring_n, tense
from voxgate.text.korean.words import marks_in

__all__ = ["mark_morphology"]

_STEMS = frozenset(("VV", "VA", "VX", "VCN"))
_Y_VOWELS = frozenset("ㅑㅕㅛㅠㅒㅖ")
_N_BEFORE_I = re.compile("잎|이불|이야기|이슬|잇몸")
"""Native words in 이 that take ㄴ behind another word; Sino-Korean ones do not."""

_N_SUFFIXES = frozenset(("용", "유", "율", "역", "약"))
_N_OVER_SPACE = re.compile(
    "일(?=[이은을도에만과들]|$| )|입[다고어은는을던지었히]|엿(?=[이을은과도]|$| )|익[다은는히어었]"
)
_N_BEHIND = frozenset(("잘", "못", "옷", "한", "할", "먹은", "먹을"))
"""Words that are said in one breath with the next one."""

_KEEPS_N = re.compile("[란량력령례로론료류]")
"""Suffixes before which the final ㄴ of a longer word stays (section 20)."""

_LOSES_N = tuple(
    "혼란 곤란 논란 환란 산란 연료 진료 원료 만료 완료 전력 인력 근력 권력 난로 선로 진로 관로 "
    "원론 언론 반론 본론 변론 분류 한류 본류 인류 전류 난류 훈령 연령 전령 신령 분량 전량 "
    "관례 전례 대관령".split()
)
"""Words in which ㄴ becomes ㄹ, at the end of longer ones too: 친환경 연료."""

_KEEPS_N_WORDS = ("공권력", "이원론", "일원론", "다원론", "입원료", "견인력", "흡인력")
"""Longer words that end as a word of `_LOSES_N` does."""

_WITHOUT_N = frozenset(("등용문", "송별연", "절약"))
"""Section 29, addition 2, its exceptions."""

_FUTURE = re.compile("[ᆯㄹ을][가-힣]")

_WITHOUT_H = re.compile("싫(?=증)")
"""The one word in which ㅀ does not join the ㅈ behind it: 실쯩."""

_LETTERS = re.compile("디귿|지읒|치읓|티읕|히읗|키읔|피읖")
_LETTER_SOUNDS = {
    "ㄷ": "ㅅ",
    "ㅈ": "ㅅ",
    "ㅊ": "ㅅ",
    "ㅌ": "ㅅ",
    "ㅎ": "ㅅ",
    "ㅋ": "ㄱ",
    "ㅍ": "ㅂ",
}


def mark_morphology(
    text: str, morphemes: Sequence[Morpheme], syllables: Mapping[int, Syllable]
) -> frozenset[int]:
    """Mark and change the syllables of one phrase, by their places in `text`.

    Returns the places that the list of words says something of.
    """
    _mark_borders(morphemes, syllables)
    named: set[int] = set()
    for run in _runs(text, morphemes):
        marks = marks_in(text, run)
        for mark in marks:
            _apply(mark.kind, mark.place, syllables)
            named.add(mark.place)
        if not marks and text[run[0].start : run[0].end] not in _WITHOUT_N:
            _insert_n(run, syllables)
        _keep_n(text, run, syllables)
    mark_numbers(text, syllables)
    _tense_behind_future(morphemes, syllables)
    _insert_n_over_space(text, morphemes, syllables)
    for match in _WITHOUT_H.finditer(text):
        if match.start() in syllables and match.end() in syllables:
            syllables[match.start()].tail = "ㄹ"
            tense(syllables[match.end()])
    for match in _LETTERS.finditer(text):
        last, after = syllables.get(match.end() - 1), syllables.get(match.end())
        if last and after and last.border is not Border.SPACE and after.lead == "ㅇ":
            last.tail = _LETTER_SOUNDS[last.tail]
    return frozenset(named)


def _runs(text: str, morphemes: Sequence[Morpheme]) -> list[list[Morpheme]]:
    """Part morphemes where spaces stand between them."""
    runs: list[list[Morpheme]] = []
    for morpheme in morphemes:
        if runs and runs[-1][-1].end == morpheme.start and text[morpheme.start] != " ":
            runs[-1].append(morpheme)
        else:
            runs.append([morpheme])
    return runs


def _mark_borders(morphemes: Sequence[Morpheme], syllables: Mapping[int, Syllable]) -> None:
    for left, right in pairwise(morphemes):
        last = syllables.get(left.end - 1)
        if last is None or left.end != right.start:
            continue
        if last.border is Border.INSIDE:
            last.border = Border.MORPHEME
        if left.tags[-1] in _STEMS and right.tags[0][0] == "E":
            last.stem = True


def _apply(kind: str, place: int, syllables: Mapping[int, Syllable]) -> None:
    syllable, before = syllables.get(place), syllables.get(place - 1)
    if syllable is None or before is None:
        return
    if kind == "'":
        tense(syllable)
    elif kind == "/":
        before.border = Border.WORD
    else:
        bring_n(before, syllable)


def _insert_n(run: list[Morpheme], syllables: Mapping[int, Syllable]) -> None:
    """Section 29, where one noun follows another."""
    for left, right, place in _noun_borders(run):
        before, syllable = syllables.get(place - 1), syllables.get(place)
        if before is None or syllable is None or not before.tail or syllable.lead != "ㅇ":
            continue
        if syllable.vowel in _Y_VOWELS and (len(right) > 1 or right in _N_SUFFIXES):
            if len(left) > 1 or len(right) > 1:
                bring_n(before, syllable)
        elif syllable.vowel == "ㅣ" and _N_BEFORE_I.match(right) and left not in NUMERALS:
            bring_n(before, syllable)


def _noun_borders(run: list[Morpheme]) -> list[tuple[str, str, int]]:
    borders = []
    parts: list[tuple[str, str, int]] = []
    for morpheme in run:
        place = morpheme.start
        if len("".join(morpheme.parts)) == morpheme.end - morpheme.start:
            for part, tag in zip(morpheme.parts, morpheme.tags, strict=False):
                parts.append((part, tag, place))
                place += len(part)
        else:
            parts.append(("", morpheme.tags[0], place))
    nouns = ("NNG", "NNP", "XPN", "XSN", "MM", "XR")
    for (left, left_tag, _), (right, right_tag, place) in pairwise(parts):
        surname = left_tag == "NNP" and len(left) == 1
        if left_tag in nouns and right_tag in ("NNG", "NNP", "XSN", "XR") and left and not surname:
            borders.append((left, right, place))
    return borders


def _keep_n(text: str, run: list[Morpheme], syllables: Mapping[int, Syllable]) -> None:
    """Section 20, its exceptions: 생산량, 의견란."""
    for morpheme in run:
        word = text[run[0].start : morpheme.end]
        if len(word) < 3 or not (morpheme.nominal or word[-1] in "란로"):  # noqa: PLR2004 syllables
            continue
        last = syllables.get(morpheme.end - 2)
        if last is None or last.tail != "ㄴ" or not _KEEPS_N.fullmatch(word[-1]):
            continue
        if not word.endswith(_LOSES_N) or word.endswith(_KEEPS_N_WORDS):
            last.keeps_n = True


def _tense_behind_future(morphemes: Sequence[Morpheme], syllables: Mapping[int, Syllable]) -> None:
    """Section 27: 할 것, 갈 데, 할게, 할수록."""
    for index, morpheme in enumerate(morphemes):
        last = syllables.get(morpheme.end - 1)
        if last is None:
            continue
        if morpheme.tags[-1] == "ETM" and last.tail == "ㄹ" and index + 1 < len(morphemes):
            following = morphemes[index + 1].start
            between = following - morpheme.end
            if following in syllables and between <= 1:
                tense(syllables[following])
        ending = morpheme.parts[-1]
        if morpheme.parts == ("게요",) and index and morphemes[index - 1].tags[-1] in ("VV", "VX"):
            before = syllables.get(morpheme.start - 1)
            if before is not None and before.tail == "ㄹ":  # 살게요 is 살 and ᆯ게요
                tense(syllables[morpheme.start])
        elif morpheme.tags[-1][0] == "E" and len(ending) > 1 and _FUTURE.match(ending):
            syllable = syllables.get(morpheme.end - len(ending) + 1)
            if syllable is not None:
                tense(syllable)


def _insert_n_over_space(
    text: str, morphemes: Sequence[Morpheme], syllables: Mapping[int, Syllable]
) -> None:
    """Section 29, addition 2: 할 일, 옷 입다, 먹은 엿, said in one breath."""
    for left, right in pairwise(morphemes):
        if right.start != left.end + 1 or right.start not in syllables:
            continue
        word = text[text.rfind(" ", 0, left.end) + 1 : left.end]
        if word not in _N_BEHIND or right.tags[0] not in ("NNG", "VV"):
            continue
        if _N_OVER_SPACE.match(text, right.start):
            before = syllables.get(left.end - 1)
            if before is not None and before.tail:
                bring_n(before, syllables[right.start])
