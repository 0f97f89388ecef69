"""Turn written Chinese into the characters that are spoken."""

from __future__ import annotations

import re

from voxgate.errors import TextError
from voxgate.text.chinese.characters import plain_characters
from voxgate.text.chinese.phrases import is_known, simplified
from voxgate.text.chinese.wording import MANDARIN
from voxgate.text.han.grammar import speak
from voxgate.text.inline_readings import lift, lower

__all__ = ["normalise"]

_MARKS = {
    **dict.fromkeys("，、；：,;:/|", ","),
    **dict.fromkeys("。.\n", "."),
    **dict.fromkeys("！!", "!"),
    **dict.fromkeys("？?", "?"),
    **dict.fromkeys("…~", "…"),
    **dict.fromkeys("—-_\\ ", ""),
    **dict.fromkeys("′″", ""),
}
_FOLD = str.maketrans(_MARKS)
_DOTS = re.compile(r"\.{2,}|。{2,}")
_REPEATED = re.compile(r"([,.!?…])[,.!?…]+")
_LATIN = re.compile(r"[A-Za-z]+")
_PLACE = re.compile("[\ue000-\uf8ff]")
_ITEM = re.compile(r"[(（](\d{1,2})[)）]|(?:(?<=\n)|^)(\d{1,2})[)）]")
_ITERATION = re.compile("(.)々")
_ZERO = re.compile("(?<=[〇零一二三四五六七八九十年])〇|〇(?=[〇零一二三四五六七八九年])|〇")
_SPACED_CLAUSES = re.compile("(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")


def normalise(text: str) -> str:
    """Return `text` as it is spoken: Han characters, `, . ! ? …`, and `{word|reading}`.

    Applied twice it changes nothing. A text with nothing speakable comes out as "".

    Raises:
        TextError: a character, or a word in another script, has no reading here; a number has more
            than 1,000 digits; an inline reading is broken.
    """
    lifted, readings = lift(text)
    lifted = _ITEM.sub(r"\1\2，", lifted)
    plain = _ITERATION.sub(r"\1\1", plain_characters(lifted))
    spoken = speak(_DOTS.sub("…", plain), MANDARIN)
    spoken = _ZERO.sub("零", spoken)
    if latin := _LATIN.search(spoken):
        raise _foreign(latin.group(), text)
    spoken = _REPEATED.sub(r"\1", spoken.translate(_FOLD)).lstrip(",.!?…")
    for character in spoken:
        _require_reading(character, text)
    return lower(spoken, readings)


def _foreign(word: str, text: str) -> TextError:
    place = text.find(word) + 1
    where = f" at character {place}" if place else ""
    return TextError(
        f"{word!r}{where} is no Chinese; let the voice speak English too, write it in Chinese "
        f"characters, or say how it is read: {{{word}|pinyin with tones}}"
    )


def _require_reading(character: str, text: str) -> None:
    if character in ",.!?…" or _PLACE.match(character):
        return
    if is_known(character) or is_known(simplified(character)):
        return
    place = text.find(character) + 1
    where = f" at character {place}" if place else ""
    raise TextError(
        f"{character!r} (U+{ord(character):04X}){where} has no reading in the dictionary; say how "
        f"it is read: {{{character}|pinyin with tone}}, or put it into lexicon.zh.tsv"
    )
