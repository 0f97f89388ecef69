"""A voice reads texts of several languages: its own, English, and what else it was trained on.

Each span goes whole to the front end of its language, which normalises it; so nothing is cut
before it is understood. Spans stay recognisable in the normalised text, with tags where the
characters alone would say something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from voxgate.errors import TextError
from voxgate.files import digest_json
from voxgate.text.front_end import FrontEnd, SpokenText, SpokenWord
from voxgate.text.inline_readings import lift, lower
from voxgate.text.scripts import script_of
from voxgate.text.segmentation import LanguageSpan, part_by_language
from voxgate.text.symbols import SymbolTable
from voxgate.text.tags import has_tags
from voxgate.text.unseen import refuse_unseen

__all__ = ["MixedFrontEnd", "NormalisedSpan"]

_SENTENCE = re.compile(r"[^.!?…]*[.!?…]+\s*|[^.!?…]+$")
_MAX_ROUNDS = 4


@dataclass(frozen=True)
class NormalisedSpan:
    """What is spoken of one span; `start` is its place in the text as written."""

    language: str
    text: str
    start: int
    spaced: bool


@dataclass(frozen=True, kw_only=True)
class MixedFrontEnd:
    """Implements `FrontEnd` over the front ends of several languages.

    `open_language` opens the one of a language when it is first met.
    """

    language: str
    symbols: SymbolTable = field(repr=False)
    languages: tuple[str, ...]
    """Those that the voice speaks, its own first."""

    open_language: Callable[[str], FrontEnd] = field(repr=False)
    _opened: dict[str, FrontEnd] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def dictionary_digest(self) -> str:
        """Digest of the dictionaries of all languages; of one language its own."""
        digests = {name: self.front_end(name).dictionary_digest for name in self.languages}
        return digests[self.language] if len(digests) == 1 else digest_json(digests)

    @property
    def shared_run(self) -> int:
        """As in the voice's own language."""
        return self.front_end(self.language).shared_run

    def front_end(self, language: str) -> FrontEnd:
        """Return the front end of one language.

        Raises:
            TextError: its libraries are not installed.
            ConfigError: its lexicon has broken lines.
        """
        if language not in self._opened:
            self._opened[language] = self.open_language(language)
        return self._opened[language]

    def spans(self, text: str) -> list[NormalisedSpan]:
        """Return what is spoken of each span of one language, in order.

        Raises:
            TextError: something in the text cannot be read; names it, and where.
        """
        found: list[NormalisedSpan] = []
        for span, plain in self._spans(text):
            spoken = self.front_end(span.language).normalise(plain)
            if spoken:
                found.append(NormalisedSpan(span.language, spoken, span.start, span.spaced))
        return found

    def normalise(self, text: str) -> str:
        """Return `text` as it is spoken, span by span."""
        return self._write(self.spans(text))

    def read(self, text: str) -> SpokenText:
        """Normalise `text` and pronounce each span in its language."""
        spans: list[NormalisedSpan] = []
        words: list[SpokenWord] = []
        for span, plain in self._spans(text):
            spoken = self.front_end(span.language).read(plain)
            if not spoken.text:
                continue
            if spans and spans[-1].language == "ko" and span.spaced:
                words.append(SpokenWord(word=" ", phones=("空",), source="mark", language="ko"))
            spans.append(NormalisedSpan(span.language, spoken.text, span.start, span.spaced))
            words.extend(replace(word, language=span.language) for word in spoken.words)
        return SpokenText(text=self._write(spans), words=tuple(words))

    def units(self, text: str) -> tuple[str, ...]:
        """Return the units of each span, in order."""
        return tuple(
            unit
            for span in self.spans(text)
            for unit in self.front_end(span.language).units(span.text)
        )

    def _spans(self, text: str) -> Iterator[tuple[LanguageSpan, str]]:
        """Yield each span, and its text with the readings that the user wrote into it."""
        refuse_unseen(text)
        if self.languages == (self.language,) and not has_tags(text):
            yield LanguageSpan(self.language, text, 0), text
            return
        lifted, inline = lift(text)
        for span in part_by_language(
            lifted, primary=self.language, allowed=self.languages, inline=inline
        ):
            yield span, lower(span.text, inline)

    def _write(self, spans: Sequence[NormalisedSpan]) -> str:
        """Join spans so that reading the text again parts it in the same places."""
        tagged = [False] * len(spans)
        for _ in range(_MAX_ROUNDS):
            text = _joined(spans, tagged)
            astray = self._astray(text, spans)
            if not astray:
                return text
            for index in astray:
                tagged[index] = True
        return _joined(spans, [True] * len(spans))

    def _astray(self, text: str, spans: Sequence[NormalisedSpan]) -> list[int]:
        """Return the spans that would be taken for another language, or torn."""
        languages: list[str] = []
        try:
            for part, plain in self._spans(text):
                languages.extend(part.language for c in plain if not c.isspace())
        except TextError:  # a language that the voice does not speak: none of these spans is of it
            return list(range(len(spans)))
        astray: list[int] = []
        at = 0
        for index, span in enumerate(spans):
            size = sum(not c.isspace() for c in span.text)
            if set(languages[at : at + size]) != {span.language}:
                astray.append(index)
            at += size
        return astray


def _joined(spans: Sequence[NormalisedSpan], tagged: Sequence[bool]) -> str:
    parts: list[str] = []
    last = ""
    for span, needs_tag in zip(spans, tagged, strict=True):
        text = span.text.strip()
        if last and (span.spaced or (_is_latin(last) and _is_latin(text[0]))):
            parts.append(" ")
        if needs_tag:  # sentence by sentence: whoever cuts the text cuts no tag
            tag = span.language
            parts.extend(f"<{tag}>{part.strip()}</{tag}>" for part in _SENTENCE.findall(text))
        else:
            parts.append(text)
        last = text[-1]
    return "".join(parts)


def _is_latin(character: str) -> bool:
    return script_of(character) == "latin"
