"""The instruments that an import listens with, and who they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from voxgate.ports import Aligner, Recogniser, SpeakerEncoder, SpeechDetector

__all__ = ["Instruments"]


@dataclass(frozen=True, kw_only=True)
class Instruments:
    """What listens to recordings of one language.

    normalise: brings texts of the language to the words that are compared; `rules` names how.
    aligner: places words a second time; None where nothing can, of this language.
    """

    detector: SpeechDetector
    recogniser: Recogniser
    encoder: SpeakerEncoder
    aligner: Aligner | None
    normalise: Callable[[str], str]
    rules: str

    def identities(self) -> dict[str, Any]:
        """Return who listened, as JSON values by part; the normaliser is one of them."""
        return {
            "detector": self.detector.identity.as_json(),
            "recogniser": self.recogniser.identity.as_json(),
            "encoder": self.encoder.identity.as_json(),
            "aligner": self.aligner and self.aligner.identity.as_json(),
            "normaliser": self.rules,
        }
