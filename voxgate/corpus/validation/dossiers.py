"""What the validation knows about each clip, gathered check by check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from voxgate.corpus.validation.findings import Finding, Severity, rule_of

__all__ = ["Dossier", "open_dossiers", "surviving"]


@dataclass
class Dossier:
    """One clip under examination: the one mutable value here, because each check adds to it.

    `row` is the line of ingest's table, never changed. `measured` holds validation columns.
    """

    row: Mapping[str, Any]
    train_text: str = ""
    trim_start: int = 0
    trim_end: int = 0
    measured: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def find(self, code: str, *, expected: str, arrived: str, where: str = "") -> None:
        """Record an observation."""
        self.findings.append(Finding(code=code, expected=expected, arrived=arrived, where=where))

    def codes(self, severity: Severity) -> list[str]:
        """Return the codes of one severity, sorted, without repetition."""
        return sorted({f.code for f in self.findings if rule_of(f.code).severity is severity})

    @property
    def recording_id(self) -> str:
        """Identity of the clip in the manifest."""
        return str(self.row["recording_id"])

    @property
    def speaker(self) -> tuple[str, str]:
        """The group that consistency is judged in: speaker and language."""
        return str(self.row["speaker_id"]), str(self.row["language"])

    @property
    def rejected(self) -> bool:
        """Whether any finding so far keeps the clip out of training."""
        return any(rule_of(f.code).severity is Severity.REJECT for f in self.findings)

    @property
    def status(self) -> str:
        """`accepted`, `fixed` or `quarantined`."""
        if self.rejected:
            return "quarantined"
        return "fixed" if self.codes(Severity.FIX) else "accepted"

    @property
    def kept_s(self) -> float:
        """Duration after trimming, in seconds."""
        if self.row["fault_code"] is not None:
            return 0.0
        return (self.trim_end - self.trim_start) / float(self.row["sample_rate_hz"])


def open_dossiers(rows: Iterable[Mapping[str, Any]]) -> list[Dossier]:
    """Open one dossier a row; a row that ingest could not read is rejected with ingest's words."""
    dossiers = []
    for row in rows:
        dossier = Dossier(row=row, train_text=row["text"] or "", trim_end=row["n_samples"] or 0)
        if row["fault_code"] is not None:
            dossier.find(
                row["fault_code"],
                expected="a readable recording",
                arrived=row["fault_message"] or "no explanation",
                where=row["source_path"] or "",
            )
        dossiers.append(dossier)
    return dossiers


def surviving(dossiers: Iterable[Dossier]) -> Iterator[Dossier]:
    """Yield those that nothing has rejected yet."""
    return (dossier for dossier in dossiers if not dossier.rejected)
