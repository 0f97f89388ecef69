"""What a campaign will take: counted from its plan, timed on this machine, never guessed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from voxgate.campaigns.planning.messages import Piece
from voxgate.campaigns.planning.planner import Plan
from voxgate.campaigns.work.rendering import RenderRecipe, render
from voxgate.campaigns.work.studio import Studio
from voxgate.errors import ConfigError

__all__ = ["Estimate", "Pace", "Workload", "estimate", "time_batch"]

_RUSH = 0.8
"""Share of its cores that a worker gets on a machine that does other things too."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """What one timed batch took, in seconds of one core, by what the rest is reckoned.

    `audio_s` and `speak_s` are per character of the normalised text, `check_s` per sentence,
    `render_s` and `render_bytes` per second of audio.
    """

    audio_s: float
    speak_s: float
    check_s: float
    render_s: float
    render_bytes: float
    sentences: int


class Workload:
    """How much there is to do, counted while it is planned; sentences and files once each.

    `shared` are the characters, `spoken_by_all` the sentences of all cells, as if each had its own.
    """

    def __init__(self) -> None:
        self.cells = 0
        self.faults = 0
        self.characters = 0
        self.render_characters = 0
        self.shared = 0
        self.spoken_by_all = 0
        self._sentences: dict[str, int] = {}
        self._renders: set[str] = set()

    @property
    def sentences(self) -> int:
        """Distinct sentences."""
        return len(self._sentences)

    @property
    def renders(self) -> int:
        """Distinct files."""
        return len(self._renders)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the distinct sentences."""
        return tuple(self._sentences)

    def add(self, plan: Plan) -> None:
        """Count a part of the plan."""
        for sentence in plan.sentences:
            if sentence.key not in self._sentences:
                self._sentences[sentence.key] = len(sentence.facts["text"])
                self.characters += len(sentence.facts["text"])
        sizes, counts = {}, {}
        for render_ in plan.renders:
            sizes[render_.key] = sum(self._sentences[key] for key in render_.sentences)
            counts[render_.key] = len(render_.sentences)
            if render_.key not in self._renders:
                self._renders.add(render_.key)
                self.render_characters += sizes[render_.key]
        for cell in plan.cells:
            self.cells += 1
            if cell.render is None:
                self.faults += 1
            else:
                self.shared += sizes[cell.render]
                self.spoken_by_all += counts[cell.render]

    def forget(self, found: Sequence[str]) -> None:
        """Take out sentences that an earlier campaign has spoken."""
        for key in found:
            self.characters -= self._sentences.get(key, 0)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a campaign takes. Hours of audio count every cell; bytes and core hours, every file.

    `reuse` is how often a second of speech is used: what all cells say over what is spoken.
    """

    cells: int
    sentences: int
    found: int
    renders: int
    reuse: float
    audio_hours: float
    bytes: int
    core_hours: float
    unshared_core_hours: float
    workers: int
    wall_hours: float

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def time_batch(studio: Studio, pieces: Sequence[tuple[Piece, int]], recipe: RenderRecipe) -> Pace:
    """Speak, check and encode some pieces, each with its place, and say what that took.

    Raises:
        ConfigError: there is nothing to time.
        TextError, VoiceError, EvaluatorError: it cannot be done; the campaign could not either.
    """
    if not pieces:
        raise ConfigError("campaign", ["no cell has anything to say; every row was rejected"])
    studio.check([studio.speak(pieces[0][0], pieces[0][1], seed=studio.seed)], [pieces[0][0]])
    began_s = time.process_time()
    spoken = [studio.speak(piece, place, seed=studio.seed) for piece, place in pieces]
    speak_s = time.process_time() - began_s
    began_s = time.process_time()
    studio.check(spoken, [piece for piece, _ in pieces])
    check_s = time.process_time() - began_s
    began_s = time.process_time()
    file = render([(one.pcm, one.sample_rate_hz) for one in spoken], recipe)
    render_s = time.process_time() - began_s
    characters = sum(len(piece.text) for piece, _ in pieces)
    return Pace(
        audio_s=file.duration_s / characters,
        speak_s=speak_s / characters,
        check_s=check_s / len(pieces),
        render_s=render_s / file.duration_s,
        render_bytes=len(file.content) / file.duration_s,
        sentences=len(pieces),
    )


def estimate(load: Workload, pace: Pace, *, found: int, workers: int) -> Estimate:
    """Reckon a campaign from what was counted and what was timed."""
    made_s = load.characters * pace.speak_s + (load.sentences - found) * pace.check_s
    render_audio_s = load.render_characters * pace.audio_s
    core_s = made_s + render_audio_s * pace.render_s
    alone_s = load.shared * (pace.speak_s + pace.audio_s * pace.render_s)
    alone_s += load.spoken_by_all * pace.check_s
    return Estimate(
        cells=load.cells,
        sentences=load.sentences,
        found=found,
        renders=load.renders,
        reuse=load.shared / load.characters if load.characters else 0.0,
        audio_hours=load.shared * pace.audio_s / 3600.0,
        bytes=round(render_audio_s * pace.render_bytes),
        core_hours=core_s / 3600.0,
        unshared_core_hours=alone_s / 3600.0,
        workers=workers,
        wall_hours=core_s / 3600.0 / workers / _RUSH,
    )
