"""A language that is counted in syllables: twelve characters, read one by one, beside English."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from voxgate.errors import TextError
from voxgate.text.comparisons import comparison_rules
from voxgate.text.unit_comparison import Compared, UnitRules, compare_by_units

SYLLABLES = {
    "他": "ta1", "她": "ta1", "不": "bu4", "去": "qu4", "三": "san1", "五": "wu3", "百": "bai3",
    "元": "yuan2", "银": "yin2", "行": "hang2", "买": "mai3", "卖": "mai4",
}  # fmt: skip
_SPANS = re.compile(r"[a-zA-Z][a-zA-Z' ]*|[^a-zA-Z]+")


@dataclass(frozen=True)
class FakeSpan:
    language: str
    text: str


def fake_spans(text: str) -> list[FakeSpan]:
    """Part at Latin letters; a character that is no syllable, mark or digit cannot be read."""
    found = []
    for piece in _SPANS.findall(text.replace("3", "三")):
        if piece[0].isascii() and piece[0].isalpha():
            found.append(FakeSpan("en", piece.strip()))
            continue
        kept = "".join(c for c in piece if c in SYLLABLES)
        odd = [c for c in piece if c not in SYLLABLES and (c.isalnum() or c == "♪")]
        if odd:
            raise TextError(f"{odd[0]!r} cannot be read")
        if kept:
            found.append(FakeSpan("zh", kept))
    return found


def fake_rules(language: str) -> UnitRules:
    if language == "en":
        rules = comparison_rules("en")
        return UnitRules(
            sounds=lambda text: tuple(rules.canonical(rules.spoken(text)).split()),
            written=lambda text: tuple(text.replace(" ", "").lower()),
        )
    return UnitRules(
        sounds=lambda text: tuple(SYLLABLES[c] for c in text), written=tuple, has_tones=True
    )


def fake_comparison() -> Callable[[str], Compared]:
    return compare_by_units(fake_spans, fake_rules)
