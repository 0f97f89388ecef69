"""What people decided about clips: data/imports/decisions.jsonl, one decision a line.

Lines are only added; of several decisions about a clip the last one counts. An import leaves the
file alone, so that what was heard once need not be heard again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from voxgate.corpus.cutting.records import IMPORTS
from voxgate.errors import CorpusError
from voxgate.files import canonical_json, write_bytes

__all__ = [
    "DECISIONS_FILE",
    "Decision",
    "append_decision",
    "read_decisions",
    "read_log",
    "standing_of",
]

DECISIONS_FILE = f"{IMPORTS}/decisions.jsonl"
"""Relative to data/."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One person's answer about one clip.

    clip: its recording id, which names speaker, source, start and end.
    decision: `undo` takes back what was decided before it: the clip is open again.
    by: the account that the answer came from, by `describe_login`.
    text: what is said in it, as the person read it; None leaves what the import heard.
    trim_ms: what is left of the clip, start and end in milliseconds from its beginning.
    was: text and status as the person saw them.
    """

    clip: str
    decision: Literal["accept", "reject", "undo"]
    by: str
    at: datetime
    text: str | None = None
    trim_ms: tuple[int, int] | None = None
    was: Mapping[str, Any] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """Whether the clip is data."""
        return self.decision == "accept"


def read_decisions(data_dir: Path) -> dict[str, Decision]:
    """Read the decision that counts about each clip, by clip id; none where nobody decided.

    Raises:
        CorpusError: a line is broken; it is named.
    """
    return standing_of(read_log(data_dir))


def standing_of(log: Iterable[Decision]) -> dict[str, Decision]:
    """Return the decision that counts about each clip, by clip id; undone ones have none."""
    last = {decision.clip: decision for decision in log}
    return {clip: decision for clip, decision in last.items() if decision.decision != "undo"}


def read_log(data_dir: Path) -> list[Decision]:
    """Read all decisions, those that no longer count too, in the order in which they were made.

    Raises:
        CorpusError: a line is broken; it is named.
    """
    path = data_dir / DECISIONS_FILE
    if not path.is_file():
        return []
    # Not `splitlines`: U+2028 inside a text does not end the line.
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return [
        _parse(line, f"{path}, line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]


def append_decision(data_dir: Path, decision: Decision) -> None:
    """Add a decision, on disk when this returns; who calls it holds the lease of data/.

    The file is replaced, not written into: a killed writer leaves it whole, and what is linked to
    it, in the cache of data versions or in a data/ before this one, stays as it is.

    Raises:
        StorageError: the disk refused; nothing was added.
    """
    path = data_dir / DECISIONS_FILE
    before = path.read_bytes() if path.is_file() else b""
    if before and not before.endswith(b"\n"):
        before += b"\n"  # somebody's editor
    document = _DECISION.dump_python(decision, mode="json", exclude_defaults=True)
    write_bytes(path, before + canonical_json(document).encode() + b"\n")


def _parse(line: str, where: str) -> Decision:
    try:
        return _DECISION.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(map(str, first["loc"])) or "line"
        raise CorpusError(
            f"{where}: {name}: {first['msg']}; restore the file from its data version"
        ) from None


_DECISION = TypeAdapter(Decision)
