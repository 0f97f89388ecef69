"""How long a stage may take: a base, and seconds for each clip, so that large data is not cut off.

A time-out finds what hangs; it is no forecast. `validate` takes a third to half a second a clip on
two cores (14,000 to 21,000 clips in two hours), so what is given here is four times that and more.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voxgate.stage import Workspace

__all__ = ["ALLOWANCES", "Allowance", "TimeLimit", "count_clips", "time_limit"]

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class Allowance:
    """What a stage is given: seconds for itself, and seconds for each clip."""

    base_s: float
    per_clip_s: float


ALLOWANCES = {
    "ingest": Allowance(1800, 1.0),
    "validate": Allowance(7200, 2.0),
    "featurize": Allowance(7200, 2.0),
    # Steps are counted, not clips; reading the set and the first epoch are not.
    "train": Allowance(86400, 1.0),
    # It speaks a fixed number of prompts; the speaker is known by held-out clips.
    "evaluate": Allowance(14400, 0.2),
}


@dataclass(frozen=True, kw_only=True)
class TimeLimit:
    """How long a stage may take with so many clips, and by which factor of the settings."""

    seconds: float
    clips: int
    factor: float
    allowance: Allowance

    def explain(self, stage: str) -> str:
        """Say what a stage that reached the limit had, and what gives it more."""
        given = f"{self.allowance.base_s:.0f} s and {self.allowance.per_clip_s:g} s a clip"
        return (
            f"stage {stage!r} was ended after {self.seconds:.0f} s with {self.clips} clips in "
            f"data/manifest.csv: it is given {given}, times VOXGATE_STAGE_TIME_FACTOR "
            f"({self.factor:g}). If it was still at work, let more run at a time "
            f"(VOXGATE_WORKERS) or give it longer (VOXGATE_STAGE_TIME_FACTOR={2 * self.factor:g}), "
            "then run again: what it has kept of single clips, or its last resume point, is used."
        )


def time_limit(root: Path, stage: str, *, factor: float) -> TimeLimit:
    """Return how long a stage of a checkout may take."""
    allowance, clips = ALLOWANCES[stage], count_clips(root)
    seconds = factor * (allowance.base_s + allowance.per_clip_s * clips)
    return TimeLimit(seconds=seconds, clips=clips, factor=factor, allowance=allowance)


def count_clips(root: Path) -> int:
    """Count the lines of the manifest below its heading; 0 where there is none.

    A text with a line break in it counts twice, which gives more time and no less.
    """
    path, lines = Workspace(root).manifest, 0
    if not path.is_file():
        return 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            lines += block.count(b"\n")
    return max(lines - 1, 0)
