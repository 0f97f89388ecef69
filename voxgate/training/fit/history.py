"""The learning curves: one row a measurement."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voxgate.training.fit.learner import Losses

__all__ = ["HistoryRow", "history_csv", "mean_losses"]

_LEADING = ("model", "step", "split", "loss")


@dataclass(frozen=True, kw_only=True)
class HistoryRow:
    """The losses of one model after `step` steps on one split.

    On `train` they are means over the steps since the row before; on `validation` over all of its
    clips, without dropout.
    """

    model: str
    step: int
    split: str
    losses: Losses

    def as_json(self) -> dict[str, Any]:
        """Return the row as JSON values."""
        return {
            "model": self.model,
            "step": self.step,
            "split": self.split,
            "losses": dict(self.losses),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> HistoryRow:
        """Read what `as_json` returned."""
        return cls(
            model=raw["model"], step=raw["step"], split=raw["split"], losses=dict(raw["losses"])
        )


def history_csv(rows: Sequence[HistoryRow]) -> str:
    """Return the rows as CSV: model, step, split, loss, then every part in alphabetical order."""
    parts = sorted({name for row in rows for name in row.losses} - {"loss"})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_LEADING, *parts])
    for row in rows:
        figures = [
            f"{row.losses[name]:.6g}" if name in row.losses else "" for name in ["loss", *parts]
        ]
        writer.writerow([row.model, row.step, row.split, *figures])
    return text.getvalue()


def mean_losses(losses: Sequence[Losses], weights: Sequence[float] | None = None) -> Losses:
    """Average each figure over `losses`, weighted by `weights`."""
    shares = weights or [1.0] * len(losses)
    total = sum(shares)
    return {
        name: sum(share * entry[name] for share, entry in zip(shares, losses, strict=True)) / total
        for name in losses[0]
    }
