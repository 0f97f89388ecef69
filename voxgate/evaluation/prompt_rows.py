"""The lines of a prompt file, one by one: is each an object with the right fields?"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from voxgate.errors import ConfigError
from voxgate.evaluation.prompt_texts import words_of

__all__ = ["SPLITS", "Split", "read_rows"]

Split = Literal["select", "gate"]
SPLITS: tuple[Split, ...] = ("select", "gate")
_SAFE_ID = re.compile(r"[A-Za-z0-9_-]+")
_OPTIONAL = {"block": int, "critical": list}
_FIELDS = {"id": str, "split": str, "class": str, "text": str, "normalised": str, "words": int}


def read_rows(path: Path, faults: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield line number and fields of every sound line; faults of the others join `faults`.

    Raises:
        ConfigError: there is no such file.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise ConfigError(
            str(path), ["the prompt file is missing; it is part of the project"]
        ) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            faults.append(f"line {number}: not JSON ({error})")
            continue
        found = _row_faults(row)
        faults.extend(f"line {number}: {fault}" for fault in found)
        if not found:
            yield number, row


def _row_faults(row: object) -> list[str]:
    if not isinstance(row, dict):
        return [f"expected an object, got {type(row).__name__}"]
    known = {**_FIELDS, **_OPTIONAL}
    faults = [f"unknown field {name!r}" for name in sorted(row.keys() - known.keys())]
    faults += [f"field {name!r} is missing" for name in sorted(_FIELDS.keys() - row.keys())]
    for name, kind in known.items():
        if name in row and (not isinstance(row[name], kind) or isinstance(row[name], bool)):
            faults.append(f"{name}: expected {kind.__name__}, got {row[name]!r}")
        elif name in row and kind is str and not row[name].strip():
            faults.append(f"{name}: is empty")
    if faults:
        return faults
    if row["split"] not in SPLITS:
        faults.append(f"split: expected one of {', '.join(SPLITS)}, got {row['split']!r}")
    if not _SAFE_ID.fullmatch(row["id"]):
        faults.append(
            f"id: expected letters, digits, '-' or '_' (it names files), got {row['id']!r}"
        )
    if row["words"] < 1:
        faults.append(f"words: expected at least 1, got {row['words']}")
    return [*faults, *_detail_faults(row)]


def _detail_faults(row: dict[str, Any]) -> Iterator[str]:
    if row.get("block", 1) < 1:
        yield f"block: expected 1 or more, got {row['block']}"
    if "block" in row and row["split"] == "select":
        yield "block: only prompts of the gate come in blocks"
    left = Counter(words_of(row["normalised"]))
    for word in row.get("critical", ()):
        if not isinstance(word, str) or len(words_of(word)) != 1:
            yield f"critical: expected single words, got {word!r}"
            continue
        (said,) = words_of(word)
        if not left[said]:
            yield f"critical: {word!r} is no word of normalised, or named once too often"
        left[said] -= 1
