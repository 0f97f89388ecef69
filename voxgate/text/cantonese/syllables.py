"""Jyutping: the syllables of Cantonese, by onset, rime and tone.

Source: the scheme of the Linguistic Society of Hong Kong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from voxgate.errors import TextError

__all__ = ["Syllable", "parse_syllable", "parse_syllables", "syllables_fault"]

_RIMES = (
    "aa aai aau aam aan aang aap aat aak a ai au am an ang ap at ak "
    "e ei eu em en eng ep et ek i iu im in ing ip it ik "
    "o oi ou om on ong op ot ok u ui um un ung up ut uk "
    "oe oen oeng oet oek eoi eon eot yu yun yut m ng"
).split()
_ONSETS = "gw kw ng b p m f d t n l g k w h z c s j".split()
_SYLLABLE = re.compile(
    f"(?P<onset>{'|'.join(_ONSETS)})?(?P<rime>{'|'.join(sorted(_RIMES, key=len, reverse=True))})"
    "(?P<tone>[1-6])"
)
_EXAMPLE = "jyutping with tones 1 to 6 such as 'hoeng1 gong2'"


@dataclass(frozen=True, kw_only=True)
class Syllable:
    """A syllable in parts; `onset` is "" where a vowel, m or ng begins it."""

    onset: str
    rime: str
    tone: str

    def __str__(self) -> str:
        return self.onset + self.rime + self.tone


def parse_syllable(jyutping: str) -> Syllable:
    """Take a syllable such as gwong2 apart.

    Raises:
        TextError: it is none.
    """
    match = _SYLLABLE.fullmatch(jyutping)
    if match is None:
        raise TextError(f"{jyutping!r} is no syllable of Cantonese; need {_EXAMPLE}")
    return Syllable(onset=match["onset"] or "", rime=match["rime"], tone=match["tone"])


def parse_syllables(reading: str) -> tuple[Syllable, ...]:
    """Take syllables apart that spaces part: "gwong2 dung1".

    Raises:
        TextError: one is none.
    """
    return tuple(map(parse_syllable, reading.split()))


def syllables_fault(written: str, reading: str) -> str | None:
    """Return what is wrong with a reading, which owes each character one syllable, or None."""
    try:
        syllables = parse_syllables(reading)
    except TextError as error:
        return f"{written!r}: {error}"
    if len(syllables) != len(written):
        return (
            f"{written!r} has {len(written)} characters and {reading!r} {len(syllables)} "
            f"syllables; need one a character, {_EXAMPLE}"
        )
    return None
