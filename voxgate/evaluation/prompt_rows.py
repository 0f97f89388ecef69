"""The lines of a prompt file, one by one: is each an object with the right fields?"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
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


def read_rows(
    path: Path, faults: list[str], *, in_runs: bool = False
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield line number and fields of every sound line; faults of the others join `faults`.

    Critical words are single words, or `in_runs` of characters in their order.

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
        found = _row_faults(row, in_runs=in_runs)
        faults.extend(f"line {number}: {fault}" for fault in found)
        if not found:
            yield number, row


def _row_faults(row: object, *, in_runs: bool) -> list[str]:
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
    return [*faults, *_detail_faults(row, in_runs=in_runs)]


def _detail_faults(row: dict[str, Any], *, in_runs: bool) -> Iterator[str]:
    if row.get("block", 1) < 1:
        yield f"block: expected 1 or more, got {row['block']}"
    if "block" in row and row["split"] == "select":
        yield "block: only prompts of the gate come in blocks"
    critical = row.get("critical", ())
    yield from _run_faults(row, critical) if in_runs else _word_faults(row, critical)


def _word_faults(row: dict[str, Any], critical: Sequence[Any]) -> Iterator[str]:
    left = Counter(words_of(row["normalised"]))
    for word in critical:
        if not isinstance(word, str) or len(words_of(word)) != 1:
            yield f"critical: expected single words, got {word!r}"
            continue
        (said,) = words_of(word)
        if not left[said]:
            yield f"critical: {word!r} is no word of normalised, or named once too often"
        left[said] -= 1


def _run_faults(row: dict[str, Any], critical: Sequence[Any]) -> Iterator[str]:
    left = row["normalised"]
    for run in critical:
        if not isinstance(run, str) or not words_of(run):
            yield f"critical: expected characters of normalised, got {run!r}"
            continue
        before, found, after = left.partition(run)
        if not found:
            yield (
                f"critical: {run!r} is not in {before!r}; runs of characters are named as they "
                "stand in normalised, one after the other"
            )
            continue
        left = after
