"""Words of texts whose scripts put no spaces between them: characters stand for words there.

Chinese, Cantonese and Japanese have none; Latin words and hangul inside such a text keep theirs.
Texts of other scripts are what `str.split` and a space make of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from voxgate.text.scripts import script_of

__all__ = ["has_spaceless", "is_spaceless", "join_words", "split_words"]

_INSIDE = ".,:'’-/"
"""Marks that may stand inside a word or number."""

_WIDE_MARKS = "、。，．！？；：…‥・「」『』（）《》〈〉【】〜～ー"


def is_spaceless(character: str) -> bool:
    """Tell whether a character is of a script without spaces, or one of its marks."""
    return script_of(character) in ("han", "kana") or character in _WIDE_MARKS


def has_spaceless(text: str) -> bool:
    """Tell whether any character of the text is of a script without spaces.

    >>> has_spaceless("我用 iPhone"), has_spaceless("오늘은"), has_spaceless("“Yes…”")
    (True, False, False)
    """
    return any(script_of(character) in ("han", "kana") for character in text)


def join_words(words: Iterable[str]) -> str:
    """Write words one after the other, with a space where their scripts have one.

    >>> join_words(["我", "用", "iPhone", "拍", "照。"]), join_words(["Hi", "there."])
    ('我用iPhone拍照。', 'Hi there.')
    """
    text = ""
    for word in words:
        if not word:
            continue
        touches = bool(text) and (has_spaceless(text[-1]) or has_spaceless(word[0]))
        after_mark = bool(text) and text[-1] in _WIDE_MARKS and has_spaceless(text)
        text += word if not text or touches or after_mark else f" {word}"
    return text


def split_words(text: str) -> list[str]:
    """Return the words of a text: each character alone where there are no spaces; marks go along.

    >>> split_words("我用iPhone拍照。 Hi there.")
    ['我', '用', 'iPhone', '拍', '照。', 'Hi', 'there.']
    """
    words: list[str] = []
    for part in text.split():
        if not has_spaceless(part):
            words.append(part)
            continue
        words += _parted(part)
    return words


def _parted(part: str) -> list[str]:
    words = [part[0]]
    for character in part[1:]:
        opens = not any(map(str.isalnum, words[-1]))  # a mark, such as a quotation's
        if opens or not character.isalnum() or _continues(words[-1], character):
            words[-1] += character
        else:
            words.append(character)
    return words


def _continues(word: str, character: str) -> bool:
    """Tell whether a letter belongs to the word before it: both are of a script with spaces."""
    before = word[-2:] if word[-1] in _INSIDE else word[-1]
    return not is_spaceless(character) and all(
        (one.isalnum() and not is_spaceless(one)) or one in _INSIDE for one in before
    )
