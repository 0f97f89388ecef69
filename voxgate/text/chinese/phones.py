"""From a syllable to the two phones that the public checkpoints were trained on.

An initial as written; after z c s the vowel i is `i0`, after zh ch sh r `ir`; ü is `v`, also after
j q x y; y before e and an gives `E` and `En`; a syllable without an initial begins with AA, EE, OO.
"""

from __future__ import annotations

from functools import cache

from voxgate.errors import TextError
from voxgate.text.symbols import symbol_table

__all__ = ["is_syllable", "syllable_phones"]

_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcs")
_CONTRACTED = {"uei": "ui", "iou": "iu", "uen": "un"}
_VOWELS = {"a": "AA", "e": "EE", "o": "OO"}
_NEAREST = dict(
    entry.split("=")
    for entry in "m=mu n=en ng=en hm=hen hng=heng ê=ei rua=ruo eng=en yo=you kei=ke "
    "cei=sui yai=ya biang=bian din=ding den=dun lo=luo fiao=fu".split()
)
"""Rare syllables that the tables lack, each with the nearest one."""


def is_syllable(syllable: str) -> bool:
    """Tell whether `syllable` is pinyin with a tone from 1 to 5 that the tables can say."""
    return _phones(syllable.replace("ü", "v")) is not None


def syllable_phones(syllable: str) -> tuple[str, str]:
    """Return the phones of a syllable, such as `zhong4`.

    Raises:
        TextError: it is no syllable of Mandarin.
    """
    phones = _phones(syllable.replace("ü", "v")) or _phones(
        _NEAREST.get(syllable[:-1], "") + syllable[-1:]
    )
    if phones is None:
        raise TextError(
            f"{syllable!r} is no syllable of Mandarin; need pinyin with a tone from 1 to 5, such "
            "as zhong4 or de5, and v for ü"
        )
    return phones


@cache
def _phones(syllable: str) -> tuple[str, str] | None:
    if len(syllable) < 2 or syllable[-1] not in "12345":  # noqa: PLR2004 a vowel and a tone
        return None
    letters, tone = syllable[:-1], syllable[-1]
    initial = next((i for i in _INITIALS if letters.startswith(i)), "")
    if initial:
        first, final = initial, _final(initial, letters[len(initial) :])
    elif letters[0] == "y":
        rest = letters[1:]
        final = {"e": "E", "an": "En"}.get(rest, "v" + rest[1:] if rest[:1] == "u" else rest)
        first = "y"
    elif letters[0] == "w":
        first, final = "w", letters[1:]
    elif letters[0] in _VOWELS:
        first, final = _VOWELS[letters[0]], letters
    else:
        return None
    phones = (first, final + tone)
    known = symbol_table("v1")
    return phones if final and all(phone in known for phone in phones) else None


def _final(initial: str, final: str) -> str:
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "v" + final[1:]
    if initial in ("n", "l") and final == "ue":
        final = "ve"
    if final == "i" and initial in ("z", "c", "s"):
        return "i0"
    if final == "i" and initial in ("zh", "ch", "sh", "r"):
        return "ir"
    return _CONTRACTED.get(final, final)
