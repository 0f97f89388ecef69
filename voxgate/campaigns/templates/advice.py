"""What a template costs in sentences, and what in it is likely to be misheard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from voxgate.campaigns.templates.slots import SlotKind
from voxgate.campaigns.templates.template import SentencePattern, Template

__all__ = ["Advice", "AdviceCode", "Sharing", "advise", "sharing"]

_FEW_WORDS = 5
"""Names were misheard in 6 to 8 of 24 such sentences, in 4 of 24 longer ones."""

_MANY_SLOTS = 3

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_HINTS: tuple[tuple[SlotKind, frozenset[str]], ...] = (
    (SlotKind.DATE, frozenset(("date", "day", "birthday", "due", "deadline"))),
    (SlotKind.TIME, frozenset(("time", "at", "hour"))),
    (SlotKind.MONEY, frozenset(("amount", "price", "sum", "total", "cost", "fee", "balance"))),
    (SlotKind.PHONE, frozenset(("phone", "tel", "telephone", "mobile", "callback"))),
    (SlotKind.NUMBER, frozenset(("number", "count", "quantity", "age", "points", "days"))),
)


class AdviceCode(StrEnum):
    """What advice is about; `SHARING` is the count of sentences, all others are warnings."""

    SHARING = "sharing"
    NAME_ALONE = "name_alone"
    FIRST_IS_VALUE = "first_is_value"
    FIGURE_AS_TEXT = "figure_as_text"
    MANY_SLOTS = "many_slots"
    NOTHING_SHARED = "nothing_shared"


@dataclass(frozen=True, kw_only=True)
class Advice:
    """`sentence` is the place from 0, None where the whole template is meant."""

    template: str
    code: AdviceCode
    sentence: int | None
    detail: str

    @property
    def is_warning(self) -> bool:
        """Whether something should be written otherwise."""
        return self.code is not AdviceCode.SHARING


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """`static` and `dynamic` are places of sentences from 0, the latter with their slots.

    A static sentence is spoken once for all recipients, a dynamic one once for each combination of
    values.
    """

    static: tuple[int, ...]
    dynamic: tuple[tuple[int, tuple[str, ...]], ...]

    @property
    def summary(self) -> str:
        """One line for a person."""
        total = len(self.static) + len(self.dynamic)
        said = [f"{len(self.static)} of {total} sentences are the same for everybody"]
        said += [f"sentence {at + 1} depends on {', '.join(names)}" for at, names in self.dynamic]
        return "; ".join(said)


def sharing(template: Template) -> Sharing:
    """Say which sentences of a template are the same for everybody, and which are not."""
    numbered = tuple(enumerate(template.sentences))
    return Sharing(
        static=tuple(at for at, sentence in numbered if sentence.is_static),
        dynamic=tuple((at, s.slot_names) for at, s in numbered if not s.is_static),
    )


def advise(templates: Iterable[Template]) -> tuple[Advice, ...]:
    """Say of each template what is shared, then what would be understood better in other words."""
    return tuple(advice for template in templates for advice in _of(template))


def _of(template: Template) -> Iterator[Advice]:
    shared = sharing(template)
    yield _advice(template, AdviceCode.SHARING, None, shared.summary)
    for at, sentence in enumerate(template.sentences):
        yield from _of_sentence(template, at, sentence)
    if not shared.static:
        yield _advice(
            template,
            AdviceCode.NOTHING_SHARED,
            None,
            "no sentence is the same for everybody; put what all are told into sentences without "
            "slots, which are spoken once",
        )
    yield from _of_figures(template)


def _of_sentence(template: Template, at: int, sentence: SentencePattern) -> Iterator[Advice]:
    names = sentence.slot_names
    static_words = sum(len(_WORD.findall(part)) for part in sentence.parts if isinstance(part, str))
    if names and at == 0 and static_words == 0:
        yield _advice(
            template,
            AdviceCode.FIRST_IS_VALUE,
            at,
            f"the message begins with {sentence.written} and nothing else, which nobody expects; "
            f"begin with words, as in: Hello {{{names[0]}}}, this is ...",
        )
    has_name = any(template.slots[name].kind is SlotKind.NAME for name in names)
    if has_name and static_words + len(names) < _FEW_WORDS:
        yield _advice(
            template,
            AdviceCode.NAME_ALONE,
            at,
            f"{sentence.written} leaves a name almost alone: names are misheard more often in so "
            "short a sentence (6 to 8 of 24, against 4 of 24); join it with the next one",
        )
    if len(names) >= _MANY_SLOTS:
        yield _advice(
            template,
            AdviceCode.MANY_SLOTS,
            at,
            f"{len(names)} slots in one sentence: nearly every recipient needs their own; spread "
            "them over sentences, so that equal values are spoken once",
        )


def _of_figures(template: Template) -> Iterator[Advice]:
    """Warn of texts that seem to be figures: only typed ones are checked to the digit."""
    for name, slot in template.slots.items():
        words = set(name.split("_"))
        kind = next((kind for kind, hints in _HINTS if words & hints), None)
        if slot.kind is not SlotKind.TEXT or kind is None:
            continue
        yield _advice(
            template,
            AdviceCode.FIGURE_AS_TEXT,
            next(at for at, s in enumerate(template.sentences) if name in s.slot_names),
            f"slot {name} is a text and sounds like a {kind}: declared so, its values are read the "
            "same way each time and checked to the digit",
        )


def _advice(template: Template, code: AdviceCode, sentence: int | None, detail: str) -> Advice:
    return Advice(template=template.name, code=code, sentence=sentence, detail=detail)
