"""What two Japanese texts are compared by when a voice is judged."""

from __future__ import annotations

from voxgate.text.inline_readings import FIRST_PLACE
from voxgate.text.japanese.front_end import read_kana
from voxgate.text.japanese.kana import folded_moras
from voxgate.text.japanese.normalisation import fold
from voxgate.text.japanese.numerals import numerals_to_digits
from voxgate.text.japanese.places import PLACE, lift_readings

__all__ = ["sounds", "written"]


def sounds(normalised: str) -> tuple[str, ...]:
    """Return the moras of a normalised text as pronounced, in katakana, without marks.

    Texts that sound the same give the same: 橋 and 箸, 六時 and 6時, ケーキ and けえき.

    Raises:
        TextError: something in the text cannot be read.
    """
    return folded_moras(read_kana(normalised))


def written(normalised: str) -> tuple[str, ...]:
    """Return the characters of a normalised text without marks and spaces; 三百人 is 300人."""
    lifted = lift_readings(normalised, terms={}, pattern=None, fold=fold)
    text = PLACE.sub(lambda m: lifted.words[ord(m.group()) - FIRST_PLACE], lifted.text)
    return tuple(filter(str.isalnum, numerals_to_digits(text)))
