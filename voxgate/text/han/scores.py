"""Say scores and ratios: 3:2, 比分是98:95, 1:50000."""

from __future__ import annotations

import re

from voxgate.text.han.cardinals import NUMBER, say_number
from voxgate.text.han.vocabulary import RATIO_NEAR, alternatives
from voxgate.text.han.wording import Wording

__all__ = ["speak_scores"]

_RATIO = re.compile(
    rf"(?<![\d.,])(?<!\d[:：])({NUMBER}(?:\s*[:：∶]\s*{NUMBER}){{1,4}})(?![\d:：]|\.\d)"
)
_HYPHENED = re.compile(r"(?<![\d.,:：-])(\d{1,3})\s?[-–—]\s?(\d{1,3})(?![\d:：=-]|\s?=|\.\d)")
_NEAR = re.compile(alternatives(RATIO_NEAR))
_WINDOW = 8


def speak_scores(text: str, wording: Wording) -> str:
    """Say numbers with a colon between them; with a hyphen only beside the words of a score."""

    def ratio(match: re.Match[str]) -> str:
        numbers = re.split(r"\s*[:：∶]\s*", match.group(1))
        return wording.ratio.join(say_number(number, wording) for number in numbers)

    def hyphened(match: re.Match[str]) -> str:
        around = text[max(0, match.start() - _WINDOW) : match.end() + _WINDOW]
        if not _NEAR.search(around):
            return match.group()
        return wording.ratio.join(say_number(number, wording) for number in match.groups())

    text = _RATIO.sub(ratio, text)
    return _HYPHENED.sub(hyphened, text)
