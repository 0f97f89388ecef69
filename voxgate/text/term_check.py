"""Is every word of a user lexicon read as its line says, wherever it stands?

A recogniser writes the word that makes sense, however it was read: of eleven wrong readings of
Chinese it showed two. So a term is held against its phones, and any difference counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from voxgate.errors import TextError
from voxgate.text.front_end import FrontEnd, Phones
from voxgate.text.term_lines import Term

__all__ = ["Frame", "TermRow", "Where", "check_term", "sentences_of"]

Where = Literal["carrier", "start", "beside"]

_CARRIERS = {
    "en": "They said {} again.",
    "zh": "我们说的是{}，对吧？",
    "ja": "それは、{}、です。",
    "yue": "我哋講嘅係{}，係咪？",
    "ko": "그것은, {}, 맞습니다.",
}
_STARTS = {
    "en": "{}, of course.",
    "zh": "{}，大家都知道。",
    "ja": "{}、そうです。",
    "yue": "{}，大家都知。",
    "ko": "{}, 그렇습니다.",
}
_WORDS = {"en": "OK", "zh": "你们", "ja": "はい", "yue": "我哋", "ko": "네"}
"""A word of each language that a term may stand beside."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A sentence that a term is put into, whose sentence it is, and which place it tries."""

    where: Where
    language: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class TermRow:
    """How a term is read in one sentence; `expected` and `got` are where the two differ.

    They are equal where the sentence is read as it must be; `fault` says why it was not read.
    """

    language: str
    term: str
    line: int
    where: Where
    sentence: str
    expected: Phones
    got: Phones
    fault: str | None = None

    @property
    def is_right(self) -> bool:
        """Whether it is read as the lexicon says."""
        return self.fault is None and self.expected == self.got


def check_term(
    term: Term,
    language: str,
    *,
    others: Sequence[str],
    open_front_end: Callable[[str], FrontEnd],
) -> Iterator[TermRow]:
    """Read a term in its own sentence, at the start of one, and beside each of `others`.

    `open_front_end` gives what reads sentences of a language under all lexicons of the voice.
    """
    for frame in sentences_of(term, language, others=others):
        yield _row(term, language, frame, open_front_end(frame.language))


def sentences_of(term: Term, language: str, *, others: Sequence[str]) -> list[Frame]:
    """Return the sentences that a term is tried in."""
    written = term.written
    own = term.carrier or _CARRIERS[language].format(written)
    frames = [
        Frame(where="carrier", language=language, sentence=own),
        Frame(
            where="start",
            language=language,
            sentence=_STARTS[language].format(written[:1].upper() + written[1:]),
        ),
    ]
    for other in others:
        if language == "en":  # an English word stands in the others' sentences, and not beside one
            frames.append(
                Frame(where="beside", language=other, sentence=_CARRIERS[other].format(written))
            )
        else:
            # Tagged, for Han characters would be of whichever language the clause looks like.
            word = _WORDS[other] if other == "en" else f"<{other}>{_WORDS[other]}</{other}>"
            frames.append(
                Frame(where="beside", language=language, sentence=f"{word} {written} {word}.")
            )
    return frames


def _row(term: Term, language: str, frame: Frame, front_end: FrontEnd) -> TermRow:
    expected: Phones = ()
    got: Phones = ()
    fault = None
    try:
        expected = _phones(front_end, _inline(term, language, frame.sentence))
        got = _phones(front_end, frame.sentence)
    except TextError as error:
        fault = str(error)
    expected, got = _difference(expected, got)
    return TermRow(
        language=language,
        term=term.written,
        line=term.line,
        where=frame.where,
        sentence=frame.sentence,
        expected=expected,
        got=got,
        fault=fault,
    )


def _inline(term: Term, language: str, sentence: str) -> str:
    """Return the sentence that says the reading itself, so that no lexicon is asked."""
    written = re.escape(term.written)
    word = re.compile(
        rf"(?<![^\W_]){written}(?![^\W_])" if language == "en" else written,
        re.IGNORECASE if language == "en" else re.NOFLAG,
    )
    return word.sub(lambda match: f"{{{match.group()}|{term.reading}}}", sentence)


def _phones(front_end: FrontEnd, sentence: str) -> Phones:
    return tuple(phone for word in front_end.read(sentence).words for phone in word.phones)


def _difference(expected: Phones, got: Phones) -> tuple[Phones, Phones]:
    """Return both without what they begin and end with in common."""
    start = _common(expected, got)
    expected, got = expected[start:], got[start:]
    end = _common(expected[::-1], got[::-1])
    return expected[: len(expected) - end], got[: len(got) - end]


def _common(one: Phones, other: Phones) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
