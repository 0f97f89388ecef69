"""Parameters of all stages that depend on how much speech there is. Sources: docs/small_data.md."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from voxgate.params.section import Section

__all__ = ["SizeParams", "SizesParams"]


class SizeParams(Section):
    """From how much usable speech of one voice on a row holds, and what is done with so much."""

    from_s: float = Field(gt=0)
    from_clips: int = Field(ge=1)
    centroid_clips: int = Field(ge=1)
    """Held-out clips that define the speaker in similarity scores; never trained on. Fewer than
    five are measured by windows."""

    centroid_s: float = Field(gt=0)
    """What they last together, at least."""

    budget: float = Field(gt=0, le=1)
    """Share of the steps of `train`."""

    @model_validator(mode="after")
    def _leaves_clips_to_train_on(self) -> Self:
        if self.from_clips < self.centroid_clips + 2:
            raise ValueError(
                f"from_clips is {self.from_clips}, expected at least {self.centroid_clips + 2}: "
                "centroid_clips, one to validate and one to train on"
            )
        return self


class SizesParams(Section):
    """A row for each size of a data set, from the smallest; of less nothing is made."""

    minute: SizeParams
    ten_minutes: SizeParams
    hour: SizeParams

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        for (_, small), (name, large) in pairwise(self.rows()):
            if large.from_s <= small.from_s or large.from_clips < small.from_clips:
                raise ValueError(f"{name} begins with less than the row before it")
        return self

    def rows(self) -> Iterator[tuple[str, SizeParams]]:
        """Yield name and row of each size, from the smallest."""
        for name in type(self).model_fields:
            yield name, getattr(self, name)
