"""Bring Unicode text down to the characters that the Japanese rules know."""

from __future__ import annotations

import re
import unicodedata

from voxgate.errors import TextError
from voxgate.text.japanese.places import PLACE
from voxgate.text.japanese.variants import GREEK, ORNAMENTS, READ, SPOKEN

__all__ = ["plain_characters"]

_LINE_ENDS = "\n\r\t\v\f\u2028\u2029\x85"
_WITHOUT_WIDTH = re.compile(
    "[\u00ad\u200b-\u200d\u2060\ufeff\u20e3\ufe00-\ufe0f\U000e0100-\U000e01ef"
    "\U000e0020-\U000e007f\U0001f3fb-\U0001f3ff]"
)
"""Also variation selectors, tags, and skin tones of emoji."""
_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_EMOTICON = re.compile(
    r"[(（](?=[^()（）]*[\^´`｀▽∀ωДд≧￣＿_‿◕])[^()（）ぁ-ゖァ-ヺ一-鿿A-NP-SU-Za-np-z1-9]{2,16}[)）]"
)
"""(^_^) and its like, as silent as emoji."""
_SPACING_MARKS = {ord("゛"): "\u3099", ord("゜"): "\u309a"}
"""Composed with the kana before them: カ゛ is ガ."""
_LOSS = re.compile(r"[▲△](?=[¥￥$]?\d)")
"""Before a figure the triangle is a minus."""
_HALF_KANA = re.compile("[ｦ-ﾟ]+")
_ENCLOSED = re.compile("[①-⑳㉑-㉟㊱-㊿❶-❿⓫-⓴]")
_COUNTED = "番つ個回章問巻日月号の点名人位行ページ丁組部話節項目号"
_DASH_IN_WORD = re.compile(r"(?<=[ァ-ヴー])[―](?=[ァ-ヴー])")
_STRAIGHT_QUOTE = re.compile('"')


def plain_characters(text: str) -> str:
    """Return `text` in kana, Han characters, ASCII and the signs that later rules read.

    Widths and variants are folded: half-width kana, enclosed and Roman numbers, quotation marks.
    Only emoji, emoticons, ornaments, variation selectors and characters without width vanish.

    Raises:
        TextError: a character has no reading in Japanese; names it, its place and a remedy.
    """
    text = unicodedata.normalize("NFC", text.translate(_SPACING_MARKS))
    text = _EMOTICON.sub("", text)
    text = _LOSS.sub("マイナス", text)
    folded: list[str] = []
    for place, character in enumerate(text, start=1):
        folded.append(_fold(character, place))
    joined = "".join(folded)
    joined = _HALF_KANA.sub(lambda run: unicodedata.normalize("NFKC", run.group()), joined)
    joined = _ENCLOSED.sub(_open_number, joined)
    joined = _DASH_IN_WORD.sub("ー", joined)
    quotes = iter(range(len(joined)))
    return _STRAIGHT_QUOTE.sub(lambda _: "「」"[next(quotes) % 2], joined)


def _fold(character: str, place: int) -> str:
    """Return what a character is written with; raise where nothing reads it."""
    if character in SPOKEN:
        return SPOKEN[character]
    if character in _LINE_ENDS:
        return "\n"
    if _HALF_KANA.match(character) or _ENCLOSED.match(character):
        return character
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) == 1 and plain in SPOKEN:
        return SPOKEN[plain]
    if plain.lower() in GREEK:
        return GREEK[plain.lower()]
    if _is_silent(character):
        plain = ""
    plain = "".join(SPOKEN.get(part, part) for part in plain)
    if not all(map(_is_read, plain)):
        raise TextError(_fault(character, place))
    return plain


def _is_read(character: str) -> bool:
    return (
        character in READ
        or (character.isascii() and character.isalnum())
        or "ぁ" <= character <= "ゖ"
        or "ァ" <= character <= "ー"
        or unicodedata.name(character, "").startswith("CJK ")
        or PLACE.match(character) is not None
    )


def _is_silent(character: str) -> bool:
    """Tell emoji, ornaments and characters without width from what means something."""
    return (
        character in ORNAMENTS
        or _WITHOUT_WIDTH.match(character) is not None
        or (unicodedata.category(character) == "So" and _EMOJI.match(character) is not None)
    )


def _open_number(match: re.Match[str]) -> str:
    """Write ① as 1, parted by a space from a word that it does not count."""
    sign = match.group()
    value = str(int(unicodedata.numeric(sign)))
    following = match.string[match.end() : match.end() + 1]
    return value if not following or following in _COUNTED else f"{value} "


def _fault(character: str, place: int) -> str:
    name = unicodedata.name(character, "unnamed")
    where = f"{character!r} (U+{ord(character):04X} {name}) at character {place}"
    category = unicodedata.category(character)
    if "HANGUL" in name:
        return f"{where} is Korean: write it in kana, or give the voice Korean (ko)"
    if category in ("Cc", "Cf"):
        return f"{where} is a control character: remove it"
    if category == "Co":
        return f"{where} is a private-use character, nobody can know its reading: write it in kana"
    if character == "\ufffd":
        return f"{where} stands where a character was lost: decode the text anew, or repair it"
    if category.startswith("L"):
        return f"{where} is no Japanese letter: write the word in kana"
    return f"{where} is a sign without a reading in Japanese: write it as a word or remove it"
