"""What becomes of each part of a recording: one status, and the reasons for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from voxgate.corpus.cutting.spans import Span
from voxgate.types import WordTiming

__all__ = ["Reason", "Status", "Stretch", "Utterance"]


class Status(StrEnum):
    """Where the seconds of a stretch are counted; each stretch has one."""

    KEPT = "kept"
    """An utterance with a text that every check believes: it is data."""

    DOUBTFUL = "doubtful"
    """An utterance that a person must hear first; its audio is kept, it is no data yet."""

    REJECTED = "rejected"
    """Sound that is of no use, for a reason that is named; its audio is not kept."""

    OTHER_SPEAKER = "other_speaker"
    """Somebody else speaks, who has not consented here; its audio is not kept."""

    SILENCE = "silence"
    """Nothing is said."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a stretch is not simply kept: a code, what was expected, and what arrived."""

    code: str
    expected: str
    arrived: str

    def __str__(self) -> str:
        return f"{self.code}: expected {self.expected}, got {self.arrived}"


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """A cut of 1 to 15 s with what is said in it.

    span: with the room at both edges.
    text: as a person would write it, numbers as they were written or heard.
    spoken: the words of `text` as the language's front end says them, numbers spelled out; empty
        where the language has no front end, or where the front end cannot say a letter of it.
    words: of `text`, in seconds from the start of the *recording*.
    measures: figures by name that a reviewer may want (`pass_wer`, `speaker_cosine`,
        `aligners_apart_s`); they decide nothing by themselves.
    """

    span: Span
    text: str
    language: str
    spoken: str = ""
    words: tuple[WordTiming, ...] = ()
    measures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A part of a recording; all stretches of one, in order, cover it without overlap.

    A kept or doubtful stretch has an utterance whose span is its own; no other has one.

    Raises:
        ValueError: it is not so, or a status that needs a reason has none.
    """

    span: Span
    status: Status
    reasons: tuple[Reason, ...] = ()
    utterance: Utterance | None = None

    def __post_init__(self) -> None:
        has_text = self.status in {Status.KEPT, Status.DOUBTFUL}
        if has_text != (self.utterance is not None):
            raise ValueError(f"{self.status} stretch at {self.span.start_s:.2f} s: utterance?")
        if self.utterance is not None and self.utterance.span != self.span:
            raise ValueError(f"utterance at {self.utterance.span} in a stretch at {self.span}")
        if self.status in {Status.DOUBTFUL, Status.REJECTED} and not self.reasons:
            raise ValueError(f"{self.status} stretch at {self.span.start_s:.2f} s has no reason")
