"""Read Praat's TextGrid files, the long and the short form.

Source: the Praat manual, "TextGrid file formats": in both forms only free-standing numbers, quoted
texts and flags count, and what stands around them ("xmin =", "intervals [1]:") is for people. So
one parser reads both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from voxgate.corpus.cutting.words.given_texts.lines import GivenLine
from voxgate.corpus.line_faults import LineFaults
from voxgate.excerpts import excerpt, some_of

__all__ = ["parse_text_grid"]

_TOKEN = re.compile(
    r'"(?P<text>(?:[^"]|"")*)"|(?<!\S)(?P<number>[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?!\S)'
    r"|(?P<flag><exists>|<absent>)|(?P<comment>!.*)"
)
_NOT_WORDS = re.compile(
    r"phone|phoneme|segment|syllab|tone|break|pitch|^(ipa|phn|sil)", re.IGNORECASE
)
_WORDS = re.compile(r"utterance|sentence|transcript|ortho|text|word", re.IGNORECASE)


class _BrokenError(Exception):
    """The next value is not what has to stand there."""

    def __init__(self, line: int, what: str) -> None:
        self.line = line
        self.what = what
        super().__init__(what)


@dataclass(frozen=True)
class _Tier:
    name: str
    lines: tuple[GivenLine, ...]


class _Values:
    """The values of a file, one after the other, with their lines."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found = [m for m in _TOKEN.finditer(text) if m["comment"] is None]
        self._at = 0

    @property
    def line(self) -> int:
        """Line of the value that is next."""
        here = self._found[self._at].start() if self._at < len(self._found) else len(self._text)
        return self._text.count("\n", 0, here) + 1

    def number(self, what: str) -> float:
        return float(self._next("number", what))

    def text(self, what: str) -> str:
        return self._next("text", what).replace('""', '"')

    def flag(self) -> str:
        return self._next("flag", "<exists>")

    def _next(self, kind: str, what: str) -> str:
        found = self._found[self._at] if self._at < len(self._found) else None
        value = None if found is None else found[kind]
        if value is None:
            got = "the end of the file" if found is None else excerpt(found.group())
            raise _BrokenError(self.line, f"expected {what}, got {got}")
        self._at += 1
        return str(value)


def parse_text_grid(text: str, faults: LineFaults) -> list[GivenLine]:
    """Return the texts of the one interval tier that holds what is said.

    That is the only interval tier, or the only one that is named after words and not after sounds.
    """
    try:
        tiers = _tiers(_Values(text))
    except _BrokenError as broken:
        faults.add(broken.line, broken.what)
        return []
    spoken = [tier for tier in tiers if not _NOT_WORDS.search(tier.name)]
    named = [tier for tier in spoken if _WORDS.search(tier.name)]
    chosen = named if len(spoken) > 1 and named else spoken
    if len(chosen) != 1:
        names = some_of([excerpt(tier.name) for tier in tiers], 8) or "none"
        faults.add(1, f"expected one interval tier that holds the words, got {names}; leave one")
        return []
    return [line for line in chosen[0].lines if line.text]


def _tiers(values: _Values) -> list[_Tier]:
    for expected in ("ooTextFile", "TextGrid"):
        line, got = values.line, values.text(f'"{expected}"')
        if got != expected:
            raise _BrokenError(line, f'expected "{expected}", got {excerpt(got)}')
    values.number("where the file begins")
    values.number("where the file ends")
    if values.flag() == "<absent>":
        return []
    count = int(values.number("how many tiers there are"))
    tiers = [_tier(values) for _ in range(count)]
    return [tier for tier in tiers if tier is not None]


def _tier(values: _Values) -> _Tier | None:
    line, kind = values.line, values.text("the class of a tier")
    if kind not in {"IntervalTier", "TextTier"}:
        raise _BrokenError(line, f'expected "IntervalTier" or "TextTier", got {excerpt(kind)}')
    name = values.text("the name of a tier")
    values.number("where the tier begins")
    values.number("where the tier ends")
    count = int(values.number("how many intervals or points there are"))
    lines = []
    for _ in range(count):
        start_s = values.number("a time")
        end_s = values.number("where the interval ends") if kind == "IntervalTier" else start_s
        number = values.line
        words = " ".join(values.text("a text").split())
        if end_s < start_s:
            raise _BrokenError(number, f"expected an end that is not before {start_s}, got {end_s}")
        lines.append(GivenLine(number=number, text=words, start_s=start_s, end_s=end_s))
    return _Tier(name, tuple(lines)) if kind == "IntervalTier" else None
