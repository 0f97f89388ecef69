"""Phonemes with the marks of Japanese accent, from full-context labels.

The marks are those of Kurihara, Seiyama and Kumano, "Prosodic features control by symbols as input
of sequence-to-sequence acoustic modeling for neural TTS" (2021), which GPT-SoVITS was trained with:
`[` the voice rises, `]` it falls, `_` a pause. A border of accent phrases, `#` in the paper, had no
symbol and became `UNK`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from voxgate.text.front_end import Phones
from voxgate.text.japanese.kana import TABLE_PHONES
from voxgate.text.symbols import UNKNOWN

__all__ = ["BORDER", "FALL", "PAUSE", "RISE", "Sound", "sounds_of_labels"]

RISE, FALL, PAUSE, BORDER = "[", "]", "_", UNKNOWN

_LABEL = re.compile(r"-(?P<phone>[^+]+)\+")
_ACCENT = re.compile(r"/A:(?P<from_fall>-?\d+)\+(?P<place>\d+)\+(?P<from_end>\d+)/")
_PHRASE = re.compile(r"/F:(?P<moras>\d+)_")
_ENDS_OF_MORAS = frozenset(("a", "i", "u", "e", "o", "A", "I", "U", "E", "O", "N", "cl"))


@dataclass(frozen=True)
class Sound:
    """A phoneme of Open JTalk, `pau` for a pause, and the mark that follows it."""

    phone: str
    mark: str | None = None

    def with_accent(self) -> Phones:
        """Return the symbols of the second table: no devoiced vowels, the marks of accent."""
        if self.phone == "pau":
            return (PAUSE,)
        phones = TABLE_PHONES.get(self.phone, (self.phone,))
        voiced = tuple(phone.lower() if phone in "AIUEO" else phone for phone in phones)
        return voiced if self.mark is None else (*voiced, self.mark)

    def plain(self) -> Phones:
        """Return the symbols of the first table, which knows devoiced vowels and no accent."""
        return () if self.phone == "pau" else TABLE_PHONES.get(self.phone, (self.phone,))


def sounds_of_labels(labels: list[str]) -> list[Sound]:
    """Return the phonemes of labels with the marks between them; silence at the ends is none."""
    sounds: list[Sound] = []
    for index, label in enumerate(labels):
        phone = _LABEL.search(label)
        if phone is None or phone["phone"] == "sil":
            continue
        following = labels[index + 1] if index + 1 < len(labels) else ""
        sounds.append(Sound(phone["phone"], _mark(phone["phone"], label, following)))
    return sounds


def _mark(phone: str, label: str, following: str) -> str | None:
    accent, next_accent = _ACCENT.search(label), _ACCENT.search(following)
    phrase = _PHRASE.search(label)
    if accent is None or next_accent is None or phrase is None:
        return None
    place, next_place = int(accent["place"]), int(next_accent["place"])
    if int(accent["from_end"]) == 1 and next_place == 1 and phone in _ENDS_OF_MORAS:
        return BORDER
    falls = int(accent["from_fall"]) == 0 and next_place == place + 1
    if falls and place != int(phrase["moras"]):
        return FALL
    if place == 1 and next_place == 2:  # noqa: PLR2004 the second mora is the first that rises
        return RISE
    return None
