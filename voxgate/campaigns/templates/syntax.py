"""The syntax of templates: text, `{slot}`, and `{{` and `}}` for the braces themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from voxgate.campaigns.templates.template import SlotName
from voxgate.excerpts import excerpt
from voxgate.printable import describe_character, find_unprintable

__all__ = ["LONGEST_TEMPLATE", "SLOT_NAME", "Parts", "scan"]

Parts = tuple[str | SlotName, ...]
"""Text and slots in turn; no two texts stand beside each other."""

LONGEST_TEMPLATE = 4096
"""Characters of a template."""

SLOT_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

_TOKEN = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+")
_MAY_PRECEDE = re.compile(r"(?:^|[\s(\[\"'“‘—–-])$")
_MAY_FOLLOW = re.compile(r"$|\s|['’]s\b|[)\]\"'”’,.;:!?…—–]+(?:\s|$)|-[A-Za-z]|[—–]")


def scan(text: str, faults: list[str]) -> Parts:
    """Return the parts of a template, blanks made single; what is wrong is added to `faults`."""
    if len(text) > LONGEST_TEMPLATE:
        faults.append(
            f"{len(text):,} characters, at most {LONGEST_TEMPLATE:,} are one message; shorten it"
        )
        return ()
    text = " ".join(unicodedata.normalize("NFC", text).split())
    hidden = find_unprintable(text)
    if hidden:
        faults.append(f"{describe_character(hidden)} does not print; remove it")
    if not text:
        faults.append("the text is empty; write what is to be said")
    parts = _merged([part for token in _TOKEN.finditer(text) for part in _read(token, faults)])
    _check_neighbours(parts, faults)
    return parts


def _read(token: re.Match[str], faults: list[str]) -> list[str | SlotName]:
    found = token.group()
    if found in ("{{", "}}"):
        return [found[0]]
    if found in ("{", "}"):
        faults.append(
            f"the {found} before {excerpt(token.string[token.end() :][:20])} has no partner; write "
            f"{{name}} for a slot and {found * 2} for the brace itself"
        )
        return []
    if not found.startswith("{"):
        return [found]
    if not SLOT_NAME.fullmatch(found[1:-1]):
        faults.append(
            f"{excerpt(found)} names no slot: expected a small letter, then up to 39 small "
            "letters, digits or _; nothing else is read between braces"
        )
        return []
    return [SlotName(found[1:-1])]


def _merged(parts: Sequence[str | SlotName]) -> Parts:
    merged: list[str | SlotName] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    return tuple(merged)


def _check_neighbours(parts: Parts, faults: list[str]) -> None:
    """A value that touches letters, digits or another value is read as something else with them."""
    for place, part in enumerate(parts):
        if isinstance(part, str):
            continue
        before = parts[place - 1] if place else ""
        after = parts[place + 1] if place + 1 < len(parts) else ""
        touches = (
            not isinstance(before, str)
            or not isinstance(after, str)
            or not _MAY_PRECEDE.search(before)
            or not _MAY_FOLLOW.match(after)
        )
        if touches:
            faults.append(
                f"slot {part.name} touches what stands beside it, so that both may be read as one; "
                "put a blank between them"
            )
