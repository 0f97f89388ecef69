"""What is counted when a Cantonese voice is judged: syllables, so that homophones are equal."""

from __future__ import annotations

import re

from voxgate.text.cantonese.lexicon import Lexicon
from voxgate.text.cantonese.readings import readings
from voxgate.text.cantonese.script import hong_kong_forms

__all__ = ["sounds", "written"]

_INLINE = re.compile(r"\{([^{}|]+)\|[^{}|]+\}")
_UNWRITTEN = re.compile("[,.!?…\\s-]+")


def sounds(normalised: str) -> tuple[str, ...]:
    """Return the syllables of normalised text, with tones: ("zung1", "man2").

    Raises:
        TextError: a character is in no dictionary.
    """
    return tuple(
        str(syllable)
        for reading in readings(normalised, Lexicon())
        for syllable in reading.syllables
    )


def written(normalised: str) -> tuple[str, ...]:
    """Return the characters of normalised text, each in the form that Hong Kong writes."""
    bare = _UNWRITTEN.sub("", _INLINE.sub(r"\1", normalised))
    return tuple(hong_kong_forms(bare))
