"""Language tags inside a text: `<ja>大丈夫</ja>` says whose words these are.

A tag that names no language is not one of these: what it means is for the rules of a language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from voxgate.errors import TextError
from voxgate.text.languages import LANGUAGES

__all__ = ["Tagged", "has_tags", "part_by_tags", "without_tags"]

_TAG = re.compile(rf"<(?P<close>/?)(?P<language>{'|'.join(LANGUAGES)})>")


@dataclass(frozen=True)
class Tagged:
    """A part of a text; `start` is its place there, `language` what a tag says, or None."""

    text: str
    start: int
    language: str | None


def has_tags(text: str) -> bool:
    """Tell whether the text has language tags, well placed or not."""
    return _TAG.search(text) is not None


def without_tags(text: str) -> str:
    """Return the text without its language tags, well placed or not."""
    return _TAG.sub("", text)


def part_by_tags(text: str) -> list[Tagged]:
    """Return what stands between tags, without them.

    Raises:
        TextError: a tag is not closed, closes nothing, or stands inside another.
    """
    parts: list[Tagged] = []
    language: str | None = None
    start = 0
    for tag in _TAG.finditer(text):
        closes = bool(tag["close"])
        if closes != (language is not None) or (closes and tag["language"] != language):
            raise _misplaced(tag, language)
        if tag.start() > start:
            parts.append(Tagged(text[start : tag.start()], start, language))
        language = None if closes else tag["language"]
        start = tag.end()
    if language is not None:
        raise TextError(f"the tag <{language}> is not closed; write </{language}> behind its words")
    if start < len(text):
        parts.append(Tagged(text[start:], start, None))
    return parts


def _misplaced(tag: re.Match[str], language: str | None) -> TextError:
    expected = "an opening tag" if language is None else f"</{language}>"
    return TextError(
        f"expected {expected}, got {tag.group()} at character {tag.start() + 1}; languages do not "
        "stand inside each other"
    )
