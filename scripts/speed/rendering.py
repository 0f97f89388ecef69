"""What making a delivered file costs by part: the table of docs/campaign_delivery.md.

    python scripts/speed/rendering.py build/evaluate/audio

The message is made of samples that `evaluate` keeps (PROMPT-SEED.flac), in the order of their
names, until it lasts `--seconds`. Before: the level by `pyloudnorm`, as the corpus is measured.
After: as `render` does it. Ways take turns, so that a busy moment hurts every one.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
from measuring import Elapsed, interleaved, machine, median, timed
from numpy.typing import NDArray

from voxgate.audio.encoding import EncodingName, encode_file, nearest_rate_hz, resample_pcm
from voxgate.audio.levelling import levelled
from voxgate.audio.loudness import find_gain, measure_loudness
from voxgate.audio.shards import from_pcm16, to_pcm16
from voxgate.campaigns.work.rendering import RenderRecipe, Sentence, render

FORMATS: tuple[EncodingName, ...] = ("wav", "ulaw", "flac", "mp3", "opus")
LUFS = -19.0
PAUSE_S = 0.2

Pcm = NDArray[np.int16]


def levelled_before(pcm: Pcm, rate_hz: int) -> Pcm:
    """Level as it was done until `levelled` had arithmetic of its own."""
    wave = from_pcm16(pcm)
    loudness = measure_loudness(wave, rate_hz)
    gain = find_gain(wave, loudness, target_lufs=LUFS, max_gain_db=20.0, ceiling_dbfs=-1.0)
    return to_pcm16((wave * np.float32(10.0 ** (gain.db / 20.0))).astype(np.float32))


def read_message(folder: Path, seconds: float, kind: str) -> list[Sentence]:
    """Read sentences until there are `seconds` of them."""
    found: list[Sentence] = []
    for path in sorted(folder.glob(f"*{kind}*.flac")):
        pcm, rate_hz = soundfile.read(path, dtype="int16")
        found.append((np.append(pcm, np.zeros(round(PAUSE_S * rate_hz), np.int16)), rate_hz))
        if sum(len(pcm) / rate_hz for pcm, rate_hz in found) >= seconds:
            return found
    raise SystemExit(f"{folder}: expected {seconds} s of *{kind}*.flac; run `evaluate` first")


def ways_of(sentences: list[Sentence], encoding: EncodingName) -> dict[str, Callable[[], object]]:
    """Return what is timed for one format, on what reaches it."""
    source_hz = sentences[0][1]
    rate_hz = nearest_rate_hz(encoding, source_hz)
    joined = np.concatenate([pcm for pcm, _ in sentences])
    resampled = resample_pcm(joined, source_hz, rate_hz)
    level = levelled(resampled, rate_hz, lufs=LUFS)
    change = np.abs(level.astype(int) - levelled_before(resampled, rate_hz)).max()
    print(f"{encoding} at {rate_hz} Hz: no sample differs by more than {change}")
    return {
        "join": lambda: np.concatenate([pcm for pcm, _ in sentences]),
        "resample": partial(resample_pcm, joined, source_hz, rate_hz),
        "level before": partial(levelled_before, resampled, rate_hz),
        "level": partial(levelled, resampled, rate_hz, lufs=LUFS),
        "encode": partial(encode_file, level, rate_hz, encoding),
        "render": partial(render, sentences, RenderRecipe(format=encoding, loudness_lufs=LUFS)),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("audio", type=Path)
    parser.add_argument("--seconds", type=float, default=14.0)
    parser.add_argument("--kind", default="plain")
    parser.add_argument("--rounds", type=int, default=11)
    arguments = parser.parse_args()
    sentences = read_message(arguments.audio, arguments.seconds, arguments.kind)
    duration_s = sum(len(pcm) / rate_hz for pcm, rate_hz in sentences)
    print(f"{len(sentences)} sentences, {duration_s:.1f} s, N = {arguments.rounds}")
    print(f"{machine('cpu', 1)}\n")
    rows = []
    for encoding in FORMATS:
        ways = ways_of(sentences, encoding)
        timings = interleaved(
            {k: partial(timed, v) for k, v in ways.items()}, rounds=arguments.rounds
        )
        rows.append(row(encoding, timings))
    print("\n| CPU ms | join | resample | level, before | level | encode | whole, before | whole |")
    print("|---|---|---|---|---|---|---|---|")
    print("\n".join(rows))


def row(encoding: str, timings: dict[str, list[Elapsed]]) -> str:
    """Return a row of the table, in ms of processor time."""
    ms = {name: 1000 * median(runs, "processor_s") for name, runs in timings.items()}
    before = ms["render"] - ms["level"] + ms["level before"]
    names = ("join", "resample", "level before", "level", "encode")
    cells = [*(ms[name] for name in names), before, ms["render"]]
    return f"| {encoding} | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |"


if __name__ == "__main__":
    main()
