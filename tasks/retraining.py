"""What a retraining comes to, whoever ran it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

__all__ = ["DEPLOYMENT", "RunResult"]

DEPLOYMENT = "retrain"
"""Under which name a retraining leaves its mark for `voxgate schedule check`."""


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """How a run ended. `verdict` is None when a stage refused (its name is in `refused_by`)."""

    recomputed: tuple[str, ...]
    refused_by: str | None = None
    version: int | None = None
    verdict: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return JSON values."""
        return asdict(self)
