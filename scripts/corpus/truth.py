"""What is said where in a built recording: one event a line, in order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from voxgate.corpus.cutting.spans import Span
from voxgate.files import write_text

__all__ = ["Event", "Kind", "Truth", "read_truth", "write_events"]


class Kind(StrEnum):
    """What sounds."""

    SPEECH = "speech"
    TONE = "tone"
    MUSIC = "music"
    NOISE = "noise"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One clip or sound of the recording; between two events nothing sounds but the room.

    span: of the clip as it is, with the silence at its ends; at 16 kHz, exact to the sample.
    speech: where in the recording it is said, on the 10-ms grid of the clip (`edges`).
    speaker, language, clip, text: empty where nobody speaks.
    """

    kind: Kind
    span: Span
    speech: tuple[Span, ...] = ()
    speaker: str = ""
    language: str = ""
    clip: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Truth:
    """A recording of `n_samples` at 16 kHz, in which `speaker` is the one that is wanted."""

    speaker: str
    language: str
    n_samples: int
    events: tuple[Event, ...]

    @property
    def wanted(self) -> list[Event]:
        """What the wanted speaker says."""
        return [event for event in self.events if event.speaker == self.speaker]

    @property
    def others(self) -> list[Event]:
        """What everybody else says."""
        speech = (event for event in self.events if event.kind is Kind.SPEECH)
        return [event for event in speech if event.speaker != self.speaker]


def write_events(path: Path, events: Iterable[Event]) -> None:
    """Write truth.jsonl."""
    lines = (json.dumps(_as_json(event), ensure_ascii=False) for event in events)
    write_text(path, "".join(f"{line}\n" for line in lines))


def read_truth(folder: Path) -> Truth:
    """Read what `scripts.corpus.hour` wrote beside its recording."""
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    lines = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return Truth(
        speaker=facts["speaker"],
        language=facts["language"],
        n_samples=facts["n_samples"],
        events=tuple(_from_json(json.loads(line)) for line in lines),
    )


def _as_json(event: Event) -> dict[str, object]:
    return {
        "kind": event.kind.value,
        "start": event.span.start,
        "end": event.span.end,
        "speech": [[span.start, span.end] for span in event.speech],
        "speaker": event.speaker,
        "language": event.language,
        "clip": event.clip,
        "text": event.text,
    }


def _from_json(line: dict[str, object]) -> Event:
    speech = line["speech"]
    assert isinstance(speech, Sequence)
    return Event(
        kind=Kind(str(line["kind"])),
        span=Span(_whole(line["start"]), _whole(line["end"])),
        speech=tuple(Span(start, end) for start, end in speech),
        speaker=str(line["speaker"]),
        language=str(line["language"]),
        clip=str(line["clip"]),
        text=str(line["text"]),
    )


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value
