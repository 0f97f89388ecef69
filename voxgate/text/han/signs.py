"""Say signs of arithmetic and others that are words."""

from __future__ import annotations

import re

from voxgate.text.han.cardinals import say_cardinal
from voxgate.text.han.wording import Wording

__all__ = ["speak_arithmetic", "speak_numbering", "speak_powers", "speak_signs"]

_FORMULA = re.compile(r"[\d(（√π][\d\s.,+\-−–×÷*/=≠≈<>≤≥±√π()（）²³^%]*[\d)）²³π%?？]")
_OPERATOR = re.compile(r"[=≠≈≤≥±×÷+*]")
_MINUS = re.compile(r"(?<=[\d)）²³π])\s?[-−–]\s?(?=[\d(（√π])")
_AFTER_POWER = re.compile(r"(?<=[²³])\s?[-−–](?!\s?[-−–])|(?<=[\d)）])\s?−\s?(?=[\d(（])")
_TIMES = re.compile(r"(?<=[\d)）])\s?[*xX]\s?(?=[\d(（])")
_POWER = re.compile(
    r"(?P<base>[\d)）])?(?:\^\s?[({]?(?P<sign>[-−])?(?P<digits>\d+)[)}]?|(?P<raised>[²³]))"
)
_NUMBERED = re.compile(r"(?:№|#)\s?(\d+)(?!\d)|(?<!\d)(\d+)\s?#(?![A-Za-z])")
_ABOUT = re.compile(r"(?:(?<=[约約])|(?<![\d%‰°℃A-Za-z]))~\s?(?=\d)")
_GREEK = re.compile("[Α-Ωα-ωϕϵµ]")
_ALPHA, _ALPHA_CAPITAL, _FINAL_SIGMA = 0x3B1, 0x391, 0x3C2


def speak_arithmetic(text: str, wording: Wording) -> str:
    """Say the minus of a formula, which is no range there."""

    def formula(match: re.Match[str]) -> str:
        written = match.group()
        if not _OPERATOR.search(written):
            return written
        return _TIMES.sub(wording.signs["×"], _MINUS.sub(wording.signs["-"], written))

    return _AFTER_POWER.sub(wording.signs["-"], _FORMULA.sub(formula, text))


def speak_powers(text: str, wording: Wording) -> str:
    """Say 10^6, 10² and the ² that a letter left behind."""

    def power(match: re.Match[str]) -> str:
        base, digits = match["base"] or "", match["digits"]
        if match["raised"] or (digits in ("2", "3") and not match["sign"]):
            second = match["raised"] == "²" or digits == "2"
            if base:
                return base + (wording.squared if second else wording.cubed)
            return wording.square if second else wording.cube
        sign = wording.minus if match["sign"] else ""
        return base + wording.power.format(sign + say_cardinal(digits, wording))

    return _POWER.sub(power, text)


def speak_numbering(text: str, wording: Wording) -> str:
    """Say № and # beside a number, and the ~ before one."""
    text = _NUMBERED.sub(lambda match: (match[1] or match[2]) + wording.number_sign, text)
    return _ABOUT.sub(
        lambda match: (
            "" if text[match.start() - 1 : match.start()] in ("约", "約") else wording.about
        ),
        text,
    )


def speak_signs(text: str, wording: Wording) -> str:
    """Say every sign that is left, and Greek letters."""
    names = wording.greek.split()

    def letter(match: re.Match[str]) -> str:
        code = ord({"ϕ": "φ", "ϵ": "ε", "µ": "μ"}.get(match.group(), match.group()))
        place = code - (_ALPHA if code >= _ALPHA else _ALPHA_CAPITAL)
        return names[
            place - (place > _FINAL_SIGMA - _ALPHA) if place >= _FINAL_SIGMA - _ALPHA else place
        ]

    text = _GREEK.sub(letter, text)
    return "".join(
        character if character in "-−" else wording.signs.get(character, character)
        for character in text
    )
