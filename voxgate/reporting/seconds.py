"""Where each second of long recordings went, as one HTML page: a strip and a table for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voxgate.corpus.cutting.accounting import Account
from voxgate.corpus.cutting.records import Source
from voxgate.corpus.cutting.stretches import Status, Stretch
from voxgate.reporting.environment import open_templates
from voxgate.reporting.scales import Scale

__all__ = ["SourceSeconds", "render_seconds"]

_WIDTH = 1000
_ROW_S = 300.0
"""A line of a strip is five minutes, so that an hour fits on a screen."""

_COLOURS = {
    Status.KEPT: "#2a9d4a",
    Status.DOUBTFUL: "#e0a100",
    Status.REJECTED: "#b0413e",
    Status.OTHER_SPEAKER: "#5b6ee1",
    Status.SILENCE: "#9aa0a6",
}


@dataclass(frozen=True, kw_only=True)
class SourceSeconds:
    """One recording: its stretches in order, as they count now, and its table."""

    source: Source
    stretches: Sequence[Stretch]
    account: Account


@dataclass(frozen=True)
class _Bar:
    row: int
    x: float
    width: float
    colour: str
    words: str


def render_seconds(sources: Sequence[SourceSeconds]) -> str:
    """Return the page; it loads nothing and runs nothing."""
    pictures = [(each, _bars(each.stretches), _rows(each.account)) for each in sources]
    return (
        open_templates()
        .get_template("seconds.html.j2")
        .render(
            pictures=pictures,
            colours={status.value.replace("_", " "): colour for status, colour in _COLOURS.items()},
            width=_WIDTH,
            row_minutes=_ROW_S / 60,
        )
    )


def _bars(stretches: Sequence[Stretch]) -> list[_Bar]:
    """Return a bar for each stretch, and one more for each line that it goes on in."""
    bars = []
    for stretch in stretches:
        at = stretch.span.start_s
        while at < stretch.span.end_s:
            row = int(at // _ROW_S)
            end = min(stretch.span.end_s, (row + 1) * _ROW_S)
            scale = Scale(low=row * _ROW_S, high=(row + 1) * _ROW_S, left=0, right=_WIDTH)
            left = scale(at)
            width = max(0.3, round(scale(end) - left, 1))
            bars.append(_Bar(row, left, width, _COLOURS[stretch.status], _words(stretch)))
            at = end
    return bars


def _words(stretch: Stretch) -> str:
    """Say what a pointer over the bar shows; texts of other people are in none."""
    times = f"{stretch.span.start_s:.2f}–{stretch.span.end_s:.2f} s"
    codes = ", ".join(reason.code for reason in stretch.reasons)
    status = stretch.status.value.replace("_", " ")
    return f"{times}: {status}{f' ({codes})' if codes else ''}"


def _rows(account: Account) -> int:
    return max(1, int(-(-account.seconds // _ROW_S)))
