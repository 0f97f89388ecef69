"""What the rows of a table come to while they are written, and whether that adds up.

A report is made of these sums, never of counts beside them; the store's own counts are what they
are held against.
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from voxgate.campaigns.records import Cell, CellState, Counts
from voxgate.errors import CampaignReportError

__all__ = ["Faults", "Tally", "require_sums"]

_EXAMPLES = 3
_PERCENTILES = (5, 50, 95, 100)


@dataclass(kw_only=True)
class Faults:
    """How often each reason occurred, with the first few of each as examples."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, code: str, example: dict[str, Any]) -> None:
        """Count one."""
        self.counts[code] += 1
        shown = self.examples.setdefault(code, [])
        if len(shown) < _EXAMPLES:
            shown.append(example)

    def as_json(self) -> list[dict[str, Any]]:
        """Return the reasons as JSON values, the most frequent first."""
        return [
            {"code": code, "count": count, "examples": self.examples[code]}
            for code, count in sorted(self.counts.items(), key=lambda one: (-one[1], one[0]))
        ]


@dataclass(kw_only=True)
class Tally:
    """Sums over the rows of both tables; seconds, bytes and milliseconds."""

    states: Counter[CellState] = field(default_factory=Counter)
    recipients: int = 0
    rejected: Faults = field(default_factory=Faults)
    failed: Faults = field(default_factory=Faults)
    file_bytes: float = 0.0
    file_cpu_ms: float = 0.0
    unshared_file_cpu_ms: float = 0.0
    _durations: array[float] = field(default_factory=lambda: array("d"))
    _last: int = 0

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return self.states.total()

    def add(self, cell: Cell) -> None:
        """Count a cell; those of a recipient come one after the other."""
        self.states[cell.state] += 1
        self.recipients += cell.number != self._last
        self._last = cell.number
        if cell.fault is not None and cell.state is CellState.FAILED:
            who = {"recipient_id": cell.recipient_id, "template": cell.template}
            self.failed.add(cell.fault.code, {**who, "detail": cell.fault.detail})
        if cell.output is not None:  # shares of a file add up to the file, without a list of all
            self.file_cpu_ms += cell.output.cpu_ms / max(1, cell.shared_with)
            self.unshared_file_cpu_ms += cell.output.cpu_ms
            if cell.state is CellState.STORED:
                self._durations.append(cell.output.duration_s)
                self.file_bytes += cell.output.bytes / max(1, cell.shared_with)

    def add_rejected(self, row: dict[str, Any]) -> None:
        """Count a rejected row."""
        example = {name: row[name] for name in ("upload", "row", "recipient_id")}
        self.rejected.add(row["error_code"], {**example, "detail": row["error_detail"]})

    def durations(self) -> dict[str, float]:
        """Return the whole of what was stored, and percentiles of its cells, in seconds."""
        found = np.frombuffer(self._durations, dtype=np.float64)
        if not len(found):
            return {"total_s": 0.0}
        at = np.percentile(found, _PERCENTILES)
        figures = {f"p{p}_s": round(float(s), 3) for p, s in zip(_PERCENTILES, at, strict=True)}
        return {"total_s": round(float(found.sum()), 3), **figures}


def require_sums(campaign_id: str, tally: Tally, counts: Counts, *, still: bool) -> None:
    """Stop unless every row that was uploaded is in the tables once, or known, and no other is.

    `still`: nothing changed while the tables were written; then each state is held against its
    count as well.

    Raises:
        CampaignReportError: they do not add up; says every sum that is wrong.
    """
    rejected = tally.rejected.counts.total()
    listed = tally.recipients + rejected + counts.known
    sums = [
        ("rows (recipients, rejected and known ones)", counts.rows, listed),
        ("recipients", counts.recipients, tally.recipients),
        ("rejected rows", counts.rejected, rejected),
        ("cells", sum(counts.cells.values()), tally.cells),
    ]
    if still:
        sums += [
            (f"{state} cells", counts.cells.get(state, 0), tally.states[state])
            for state in sorted({*counts.cells, *tally.states})
        ]
    wrong = [f"{what}: {a} counted, {b} listed" for what, a, b in sums if a != b]
    if wrong:
        raise CampaignReportError(
            f"campaign {campaign_id} does not add up, so no report is written: {'; '.join(wrong)}. "
            "While it is planned, wait for that; else restore the database from a backup."
        )
