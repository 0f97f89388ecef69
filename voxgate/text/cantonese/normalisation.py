"""Turn written Cantonese into the characters that are spoken."""

from __future__ import annotations

import re

from voxgate.errors import TextError
from voxgate.text.cantonese.characters import HAN, plain_characters
from voxgate.text.cantonese.marks import tidy
from voxgate.text.cantonese.numbers import speak_numbers
from voxgate.text.cantonese.script import traditional
from voxgate.text.inline_readings import lift, lower

__all__ = ["normalise"]

_SPEAKABLE = re.compile(f"{HAN}|[\ue000-\uf8ff]")
_UNSPOKEN = re.compile(f"[A-Za-z\u00c0-\u024f]+|(?!{HAN})[^,.!?…\\-\ue000-\uf8ff]")


def normalise(text: str) -> str:
    """Return `text` as it is spoken: traditional characters and `, . ! ? … -` only.

    Inline readings stay as they are. Applying it twice changes nothing. A text with nothing
    speakable comes out as "".

    Raises:
        TextError: the text has something that Cantonese does not read; names it and its place.
    """
    lifted, inline = lift(text)
    plain = traditional(plain_characters(lifted))
    spoken = tidy(speak_numbers(plain))
    _refuse_unspoken(spoken, lifted)
    return lower(spoken, inline) if _SPEAKABLE.search(spoken) else ""


def _refuse_unspoken(spoken: str, written: str) -> None:
    """Refuse what no rule has turned into characters: Latin words first of all."""
    match = _UNSPOKEN.search(spoken)
    if match is None:
        return
    left = match.group()
    place = written.find(left) + 1
    where = f"at character {place}" if place else f"in {written[:60]!r}"
    raise TextError(
        f"{left!r} {where} is not read in Cantonese; write it in Chinese characters, give its "
        "reading in the text, {word|jyutping}, or let the voice speak English too"
    )
