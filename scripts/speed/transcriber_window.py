"""Measure what a shorter encoder window does to transcripts, errors and time.

    python scripts/speed/transcriber_window.py whisper-base --clips 120

reads build/ingest (run `dvc repro ingest` first) and prints a Markdown table: word error rate with
a bootstrap interval over clips, the share of transcripts that equal those of the 30 s window after
normalisation, and processor seconds a clip.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

import jiwer
import numpy as np
from whisper.normalizers import EnglishTextNormalizer

from voxgate.adapters.assets.catalogue import find_asset
from voxgate.adapters.whisper.encoding import FULL_WINDOW, WindowPolicy
from voxgate.adapters.whisper.recogniser import load_recogniser
from voxgate.audio.shards import ShardReader
from voxgate.corpus.ingested_clips import read_ingested
from voxgate.params.evaluate import EvaluatorSource
from voxgate.settings import load_settings
from voxgate.types import Wave

MIN_WORDS = 4
MAX_CLIP_S = 20.0
PLAIN = re.compile(r"[A-Za-z0-9 ,.'?!:;-]+")
POLICIES = {
    "30 s": FULL_WINDOW,
    "10/15/20/30 s, margin 1 s": WindowPolicy(windows_s=(10, 15, 20, 30), margin_s=1.0),
    "15/20/30 s, margin 5 s": WindowPolicy(windows_s=(15, 20, 30), margin_s=5.0),
    "20/30 s, margin 2 s": WindowPolicy(windows_s=(20, 30), margin_s=2.0),
}


def main() -> None:
    """Parse the command line, measure every policy, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="a whisper asset of the catalogue")
    parser.add_argument("--clips", type=int, default=120)
    parser.add_argument("--ingest", type=Path, default=Path("build/ingest"))
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    waves, texts = read_clips(chosen.ingest, chosen.clips)
    normalise = EnglishTextNormalizer()
    expected = [normalise(text) for text in texts]
    asset = find_asset(chosen.model)
    source = EvaluatorSource(kind="whisper", source=asset.name, sha256=asset.sha256)
    full: list[str] = []
    print(f"{chosen.model}, {len(waves)} clips, {sum(map(len, waves)) / 16_000 / 60:.1f} min\n")
    print("| window | WER % [95 % CI] | same text | processor s/clip | s/clip |")
    print("|---|---|---|---|---|")
    for label, policy in POLICIES.items():
        recogniser = load_recogniser(
            source,
            assets_dir=load_settings().assets_dir,
            threads=chosen.threads,
            batch_size=8,
            windows=policy,
        )
        recogniser.transcribe(waves[:1])  # warm up
        began, began_processor = time.perf_counter(), time.process_time()
        heard = [normalise(t.text) for t in recogniser.transcribe(waves)]
        wall_s = (time.perf_counter() - began) / len(waves)
        processor_s = (time.process_time() - began_processor) / len(waves)
        full = full or heard
        same = np.mean([a == b for a, b in zip(heard, full, strict=True)])
        rate, low, high = word_error_rate(expected, heard)
        print(
            f"| {label} | {rate:.2f} [{low:.1f}, {high:.1f}] | {same:.1%} "
            f"| {processor_s:.2f} | {wall_s:.2f} |",
            flush=True,
        )


def read_clips(ingest: Path, count: int) -> tuple[list[Wave], list[str]]:
    """Return every k-th clip with four words or more and plain text."""
    usable = [
        (clip.recording.text, clip.audio.place)
        for clip in read_ingested(ingest)
        if clip.audio is not None
        and clip.audio.duration_s <= MAX_CLIP_S
        and PLAIN.fullmatch(clip.recording.text)
        and len(clip.recording.text.split()) >= MIN_WORDS
    ]
    usable = usable[:: max(1, len(usable) // count)][:count]
    reader = ShardReader(ingest / "audio")
    return [reader.read(place) for _, place in usable], [text for text, _ in usable]


def word_error_rate(expected: list[str], heard: list[str]) -> tuple[float, float, float]:
    """Return corpus WER in percent with the 95 % bootstrap interval over clips."""
    outputs = [jiwer.process_words(a, b) for a, b in zip(expected, heard, strict=True)]
    errors = np.array([o.substitutions + o.deletions + o.insertions for o in outputs])
    words = np.array([len(text.split()) for text in expected])
    draws = np.random.default_rng(0).integers(0, len(words), (5_000, len(words)))
    rates = 100 * errors[draws].sum(axis=1) / words[draws].sum(axis=1)
    low, high = np.percentile(rates, [2.5, 97.5])
    return 100 * errors.sum() / words.sum(), low, high


if __name__ == "__main__":
    main()
