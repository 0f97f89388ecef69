"""A studio without a voice: samples that follow from text, place and seed, and planned mishaps."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from voxgate.campaigns.planning.messages import Piece
from voxgate.campaigns.quality.calibration import Refusals
from voxgate.campaigns.quality.expected import EXACT_SLOTS, TOLERANT_SLOTS, SentenceKind
from voxgate.campaigns.quality.rules import QualityState, SentenceQuality
from voxgate.errors import EvaluatorError, VoiceError
from voxgate.files import digest_json
from voxgate.serving.requests import SpokenSentence

RATE_HZ = 16_000
ALWAYS = 99
"""So many bad tries are more than there are."""


@dataclass(kw_only=True)
class FakeStudio:
    """Implements `Studio`. What happens follows from the text alone, so it happens again.

    `bad` says of a text how many of its tries the check refuses; `unspeakable` ones raise
    VoiceError, `unmeasured` ones make the instruments fail, `deadly` ones kill the process.
    `before` is called with each piece before it is spoken, and may wait or raise. `salt` gives
    other samples, as another machine or other weights would.
    """

    bad: Mapping[str, int] = field(default_factory=dict)
    unspeakable: frozenset[str] = frozenset()
    unmeasured: frozenset[str] = frozenset()
    deadly: frozenset[str] = frozenset()
    stand_in: Piece | None = None
    before: Callable[[Piece], None] | None = None
    seed: int = 7
    machine: str = "fake"
    salt: str = ""
    own_refusals: Mapping[SentenceKind, Refusals] = field(
        default_factory=lambda: {kind: Refusals(refused=2, n=40) for kind in SentenceKind}
    )
    said: list[tuple[str, int, int]] = field(default_factory=list)
    """Text, place and seed of everything that was spoken here."""

    def speak(self, piece: Piece, place: int, *, seed: int) -> SpokenSentence:
        if self.before is not None:
            self.before(piece)
        if piece.text in self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        if piece.text in self.unspeakable:
            raise VoiceError(f"{piece.text!r} cannot be spoken")
        self.said.append((piece.text, place, seed))
        return SpokenSentence(
            place=place,
            pcm=samples(piece.text, place, seed, self.salt),
            sample_rate_hz=RATE_HZ,
            stopped_by_limit=False,
        )

    def check(
        self, spoken: Sequence[SpokenSentence], pieces: Sequence[Piece]
    ) -> Sequence[SentenceQuality]:
        if bad := [piece.text for piece in pieces if piece.text in self.unmeasured]:
            raise EvaluatorError(f"nothing can be measured of {bad[0]!r}")
        return [self._quality(speech, piece) for speech, piece in zip(spoken, pieces, strict=True)]

    def fallback(self, piece: Piece) -> Piece | None:
        return self.stand_in if any(piece.slots) else None

    def _quality(self, speech: SpokenSentence, piece: Piece) -> SentenceQuality:
        """Judge by which try it was, told from the samples: later tries are a little better."""
        seeds = [self.seed + 1000 * k for k in range(4)]
        made = [samples(piece.text, speech.place, seed, self.salt) for seed in seeds]
        number = next(k for k, pcm in enumerate(made) if np.array_equal(pcm, speech.pcm))
        refused = number < self.bad.get(piece.text, 0)
        # The second bad try is the best of the bad ones: the best is not simply the last.
        distance = {0: 0.5, 1: 0.3, 2: 0.6, 3: 0.4}[number] if refused else 0.0
        return SentenceQuality(
            state=QualityState.FAILED if refused else QualityState.PASSED,
            kind=_kind(piece),
            faults=("slot",) * refused,
            figures={"frame_edits": 0.0, "slot_distance": distance, "similarity": 0.9},
            rules_digest="q" * 64,
            heard_sha256=digest_json(piece.text),
        )


def samples(text: str, place: int, seed: int, salt: str = "") -> np.ndarray:
    """Return (T,) samples of about a tenth of a second: noise that belongs to its inputs."""
    chosen = int(digest_json([text, place, seed, salt])[:16], 16)
    noise = np.random.default_rng(chosen)
    return noise.integers(-8000, 8000, size=1200 + chosen % 800, dtype=np.int16)


def make_piece(text: str, *slots: str | None) -> Piece:
    """Return a piece of a word for each of `slots`, or of the frame alone."""
    return Piece(text=text, slots=slots or (None,) * len(text.split()), readings={})


def with_salt(studio: FakeStudio, salt: str) -> FakeStudio:
    """Return the studio of a machine that computes otherwise, and does not say so."""
    return replace(studio, salt=salt, said=[])


def _kind(piece: Piece) -> SentenceKind:
    slots = set(piece.slots)
    if slots & TOLERANT_SLOTS:
        return SentenceKind.NAME
    return SentenceKind.VALUE if slots & EXACT_SLOTS else SentenceKind.FRAME
