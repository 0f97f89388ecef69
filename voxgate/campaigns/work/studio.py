"""What a worker has at hand for one campaign: a voice, ears, and the rules that it judges by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from voxgate.campaigns.planning.messages import Piece
from voxgate.campaigns.quality.calibration import Refusals
from voxgate.campaigns.quality.expected import SentenceKind
from voxgate.campaigns.quality.rules import SentenceQuality
from voxgate.serving.requests import SpokenSentence

__all__ = ["Studio"]


class Studio(Protocol):
    """Speaks and checks the sentences of one campaign; belongs to one thread of one process."""

    @property
    def seed(self) -> int:
        """The preset's, with which each sentence is tried first."""
        ...

    @property
    def machine(self) -> str:
        """The kind of processor: only results of equal kinds are equal to the last bit."""
        ...

    @property
    def own_refusals(self) -> Mapping[SentenceKind, Refusals]:
        """How often this voice's good sentences are refused, as the calibration counted."""
        ...

    def speak(self, piece: Piece, place: int, *, seed: int) -> SpokenSentence:
        """Speak a piece as the sentence at `place`.

        Raises:
            TextError, VoiceError: it cannot be spoken.
        """
        ...

    def check(
        self, spoken: Sequence[SpokenSentence], pieces: Sequence[Piece]
    ) -> Sequence[SentenceQuality]:
        """Check what was spoken, one answer each, in order.

        Raises:
            EvaluatorError: an instrument failed; nothing is known of any of them.
        """
        ...

    def fallback(self, piece: Piece) -> Piece | None:
        """Return what is said in place of a piece that no try said well; None where nothing is."""
        ...
