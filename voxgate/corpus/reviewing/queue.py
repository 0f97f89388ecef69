"""Which clips a person hears, in which order, and which decisions are about none of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from voxgate.corpus.cutting.decisions import Decision
from voxgate.corpus.cutting.records import Import, Source
from voxgate.corpus.cutting.stretches import Status, Stretch, Utterance

__all__ = ["Clip", "find_misfits", "plan_queue"]


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A clip of an import, kept or doubtful."""

    clip_id: str
    source: Source
    stretch: Stretch

    @property
    def utterance(self) -> Utterance:
        """What is said in it; a kept or doubtful stretch has one."""
        assert self.stretch.utterance is not None
        return self.stretch.utterance

    @property
    def doubtful(self) -> bool:
        """Whether it is no data before a person accepts it."""
        return self.stretch.status is Status.DOUBTFUL

    @property
    def duration_ms(self) -> int:
        """Its length in milliseconds; cuts lie on a grid of ten."""
        return round(self.stretch.span.duration_s * 1000)


def plan_queue(imports: Iterable[Import]) -> tuple[Clip, ...]:
    """Return all clips: the doubtful ones first, then by speaker, source and time."""
    clips = [
        Clip(clip_id=clip_id, source=imported.source, stretch=stretch)
        for imported in imports
        for clip_id, stretch in imported.clips.items()
    ]
    return tuple(sorted(clips, key=lambda clip: (not clip.doubtful, clip.clip_id)))


def find_misfits(decisions: Mapping[str, Decision], clips: Iterable[Clip]) -> list[Decision]:
    """Return the decisions about clips that are not there: a later import has cut otherwise.

    They are applied to nothing. Who imports with the earlier settings again finds them in force.
    """
    known = {clip.clip_id for clip in clips}
    return [decision for clip_id, decision in sorted(decisions.items()) if clip_id not in known]
