"""What every stage of the data graph shares: where it reads and writes, and how it reports.

A stage that judges does not fail: DVC keeps no outputs of a failed stage, and the evidence of a
refusal is worth keeping. It writes `outcome.json`, and the next stage refuses a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voxgate.errors import RefusalError, StageError
from voxgate.files import read_json, write_json

__all__ = ["STAGES", "Outcome", "Reason", "Workspace", "read_outcome", "require_accepted"]

STAGES = ("ingest", "validate", "featurize", "train", "evaluate")


@dataclass(frozen=True)
class Workspace:
    """The folders of one checkout. `root` holds params.yaml, dvc.yaml and data/."""

    root: Path

    @property
    def data_dir(self) -> Path:
        """Recordings, manifest.csv and consent.yaml: one DVC version."""
        return self.root / "data"

    @property
    def benchmark_dir(self) -> Path:
        """The fixed prompts and the self-test speakers."""
        return self.root / "benchmark"

    @property
    def base_dir(self) -> Path:
        """Weights that ship with the project."""
        return self.root / "base"

    @property
    def cache_dir(self) -> Path:
        """Per-clip results, named by content; may be deleted at any time."""
        return self.root / ".voxgate" / "cache"

    @property
    def work_dir(self) -> Path:
        """Resume state of unfinished work, in folders named by the digest of its inputs."""
        return self.root / ".voxgate" / "work"

    def stage_dir(self, stage: str) -> Path:
        """Return the output folder of a stage, `build/<stage>`."""
        if stage not in STAGES:
            raise StageError(f"no stage {stage!r}; there are {', '.join(STAGES)}")
        return self.root / "build" / stage


@dataclass(frozen=True)
class Reason:
    """Why a stage refused or warns: a stable code for machines, a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The judgement of a stage. `facts` are the few figures that a summary shows."""

    stage: str
    accepted: bool
    reasons: tuple[Reason, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write `outcome.json` into the stage's folder; write it last."""
        write_json(
            folder / "outcome.json",
            {
                "schema": 1,
                "stage": self.stage,
                "outcome": "accepted" if self.accepted else "refused",
                "reasons": [{"code": r.code, "message": r.message} for r in self.reasons],
                "facts": dict(self.facts),
            },
        )


def read_outcome(folder: Path) -> Outcome:
    """Read the outcome that a stage left in `folder`.

    Raises:
        StageError: the stage has not run.
    """
    path = folder / "outcome.json"
    if not path.is_file():
        raise StageError(
            f"{path} is missing: the stage {folder.name!r} has not run. Run `dvc repro` first."
        )
    raw = read_json(path)
    return Outcome(
        stage=raw["stage"],
        accepted=raw["outcome"] == "accepted",
        reasons=tuple(Reason(r["code"], r["message"]) for r in raw["reasons"]),
        facts=raw["facts"],
    )


def require_accepted(workspace: Workspace, stages: Iterable[str]) -> None:
    """Stop unless every named stage accepted.

    Raises:
        RefusalError: one of them refused; the message carries its reasons.
        StageError: one of them has not run.
    """
    for stage in stages:
        outcome = read_outcome(workspace.stage_dir(stage))
        if not outcome.accepted:
            why = "; ".join(f"{r.code}: {r.message}" for r in outcome.reasons)
            raise RefusalError(f"stage {stage!r} refused: {why}")
