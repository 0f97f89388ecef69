"""A message with slots, as the sentences that are spoken one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from voxgate.campaigns.templates.slots import Slot, SlotKind, SlotValue
from voxgate.errors import TemplateError
from voxgate.files import digest_json

__all__ = [
    "FilledSentence",
    "FilledSlot",
    "SentencePattern",
    "SlotName",
    "Template",
    "digest_template",
    "shared_slots",
]


@dataclass(frozen=True)
class SlotName:
    """The place of a slot in a sentence."""

    name: str


@dataclass(frozen=True, kw_only=True)
class FilledSlot:
    """What one slot of a sentence says, for those who check what was heard."""

    name: str
    kind: SlotKind
    spoken: str


@dataclass(frozen=True, kw_only=True)
class FilledSentence:
    """One sentence for one recipient, in its pieces; equal texts are spoken once."""

    parts: tuple[str | FilledSlot, ...]

    @property
    def text(self) -> str:
        """The sentence as it is written."""
        return "".join(part if isinstance(part, str) else part.spoken for part in self.parts)

    @property
    def slots(self) -> tuple[FilledSlot, ...]:
        """Its slots in their order."""
        return tuple(part for part in self.parts if isinstance(part, FilledSlot))


@dataclass(frozen=True, kw_only=True)
class SentencePattern:
    """A sentence with its slots. A slot may stand in it more than once."""

    parts: tuple[str | SlotName, ...]

    @property
    def slot_names(self) -> tuple[str, ...]:
        """The slots in the order of their first places, each once."""
        return tuple(dict.fromkeys(p.name for p in self.parts if isinstance(p, SlotName)))

    @property
    def is_static(self) -> bool:
        """Whether it says the same to everybody."""
        return not self.slot_names

    @property
    def written(self) -> str:
        """The sentence in the syntax of templates."""
        return "".join(
            f"{{{part.name}}}"
            if isinstance(part, SlotName)
            else part.replace("{", "{{").replace("}", "}}")
            for part in self.parts
        )

    def fill(self, values: Mapping[str, SlotValue]) -> FilledSentence:
        """Write the values into their places; `values` may hold more than this sentence needs.

        Raises:
            KeyError: a slot has no value; a list of recipients gives each row all of them.
        """
        return FilledSentence(
            parts=tuple(
                part if isinstance(part, str) else _filled(part.name, values[part.name])
                for part in self.parts
            )
        )


@dataclass(frozen=True, kw_only=True)
class Template:
    """A message that was parsed. `digest` is of its name, its sentences and its slots."""

    name: str
    sentences: tuple[SentencePattern, ...]
    slots: Mapping[str, Slot]
    digest: str

    def fill(self, values: Mapping[str, SlotValue]) -> tuple[FilledSentence, ...]:
        """Return the message for one recipient, in order.

        Raises:
            KeyError: as `SentencePattern.fill`.
        """
        return tuple(sentence.fill(values) for sentence in self.sentences)


def _filled(name: str, value: SlotValue) -> FilledSlot:
    return FilledSlot(name=name, kind=value.kind, spoken=value.spoken)


def digest_template(
    name: str, sentences: Iterable[SentencePattern], slots: Mapping[str, Slot]
) -> str:
    """Return the digest under which a template is known: what it says, and to whom it is said."""
    return digest_json(
        {
            "name": name,
            "sentences": [sentence.written for sentence in sentences],
            "slots": {slot: slots[slot].declaration for slot in sorted(slots)},
        }
    )


def shared_slots(templates: Iterable[Template]) -> dict[str, Slot]:
    """Return the slots of all templates of a campaign: a column has one meaning for all of them.

    Raises:
        TemplateError: two templates declare a slot differently; names each of them.
    """
    slots: dict[str, tuple[str, Slot]] = {}
    faults: list[str] = []
    for template in templates:
        for name, slot in template.slots.items():
            first, known = slots.setdefault(name, (template.name, slot))
            if known != slot:
                faults.append(
                    f"slot {name} is a {known.declaration} in template {first} and a "
                    f"{slot.declaration} in template {template.name}; declare it alike, or give "
                    "one of them another name"
                )
    if faults:
        raise TemplateError("templates", faults)
    return {name: slot for name, (_, slot) in slots.items()}
