"""An answer of the page, and the decision that it makes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from voxgate.corpus.cutting.decisions import Decision
from voxgate.corpus.reviewing.queue import Clip
from voxgate.errors import CorpusError
from voxgate.printable import describe_character, find_unprintable

__all__ = ["GRID_MS", "MIN_LEFT_MS", "Answer", "decide"]

GRID_MS = 10
"""Cuts lie on it, trims too."""

MIN_LEFT_MS = 300
"""A trim leaves at least that much: a short word."""


class Answer(BaseModel):
    """What the page sends. `seen` is how many decisions about the clip its sender had seen."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    decision: Literal["accept", "reject", "undo"]
    seen: int = Field(ge=0)
    text: str = Field(default="", max_length=1_000)
    trim_ms: tuple[int, int] | None = Field(default=None, strict=False)


def decide(clip: Clip, answer: Answer, *, by: str, at: datetime) -> Decision:
    """Return the decision that an answer makes.

    What was accepted is written down with it, corrected or not: a later import that hears other
    words does not change what a person has read.

    Raises:
        CorpusError: an accepted clip has no text, one that is no line, or is trimmed to nothing.
    """
    was = {"text": clip.utterance.text, "status": clip.stretch.status.value}
    if answer.decision != "accept":
        return Decision(clip=clip.clip_id, decision=answer.decision, by=by, at=at, was=was)
    return Decision(
        clip=clip.clip_id,
        decision="accept",
        by=by,
        at=at,
        text=_line(answer.text),
        trim_ms=_inside(answer.trim_ms, clip),
        was=was,
    )


def _line(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise CorpusError("expected the words that are said, got none; write them, or reject it")
    hidden = find_unprintable(line)
    if hidden is not None:
        raise CorpusError(f"{describe_character(hidden)} in the text does not print; remove it")
    return line


def _inside(trim_ms: tuple[int, int] | None, clip: Clip) -> tuple[int, int] | None:
    if trim_ms is None:
        return None
    start, end = trim_ms
    # A recording need not end on the grid, and its last clip ends with it.
    on_grid = start % GRID_MS == 0 and (end % GRID_MS == 0 or end == clip.duration_ms)
    if not (start >= 0 and start + MIN_LEFT_MS <= end <= clip.duration_ms and on_grid):
        raise CorpusError(
            f"expected edges inside the clip's {clip.duration_ms} ms, {MIN_LEFT_MS} ms or more "
            f"apart, on a grid of {GRID_MS} ms; got {start} and {end}"
        )
    return None if (start, end) == (0, clip.duration_ms) else (start, end)
