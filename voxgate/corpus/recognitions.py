"""What a recogniser heard, back from the JSON that a cache keeps of it."""

from __future__ import annotations

from typing import Any

from voxgate.types import Alignment, Recognition, Transcript, WordTiming

__all__ = ["load_recognition", "load_transcript"]


def load_transcript(stored: Any) -> Transcript:
    """Return a transcript that was stored with `dataclasses.asdict`."""
    return Transcript(**{**stored, "words": _words(stored["words"])})


def load_recognition(stored: Any) -> Recognition:
    """Return a recognition that was stored with `dataclasses.asdict`."""
    heard, alignment = stored["transcript"], stored["alignment"]
    return Recognition(
        transcript=load_transcript(heard),
        alignment=None
        if alignment is None
        else Alignment(
            words=_words(alignment["words"]),
            mean_log_probability=alignment["mean_log_probability"],
        ),
    )


def _words(stored: Any) -> tuple[WordTiming, ...]:
    return tuple(WordTiming(**word) for word in stored)
