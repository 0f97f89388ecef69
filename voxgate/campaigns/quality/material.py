"""The sentences that a voice says while its limits are set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from voxgate.campaigns.quality.expected import Segment
from voxgate.errors import ConfigError
from voxgate.strict_yaml import read_yaml

__all__ = ["FilledSentence", "read_material"]

SHIPPED = Path(__file__).with_name("sentences.yaml")


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    before: str = Field(min_length=1)
    slot: str | None = None
    after: str = ""
    values: list[str] = Field(default_factory=list)
    near: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_near_a_value(self) -> Self:
        if self.near and len(self.near) != len(self.values):
            raise ValueError(f"{len(self.values)} values, but {len(self.near)} that are near them")
        return self


@dataclass(frozen=True, kw_only=True)
class FilledSentence:
    """One sentence to be spoken; `others` are sentences that say another value in its slot.

    `near` says one that sounds much like its own, where there is one.
    """

    segments: tuple[Segment, ...]
    others: tuple[tuple[Segment, ...], ...] = ()
    near: tuple[Segment, ...] | None = None

    @property
    def text(self) -> str:
        """What is said, as it is written."""
        return "".join(segment.text for segment in self.segments)


def read_material(path: Path = SHIPPED) -> tuple[FilledSentence, ...]:
    """Read the sentences, each value filled in, in the order of the file.

    Raises:
        ConfigError: the file cannot be used; all faults are listed.
    """
    try:
        rows = TypeAdapter(list[_Row]).validate_python(read_yaml(path))
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors(include_url=False)
        ]
        raise ConfigError(str(path), faults) from None
    except FileNotFoundError:
        raise ConfigError(str(path), ["the file is missing"]) from None
    return tuple(sentence for row in rows for sentence in _filled(row))


def _filled(row: _Row) -> list[FilledSentence]:
    if row.slot is None:
        return [FilledSentence(segments=(Segment(text=row.before),))]
    each = [_with(row, value) for value in row.values]
    # One after, two after: each value is held against two others, where there are so many.
    steps = range(1, min(3, len(each)))
    return [
        FilledSentence(
            segments=segments,
            others=tuple(each[(at + step) % len(each)] for step in steps),
            near=_with(row, row.near[at]) if row.near else None,
        )
        for at, segments in enumerate(each)
    ]


def _with(row: _Row, value: str) -> tuple[Segment, ...]:
    return (Segment(text=row.before), Segment(text=value, slot=row.slot), Segment(text=row.after))
