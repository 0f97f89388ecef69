"""Build the instrument that tells where somebody speaks."""

from __future__ import annotations

from voxgate.ports import SpeechDetector
from voxgate.settings import Settings

__all__ = ["build_speech_detector"]


def build_speech_detector(settings: Settings) -> SpeechDetector:  # noqa: ARG001 (as its siblings)
    """Load the detector; its weights come with its package, and it computes on the processor.

    Raises:
        WeightsError: the package is absent or is not the pinned one.
    """
    from voxgate.adapters.silero.detector import load_silero

    return load_silero()
