"""Imports of long recordings that never were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from voxgate.corpus.cutting.decisions import DECISIONS_FILE
from voxgate.corpus.cutting.records import Import, Source
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Reason, Status, Stretch, Utterance
from voxgate.files import canonical_json

__all__ = ["an_import", "decide", "doubtful", "kept", "rejected", "silence"]

DOUBT = Reason(code="passes_differ", expected="at most 10 % of words", arrived="50 %")


def kept(start_s: float, end_s: float, text: str = "good morning") -> Stretch:
    """Return an utterance that every check believes."""
    span = Span.of_seconds(start_s, end_s)
    return Stretch(span=span, status=Status.KEPT, utterance=_utterance(span, text))


def doubtful(start_s: float, end_s: float, text: str = "good evening") -> Stretch:
    """Return an utterance that a person must hear."""
    span = Span.of_seconds(start_s, end_s)
    return Stretch(
        span=span, status=Status.DOUBTFUL, reasons=(DOUBT,), utterance=_utterance(span, text)
    )


def rejected(start_s: float, end_s: float, code: str = "music") -> Stretch:
    """Return sound that is of no use."""
    reason = Reason(code=code, expected="speech", arrived=code)
    return Stretch(span=Span.of_seconds(start_s, end_s), status=Status.REJECTED, reasons=(reason,))


def silence(start_s: float, end_s: float) -> Stretch:
    """Return a part in which nothing is said."""
    return Stretch(span=Span.of_seconds(start_s, end_s), status=Status.SILENCE)


def an_import(
    *stretches: Stretch, speaker_id: str = "anna", source_id: str = "talk-12345678"
) -> Import:
    """Return an import with these stretches, of a recording that ends with the last one."""
    source = Source(
        source_id=source_id,
        name="talk.wav",
        sha256="12345678" * 8,
        container="wav",
        sample_rate_hz=44_100,
        channels=2,
        n_samples=stretches[-1].span.end,
        language="en",
        speaker_id=speaker_id,
        settings="5e77" * 16,
        instruments={"detector": {"name": "fake"}},
    )
    return Import(source=source, stretches=stretches)


def decide(data_dir: Path, clip: str, decision: str, **changes: Any) -> None:
    """Add a decision of `bo` about a clip."""
    line = {"clip": clip, "decision": decision, "by": "bo", "at": "2026-01-31T10:00:00Z"}
    with (data_dir / DECISIONS_FILE).open("a", encoding="utf-8") as stream:
        stream.write(canonical_json({**line, **changes}) + "\n")


def _utterance(span: Span, text: str) -> Utterance:
    return Utterance(span=span, text=text, language="en", measures={"pass_wer": 0.0})
