"""How much speech of a voice there is, and what so much is treated as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voxgate.params import SizeParams, SizesParams
from voxgate.stage import Reason

__all__ = ["DataSize", "find_lacks", "find_size", "is_small"]


@dataclass(frozen=True, kw_only=True)
class DataSize:
    """A data set by its usable clips. `rules` is the row of params.yaml that `name` names."""

    name: str
    clips: int
    seconds: float
    rules: SizeParams

    def as_json(self) -> dict[str, Any]:
        """Return what summaries and evidence say of it, as JSON values."""
        return {
            "name": self.name,
            "clips": self.clips,
            "seconds": round(self.seconds, 3),
            "budget": self.rules.budget,
        }


def find_size(durations_s: Sequence[float], sizes: SizesParams) -> DataSize | None:
    """Return the largest size that usable clips of these durations reach; None below all.

    Each stage asks again with the clips that it has: `validate` counts every speaker's, `featurize`
    and those behind it the clips of the one that is trained.
    """
    clips, seconds = len(durations_s), sum(durations_s)
    found = None
    for name, rules in sizes.rows():
        if clips >= rules.from_clips and seconds >= rules.from_s:
            found = DataSize(name=name, clips=clips, seconds=seconds, rules=rules)
    return found


def is_small(name: str) -> bool:
    """Tell whether a size is below the largest, by its name."""
    return name != tuple(SizesParams.model_fields)[-1]


def find_lacks(durations_s: Sequence[float], sizes: SizesParams) -> list[Reason]:
    """Return what is missing to the smallest size; empty when it is reached."""
    clips, seconds = len(durations_s), sum(durations_s)
    name, least = next(sizes.rows())
    there = f"got {clips} of {seconds:.1f} s together"
    reasons = []
    if clips < least.from_clips:
        reasons.append(
            Reason(
                "too_few_clips",
                f"expected at least {least.from_clips} clips fit for training "
                f"(sizes.{name}.from_clips), {there}: some are held out to know the speaker by, "
                "one measures the loss, and the rest has to hold a prompt; add recordings, or see "
                "quarantine.csv for what was turned away",
            )
        )
    if seconds < least.from_s:
        reasons.append(
            Reason(
                "too_little_audio",
                f"expected at least {least.from_s:g} s fit for training (sizes.{name}.from_s), "
                f"{there}: what must be held out would be too much of it; add recordings",
            )
        )
    return reasons
