"""A clip as JSON values, as the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voxgate.corpus.cutting.decisions import Decision
from voxgate.corpus.cutting.reasons import REMEDIES
from voxgate.corpus.cutting.stretches import Reason
from voxgate.corpus.reviewing.queue import Clip

__all__ = ["describe_clip", "describe_decision"]

_DIGITS = 3


def describe_clip(clip: Clip, log: Sequence[Decision]) -> dict[str, Any]:
    """Return what is known of a clip; times of words are from its beginning.

    Args:
        clip: the clip.
        log: the decisions about it, the last one last.
    """
    utterance, span = clip.utterance, clip.stretch.span
    standing = log[-1] if log and log[-1].decision != "undo" else None
    return {
        "clip": clip.clip_id,
        "source": clip.source.name,
        "speaker": clip.source.speaker_id,
        "language": utterance.language,
        "start_s": span.start_s,
        "duration_ms": clip.duration_ms,
        "doubtful": clip.doubtful,
        "text": utterance.text,
        "words": [
            {
                "word": word.word.strip(),
                "start_ms": round((word.start_s - span.start_s) * 1000),
                "end_ms": round((word.end_s - span.start_s) * 1000),
                "probability": round(word.probability, _DIGITS),
            }
            for word in utterance.words
        ],
        "reasons": [_describe_reason(reason) for reason in clip.stretch.reasons],
        "measures": {name: round(value, _DIGITS) for name, value in utterance.measures.items()},
        "decision": None if standing is None else describe_decision(standing),
        "seen": len(log),
    }


def describe_decision(decision: Decision) -> dict[str, Any]:
    """Return who decided what, and when."""
    return {
        "clip": decision.clip,
        "decision": decision.decision,
        "by": decision.by,
        "at": decision.at.isoformat(timespec="seconds"),
        "text": decision.text,
        "trim_ms": decision.trim_ms,
    }


def _describe_reason(reason: Reason) -> dict[str, str]:
    return {
        "title": reason.code.replace("_", " "),
        "found": f"expected {reason.expected}, got {reason.arrived}",
        # A file of a data version may come from another release of this program.
        "remedy": REMEDIES.get(reason.code, "listen to it"),
    }
