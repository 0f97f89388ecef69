"""The plain way: `whisper.transcribe` over the whole recording, cut at the times of its segments.

    python -m scripts.corpus.baseline RECORDING OUT.json --language en [--weights FOLDER]

Nothing is tuned, nothing left out: everything that Whisper wrote is data, whoever said it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import soundfile

from scripts.corpus.cuts import Cut, write_segments
from voxgate.corpus.cutting.spans import GRID, Span
from voxgate.corpus.cutting.stretches import Status
from voxgate.settings import load_settings
from voxgate.thread_patience import set_thread_patience
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["cut_at_segments"]

_WEIGHTS = "whisper-base"


def main() -> int:
    """Transcribe the recording of the command line and write the segments."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("recording", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--language", required=True)
    options.add_argument("--weights", type=Path)
    given = options.parse_args()
    wave, sample_rate_hz = soundfile.read(given.recording, dtype="float32")
    if sample_rate_hz != HEARING_RATE_HZ:
        options.error(f"expected a recording at {HEARING_RATE_HZ} Hz, got {sample_rate_hz}")
    weights = given.weights or load_settings().assets_dir / _WEIGHTS
    segments = _transcribe(wave, weights, given.language)
    write_segments(given.out, cut_at_segments(segments, wave.size))
    return 0


def cut_at_segments(segments: Iterable[Mapping[str, Any]], n_samples: int) -> list[Cut]:
    """Return a cut for each segment with a text, inside the recording, none before the one before.

    Whisper's times may pass the end of the recording, or stand still; such a segment is a frame.
    """
    cuts: list[Cut] = []
    at = 0
    for segment in segments:
        text = str(segment["text"]).strip()
        start = min(max(at, round(segment["start"] * HEARING_RATE_HZ)), n_samples - GRID)
        end = max(min(round(segment["end"] * HEARING_RATE_HZ), n_samples), start + GRID)
        if text:
            cuts.append(Cut(span=Span(start, end), status=Status.KEPT, text=text))
            at = end
    return cuts


def _transcribe(wave: Wave, weights: Path, language: str) -> list[dict[str, Any]]:
    set_thread_patience()
    import whisper

    from voxgate.adapters.whisper.model import load_whisper

    network = load_whisper(weights).network
    heard = whisper.transcribe(network, wave, language=language, fp16=False)
    segments: list[dict[str, Any]] = heard["segments"]
    return segments


if __name__ == "__main__":
    sys.exit(main())
