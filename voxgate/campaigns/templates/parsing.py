"""Read a template of a campaign file, and say everything that is wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Mapping

from voxgate.campaigns.templates.cutting import cut_sentences, sentence_faults
from voxgate.campaigns.templates.samples import longest_values, trial_values
from voxgate.campaigns.templates.slots import Slot, declarations, parse_slot
from voxgate.campaigns.templates.syntax import SLOT_NAME, Parts, scan
from voxgate.campaigns.templates.template import (
    SentencePattern,
    SlotName,
    Template,
    digest_template,
)
from voxgate.errors import TemplateError, TextError
from voxgate.excerpts import excerpt
from voxgate.text.front_end import FrontEnd

__all__ = ["RESERVED_NAMES", "TEMPLATE_NAME", "parse_template"]

TEMPLATE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")

RESERVED_NAMES = frozenset(("recipient_id", "template"))
"""Columns of a recipient list that are no slots."""

_MOST_SLOTS = 32


def parse_template(
    name: str,
    text: str,
    slots: Mapping[str, str],
    front_end: FrontEnd,
    *,
    language: str = "en",
) -> Template:
    """Parse the text of a template; `slots` maps each slot to its declaration (`parse_slot`).

    The front end is that of the voice that will speak; it decides where sentences end.

    Raises:
        TemplateError: the name, the text or the slots are wrong; carries every fault.
    """
    faults: list[str] = []
    if not TEMPLATE_NAME.fullmatch(name):
        faults.append(
            f"name {excerpt(name)}: expected 1 to 60 small letters, digits, '_' or '-', the first "
            "no '_' or '-'"
        )
    parts = scan(text, faults)
    declared = _declared(slots, faults)
    _compare(parts, slots, faults)
    sentences = () if faults else _sentences(parts, declared, front_end, language, faults)
    if faults:
        raise TemplateError(f"template {excerpt(name)}", faults)
    return Template(
        name=name,
        sentences=sentences,
        slots=declared,
        digest=digest_template(name, sentences, declared),
    )


def _declared(slots: Mapping[str, str], faults: list[str]) -> dict[str, Slot]:
    declared = {}
    if len(slots) > _MOST_SLOTS:
        faults.append(f"{len(slots)} slots, at most {_MOST_SLOTS} are read; leave some out")
    for name, declaration in slots.items():
        slot = parse_slot(declaration)
        if not SLOT_NAME.fullmatch(name) or name in RESERVED_NAMES:
            faults.append(
                f"slot {excerpt(name)}: expected a small letter, then up to 39 small letters, "
                f"digits or _, and none of {', '.join(sorted(RESERVED_NAMES))}"
            )
        elif slot is None:
            faults.append(
                f"slot {name}: no kind {excerpt(declaration)}; there are: "
                f"{', '.join(declarations())}"
            )
        else:
            declared[name] = slot
    return declared


def _compare(parts: Parts, slots: Mapping[str, str], faults: list[str]) -> None:
    used = dict.fromkeys(part.name for part in parts if isinstance(part, SlotName))
    faults += [
        f"slot {name} has no kind: write it below `slots`" for name in used if name not in slots
    ]
    if parts:
        faults += [
            f"slot {excerpt(name)} is declared and never used: remove it, or write {{{name[:40]}}}"
            for name in slots
            if name not in used
        ]
        letters = any(c.isalnum() for p in parts if isinstance(p, str) for c in p)
        if not letters and not used:
            faults.append("the text has nothing that can be spoken; write words")


def _sentences(
    parts: Parts,
    slots: Mapping[str, Slot],
    front_end: FrontEnd,
    language: str,
    faults: list[str],
) -> tuple[SentencePattern, ...]:
    trials = tuple(trial_values(slots, language))
    try:
        sentences = cut_sentences(parts, trials, front_end, faults)
    except TextError as error:
        faults.append(str(error))
        return ()
    if not faults:
        faults += sentence_faults(sentences, trials, longest_values(slots, language), front_end)
    return sentences
