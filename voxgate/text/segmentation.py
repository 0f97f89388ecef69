"""Part a text into spans of one language each.

Nothing is guessed by a model: tags say it, else the script, else what the characters of a clause
tell, else the voice's own language. Numbers, signs and units belong to the language of the
sentence around them, so they are set aside before Latin letters become English.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import groupby

from voxgate.errors import TextError
from voxgate.text.han_spans import language_of_han
from voxgate.text.inline_readings import InlineReading, inline_reading_at
from voxgate.text.languages import LANGUAGE_NAMES
from voxgate.text.scripts import script_of
from voxgate.text.tags import part_by_tags
from voxgate.text.written_tokens import Token, tokenise

__all__ = ["LanguageSpan", "part_by_language"]

_SCRIPT_LANGUAGES = {"kana": "ja", "hangul": "ko", "latin": "en"}
_COUNTERS = frozenset(
    "点點个個台年月日元号號天岁歲人次分秒块塊倍位件张張条條本時回円歳番年時間分개명시월일원번층"
)
"""Behind a number they make it one of their language: "iPhone 15" is a name, "15台" is not."""
_SHORT_CODE = 2
_ENGLISH_SIGNS = frozenset("&@#＆＠＃")
"""Signs that English words take between them; all others are of the sentence around."""
_MATRIX_LANGUAGES = ("zh", "yue", "ja", "ko")


@dataclass(frozen=True)
class LanguageSpan:
    """A part of a text in one language; `start` is its place in the text as written.

    `spaced` tells that white space parts it from the span before it.
    """

    language: str
    text: str
    start: int
    spaced: bool = False


def part_by_language(
    text: str,
    *,
    primary: str,
    allowed: Collection[str],
    inline: tuple[InlineReading, ...] = (),
) -> list[LanguageSpan]:
    """Return the spans of `text` in order; together they are all of it, but for its tags.

    Characters that several languages write belong to `primary` unless the others of their clause
    say otherwise. `inline` holds the readings whose places stand in the text.

    Raises:
        TextError: a word is of a language that is not `allowed`; names it and its place.
    """
    spans: list[LanguageSpan] = []
    for part in part_by_tags(text):
        if part.language is not None:
            _require_allowed(part.language, part.text, part.start, allowed)
            found = [LanguageSpan(part.language, part.text, part.start)]
        else:
            found = _Part(part.text, primary, allowed, inline).spans(part.start)
        spans.extend(found)
    return _joined(spans)


@dataclass
class _Part:
    """The tokens of a text without tags, and the language of each as it becomes known."""

    text: str
    primary: str
    allowed: Collection[str]
    inline: tuple[InlineReading, ...]
    tokens: list[Token] = field(init=False)
    languages: list[str | None] = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = tokenise(self.text)
        self.languages = [self._by_script(token) for token in self.tokens]

    def spans(self, start: int) -> list[LanguageSpan]:
        self._place_han()
        self._place_numbers()
        self._place_marks()
        for token, language in zip(self.tokens, self.languages, strict=True):
            if token.kind not in ("mark", "number", "sign"):
                _require_allowed(
                    language or self.primary, token.text, start + token.start, self.allowed
                )
        return [
            LanguageSpan(language or self.primary, token.text, start + token.start)
            for token, language in zip(self.tokens, self.languages, strict=True)
        ]

    def _by_script(self, token: Token) -> str | None:
        if token.kind == "inline":
            reading = inline_reading_at(token.text, self.inline)
            scripts = [script_of(c) for c in reading.written] if reading else []
            return next((_SCRIPT_LANGUAGES[s] for s in scripts if s in _SCRIPT_LANGUAGES), None)
        return _SCRIPT_LANGUAGES.get(token.kind)

    def _place_han(self) -> None:
        found = language_of_han(
            self.tokens, self.languages, primary=self.primary, allowed=self.allowed
        )
        for index, language in found.items():
            self.languages[index] = language

    def _place_numbers(self) -> None:
        """Give numbers and signs to the nearest language of the sentence that is not English."""
        before = self._nearest(range(len(self.tokens)))
        after = self._nearest(range(len(self.tokens) - 1, -1, -1))
        known = [language for language in self.languages if language is not None]
        # A text with no word of another language: English words make it English.
        matrix = next(
            (language for language in known if language in _MATRIX_LANGUAGES),
            "en" if known else self.primary,
        )
        for index, token in enumerate(self.tokens):
            if token.kind not in ("number", "sign"):
                continue
            near = after[index] or before[index] or matrix
            self.languages[index] = "en" if self._is_english(index, near) else near

    def _nearest(self, order: range) -> list[str | None]:
        """For each token the last language before it, in this order, that is not English."""
        found: list[str | None] = [None] * len(self.tokens)
        last: str | None = None
        for index in order:
            found[index] = last
            if self.tokens[index].ends_sentence:
                last = None
            if self.languages[index] in _MATRIX_LANGUAGES:
                last = self.languages[index]
        return found

    def _is_english(self, index: int, sentence: str) -> bool:
        """Tell whether a number is said in English: inside English words, or behind a name."""
        token = self.tokens[index]
        before, after = self._beside(index, -1), self._beside(index, +1)
        if token.glued_left or token.glued_right:
            return (
                token.kind == "number"
                and sentence in ("ja", "ko")
                and len(token.text) <= _SHORT_CODE
            )
        if before is None or not self._is_latin(before):
            return False
        if token.kind == "sign":
            return token.text in _ENGLISH_SIGNS and self._is_latin(after)
        return self._is_latin(after) or self._belongs_to_name(self.tokens[before].text, index)

    def _belongs_to_name(self, name: str, index: int) -> bool:
        """Tell whether a number is part of a name, as in "Windows 11", and counts nothing."""
        following = self.tokens[index + 1].text[0] if index + 1 < len(self.tokens) else ""
        return (
            self.tokens[index].text[0].isdigit()
            and len(name) > _SHORT_CODE
            and any(map(str.isupper, name))
            and following not in _COUNTERS
        )

    def _beside(self, index: int, step: int) -> int | None:
        """Return the next token that is no white space, or None."""
        at = index + step
        while 0 <= at < len(self.tokens) and self.tokens[at].text.isspace():
            at += step
        return at if 0 <= at < len(self.tokens) else None

    def _is_latin(self, index: int | None) -> bool:
        return index is not None and self.tokens[index].kind == "latin"

    def _place_marks(self) -> None:
        """A mark goes with what stands before it, at the start with what follows."""
        last: str | None = None
        for index, language in enumerate(self.languages):
            last = self.languages[index] = language or last
        first = next((language for language in self.languages if language), self.primary)
        self.languages = [language or first for language in self.languages]


def _require_allowed(language: str, text: str, start: int, allowed: Collection[str]) -> None:
    if language in allowed:
        return
    raise TextError(
        f"{text[:20]!r} at character {start + 1} is {LANGUAGE_NAMES[language]}, which this voice "
        f"does not speak (it speaks {', '.join(allowed)}); write it in one of these, or train the "
        f"voice with {LANGUAGE_NAMES[language]} ({language}) among its languages"
    )


def _joined(spans: list[LanguageSpan]) -> list[LanguageSpan]:
    """Make neighbours of one language one span."""
    joined: list[LanguageSpan] = []
    spaced = False
    for language, found in groupby(spans, key=lambda span: span.language):
        run = list(found)
        text = "".join(span.text for span in run)
        joined.append(LanguageSpan(language, text, run[0].start, spaced or text[:1].isspace()))
        spaced = bool(re.search(r"\s$", text))
    return joined
