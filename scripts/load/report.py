"""The load report: rows of all scenarios as a table in docs/benchmarks.md, misses first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.load.rows import Bound, Row, Ruling
from scripts.load.scenarios import SCENARIOS, Run

__all__ = ["BEGIN", "END", "Report", "around_markers", "put_between_markers"]

BEGIN = "<!-- load report: begin (written by `make load`) -->"
END = "<!-- load report: end -->"
_SIGNIFICANT = 3
_WHOLE = 100


@dataclass(frozen=True, kw_only=True)
class Report:
    """One run: `plain` are the runs of the straightforward server, in the same run."""

    command: str
    date: str
    machine: str
    voice: str
    scale: float
    runs: Sequence[Run]
    plain: Sequence[Run]

    def render(self) -> str:
        """Return the section as Markdown."""
        rows = [row for run in self.runs for row in run.rows]
        others = {(row.scenario, row.what): row for run in self.plain for row in run.rows}
        lines = [
            f"`{self.command}`, {self.date}, {self.machine}; {self.voice}; scale {self.scale:g}.",
            "",
            *self._rulings(rows),
            "",
            "| | what | N | measured | target | | straightforward | ratio |",
            "|---|---|---|---|---|---|---|---|",
            *(_line(row, others.get((row.scenario, row.what))) for row in rows),
            "",
            "What else the machine did:",
            "",
            *(_told(run, "") for run in self.runs),
            *(_told(run, ", straightforward server") for run in self.plain),
        ]
        return "\n".join(lines)

    def _rulings(self, rows: Sequence[Row]) -> list[str]:
        met = sum(row.ruling is Ruling.MET for row in rows)
        missed = [row for row in rows if row.ruling is Ruling.MISSED]
        unmeasured = [row for row in rows if row.ruling is Ruling.UNMEASURED]
        lines = [f"{met} targets met, {len(missed)} missed, {len(unmeasured)} rows not measured."]
        lines += [
            f"* missed: {row.scenario}, {row.what}: {_number(row.value)}{_unit(row)}, wanted "
            f"{_bound(row.target)}{_unit(row)}"
            for row in missed
        ]
        lines += [f"* not measured: {r.scenario}, {r.what}: {_cell(r.note)}" for r in unmeasured]
        absent = [name for name in SCENARIOS if name not in {run.name for run in self.runs}]
        if absent:
            lines.append(f"* not in this run: {', '.join(absent)}")
        return lines


def put_between_markers(page: Path, section: str) -> None:
    """Replace what stands between the markers of a page.

    Raises:
        ValueError: the page has not each marker once, in their order.
    """
    head, tail = around_markers(page)
    page.write_text(f"{head}{BEGIN}\n{section}\n{END}{tail}", encoding="utf-8")


def around_markers(page: Path) -> tuple[str, str]:
    """Return what stands before and after the section of a page.

    Raises:
        ValueError: the page has not each marker once, in their order.
    """
    text = page.read_text(encoding="utf-8")
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in tail:
        raise ValueError(f"{page}: expected the lines {BEGIN} and {END}, once each, in this order")
    return head, tail


def _line(row: Row, other: Row | None) -> str:
    plain = "" if other is None or other.value is None else f"{_number(other.value)}{_unit(other)}"
    ratio = ""
    if other is not None and other.value and row.value and row.unit == "ms":
        ratio = f"{other.value / row.value:.2f} x"
    measured = "" if row.value is None else f"{_number(row.value)}{_unit(row)}"
    if row.note and row.value is not None:
        measured += f" ({_cell(row.note)})"
    target = "" if row.target is None else f"{_bound(row.target)}{_unit(row)}"
    count = "" if row.count is None else str(row.count)
    cells = (row.scenario, row.what, count, measured, target, row.ruling.value, plain, ratio)
    return f"| {' | '.join(cells)} |"


def _told(run: Run, whose: str) -> str:
    return f"* {run.name}{whose}: {run.machine}; {run.took_s:.0f} s"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if float(value).is_integer() or abs(value) >= _WHOLE:
        return f"{value:.0f}"
    return f"{value:.{_SIGNIFICANT}g}"


def _unit(row: Row) -> str:
    return f" {row.unit}" if row.unit else ""


def _bound(target: Bound | None) -> str:
    return "" if target is None else f"{target.sign} {_number(target.number)}"


def _cell(text: str) -> str:
    """Return a text that stays in its cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")
