"""Compare where clips are heard: a plain loop, serially, in processes, on Ray.

    python -m scripts.scale.executors [--clips 96] [--rounds 2] [--workers 2] [--ways serial,ray]

hears the first clips of `data/` as `validate` does, each way with one thread a worker and with its
workers warm, and prints a Markdown table: seconds, clips a second, the ratio to serial (median over
rounds, A B C A B C ...), and whether the answers are the same. `plain loop` is what one writes
without this package: librosa and `whisper.transcribe`, clip by clip, with all processors.
`processes one killed` loses a worker after a third of its answers; the time beside `processes` is
what that costs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import soundfile

from voxgate.adapters.assets.store import checked_folder
from voxgate.adapters.executors.instruments import PooledRecogniser
from voxgate.adapters.whisper.model import load_whisper
from voxgate.audio.preparation import prepare_recording
from voxgate.audio.resampling import resample
from voxgate.audio.shards import from_pcm16
from voxgate.corpus.ingestion import preparation_target
from voxgate.corpus.manifest import read_manifest
from voxgate.errors import RecordingError
from voxgate.files import digest_json
from voxgate.params import Params, load_params
from voxgate.settings import Settings, load_settings
from voxgate.types import HEARING_RATE_HZ, Recognition, Wave
from voxgate.wiring.executors import pooled_recogniser
from voxgate.wiring.workers import build_executor

__all__ = ["main"]


@dataclass(frozen=True)
class Clip:
    """A recording as a WAV file, its words, and its samples as they are heard."""

    path: Path
    text: str
    wave: Wave


_INTO_A_BATCH_S = 1.0
_LONGEST_S = 20

Way = Callable[[Sequence[Clip]], str]
"""Hears all clips; returns a digest of the answers, or nothing where they are another kind."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=96)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--ways", default="plain loop,serial,processes,processes one killed,ray")
    chosen = parser.parse_args(arguments)
    params = load_params(Path("params.yaml"))
    scratch = TemporaryDirectory(prefix="voxgate-executors-")
    clips = list(_read(Path("data"), Path(scratch.name), params, chosen.clips))
    seconds = sum(len(clip.wave) for clip in clips) / HEARING_RATE_HZ
    print(f"{len(clips)} clips, {seconds / 60:.1f} minutes; load {os.getloadavg()[0]:.1f}\n")
    took: dict[str, list[float]] = {}
    said: dict[str, str] = {}
    with scratch, ExitStack() as stack:
        ways = {name: _way(name, params, chosen.workers, stack) for name in chosen.ways.split(",")}
        for way in ways.values():
            way(clips[: chosen.workers * params.evaluate.batch_size])  # warm
        for _ in range(chosen.rounds):
            for name, way in ways.items():
                started = time.perf_counter()
                said[name] = way(clips)
                took.setdefault(name, []).append(time.perf_counter() - started)
    _print(took, said, len(clips))
    return 0


def _read(data_dir: Path, scratch: Path, params: Params, count: int) -> Iterator[Clip]:
    target = preparation_target(params.ingest)
    left = count
    for recording in read_manifest(data_dir / "manifest.csv"):
        if not left:
            return
        try:
            audio = prepare_recording(data_dir / recording.path, target)
        except RecordingError:
            continue
        wave = resample(from_pcm16(audio.pcm), audio.sample_rate_hz, HEARING_RATE_HZ)
        if len(wave) <= _LONGEST_S * HEARING_RATE_HZ:
            left -= 1
            path = scratch / f"{left}.wav"
            soundfile.write(path, audio.pcm, audio.sample_rate_hz)
            yield Clip(path=path, text=recording.text, wave=wave)


def _way(name: str, params: Params, workers: int, stack: ExitStack) -> Way:
    if name == "plain loop":
        return _plain_loop(params)
    kind, _, killed = name.partition(" ")
    settings = Settings(executor=kind, workers=workers)
    executor = stack.enter_context(build_executor(settings))
    recogniser = pooled_recogniser(
        executor,
        params.evaluate.model_copy(update={"threads": 1}),
        name=params.validate_.recogniser,
        windows_s=params.validate_.recogniser_windows_s,
        window_margin_s=params.validate_.recogniser_margin_s,
        precision="float32",
    )
    assert isinstance(recogniser, PooledRecogniser)

    def hear(clips: Sequence[Clip]) -> str:
        group = params.evaluate.batch_size * 2 * workers
        ordered = sorted(clips, key=lambda clip: len(clip.wave))
        answers: list[Recognition] = []
        left = 1 if killed and len(clips) > group else 0
        for at in range(0, len(ordered), group):
            if left and at >= len(clips) / 3:
                left = 0
                threading.Timer(_INTO_A_BATCH_S, _kill_one).start()
            some = ordered[at : at + group]
            answers += recogniser.recognise(
                [clip.wave for clip in some], [clip.text for clip in some]
            )
        return digest_json([asdict(answer) for answer in answers])

    return hear


def _kill_one() -> None:
    """Kill a worker in the middle of its work."""
    worker = multiprocessing.active_children()[0]
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)


def _plain_loop(params: Params) -> Way:
    import librosa
    import whisper

    source = params.evaluate.evaluators[params.validate_.recogniser or params.evaluate.transcriber]
    folder = checked_folder(source.source, source.sha256, load_settings().assets_dir)
    network = load_whisper(folder).network

    def hear(clips: Sequence[Clip]) -> str:
        for clip in clips:
            wave, _ = librosa.load(clip.path, sr=HEARING_RATE_HZ, mono=True)
            whisper.transcribe(network, wave, language="en", fp16=False)
        return ""

    return hear


def _print(took: Mapping[str, Sequence[float]], said: Mapping[str, str], clips: int) -> None:
    print("| way | seconds (median) | clips a second | times as fast as serial | same answers |")
    print("|---|---|---|---|---|")
    base = took.get("serial")
    for name, seconds in took.items():
        middle = statistics.median(seconds)
        ratio = (
            "" if base is None
            else f"{statistics.median(a / b for a, b in zip(base, seconds, strict=True)):.2f}"
        )  # fmt: skip
        same = {"": "another kind", said.get("serial", "-"): "yes"}.get(said[name], "no")
        print(f"| {name} | {middle:.1f} | {clips / middle:.2f} | {ratio} | {same} |")


if __name__ == "__main__":
    sys.exit(main())
