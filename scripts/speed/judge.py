"""Measure what the judge's windows and bfloat16 do to transcripts, errors and time.

    python scripts/speed/judge.py build/evaluate/audio --samples 216

reads what `evaluate` keeps (PROMPT-SEED.flac), or any folder with an `index.jsonl` of `file` and
`text`, and prints a Markdown table: openai-whisper's `transcribe` with its defaults and with the
judge's options, the judge on 30 s, on the windows of params.yaml, and in bfloat16. All are given
the same samples, one batch after the other, so that a busy moment hurts every way. The interval is
of the difference of word error rates to the judge on 30 s, over prompts with all their samples.
`--spoil` makes each sample hard for a short window before it is heard, `--judge-only` leaves out
openai-whisper's own code, and `--windows 15,20,30` compares another policy, too.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import torch
import whisper
from measuring import Elapsed, machine, timed

from voxgate.adapters.whisper.encoding import FULL_WINDOW, WindowPolicy
from voxgate.adapters.whisper.model import load_whisper
from voxgate.adapters.whisper.recogniser import WhisperRecogniser, load_recogniser
from voxgate.errors import EvaluatorError
from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.rates import ErrorCounts, count_errors
from voxgate.params import Params, load_params
from voxgate.params.evaluate import Precision
from voxgate.settings import load_settings
from voxgate.types import HEARING_RATE_HZ, Wave
from voxgate.wiring.evaluators import text_normaliser

Listen = Callable[[Sequence[Wave]], list[str]]

BASE = "judge, 30 s"
JUDGES_OPTIONS = {
    "language": "en",
    "temperature": 0.0,
    "without_timestamps": True,
    "condition_on_previous_text": False,
}
DRAWS = 10_000
BABBLE_VOICES = 4
BABBLE_DB = -5.0  # beside the sample


@dataclass(frozen=True)
class Sample:
    """A wave, what it should say, and the prompt that its errors are counted with."""

    prompt: str
    text: str
    wave: Wave


@dataclass
class Heard:
    """What one way made of all samples."""

    texts: list[str]
    elapsed: list[Elapsed]

    @property
    def processor_s(self) -> float:
        """All processor time."""
        return sum(run.processor_s for run in self.elapsed)


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--samples", type=int, default=60)
    parser.add_argument("--spoil", choices=["silence", "babble"])
    parser.add_argument("--judge-only", action="store_true")
    parser.add_argument("--windows", action="append", default=[], metavar="S,S,...")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--params", type=Path, default=Path("params.yaml"))
    chosen = parser.parse_args()
    params = load_params(chosen.params)
    samples = spoiled(read_samples(chosen.folder, params, chosen.samples), chosen.spoil)
    others = [tuple(int(each) for each in policy.split(",")) for policy in chosen.windows]
    ways = build_ways(params, others, threads=chosen.threads)
    if chosen.judge_only:
        ways = {name: listen for name, listen in ways.items() if "transcribe" not in name}
    print(f"{machine('cpu', chosen.threads)}, load {os.getloadavg()[0]:.1f}")
    print(f"N = {len(samples)} of {len({s.prompt for s in samples})} prompts, {chosen.spoil}\n")
    report(samples, measure(samples, ways, batch_size=params.evaluate.batch_size))


def build_ways(
    params: Params, others: Sequence[tuple[int, ...]], *, threads: int
) -> dict[str, Listen]:
    """Return what listens, by name; the 30-s judge is there whatever the machine lacks."""
    evaluate = params.evaluate
    policies = {
        "/".join(map(str, windows)) + " s": WindowPolicy(windows, evaluate.recogniser_margin_s)
        for windows in (tuple(evaluate.recogniser_windows_s), *others)
    }
    name, windows = next(iter(policies.items()))
    assets = load_settings().assets_dir
    source = evaluate.evaluators[evaluate.transcriber]

    def judge(policy: WindowPolicy, precision: Precision) -> WhisperRecogniser:
        return load_recogniser(
            source,
            assets_dir=assets,
            threads=threads,
            batch_size=evaluate.batch_size,
            windows=policy,
            precision=precision,
        )

    network = load_whisper(assets / source.source).network

    def alone(options: dict[str, object]) -> Listen:
        return lambda waves: [
            str(whisper.transcribe(network, wave, fp16=False, **options)["text"]) for wave in waves
        ]

    ways = {
        "whisper.transcribe, defaults": alone({}),
        "whisper.transcribe, the judge's options": alone(JUDGES_OPTIONS),
        BASE: listen_with(judge(FULL_WINDOW, "float32"), evaluate.max_tokens_per_second),
        **{
            f"judge, {each}": listen_with(judge(policy, "float32"), evaluate.max_tokens_per_second)
            for each, policy in policies.items()
        },
    }
    try:
        short = judge(windows, "bfloat16")
    except EvaluatorError as error:
        print(f"no bfloat16: {error}\n")
    else:
        ways[f"judge, {name}, bfloat16"] = listen_with(short, evaluate.max_tokens_per_second)
    return ways


def listen_with(recogniser: WhisperRecogniser, max_tokens_per_second: float) -> Listen:
    """Return a listener with the token cap that a verdict has."""
    from voxgate.evaluation.transcription import token_cap

    def listen(waves: Sequence[Wave]) -> list[str]:
        caps = [token_cap(wave, max_tokens_per_second=max_tokens_per_second) for wave in waves]
        return [found.text for found in recogniser.transcribe(waves, max_tokens=caps)]

    return listen


def measure(
    samples: Sequence[Sample], ways: dict[str, Listen], *, batch_size: int
) -> dict[str, Heard]:
    """Let every way hear every batch; each is warmed up on the first sample."""
    found = {name: Heard([], []) for name in ways}
    for listen in ways.values():
        listen([samples[0].wave])
    for at in range(0, len(samples), batch_size):
        waves = [sample.wave for sample in samples[at : at + batch_size]]
        for name, listen in ways.items():
            texts: list[str] = []
            found[name].elapsed.append(timed(lambda: texts.extend(listen(waves))))  # noqa: B023
            found[name].texts += texts
    return found


def report(samples: Sequence[Sample], heard: dict[str, Heard]) -> None:
    """Print the table."""
    normalise = text_normaliser()
    spelled = {name: [normalise(text) for text in way.texts] for name, way in heard.items()}
    counts = {
        name: [
            count_errors(normalise(s.text), text)[0] for s, text in zip(samples, texts, strict=True)
        ]
        for name, texts in spelled.items()
    }
    prompts = [sample.prompt for sample in samples]
    base = heard[BASE].processor_s
    print("| way | processor s a sample | x judge, 30 s | WER % | - 30 s, points | same text |")
    print("|---|---|---|---|---|---|")
    for name, way in heard.items():
        same = np.mean([a == b for a, b in zip(spelled[name], spelled[BASE], strict=True)])
        low, high = difference_interval(counts[name], counts[BASE], prompts)
        wer, base_wer = corpus_wer(counts[name]), corpus_wer(counts[BASE])
        print(
            f"| {name} | {way.processor_s / len(samples):.2f} | {base / way.processor_s:.2f} "
            f"| {wer:.2f} | {wer - base_wer:+.2f} [{low:+.2f}, {high:+.2f}] | {same:.1%} |"
        )


def corpus_wer(counts: Sequence[ErrorCounts]) -> float:
    """Return the corpus WER in percent."""
    return 100 * sum(c.errors for c in counts) / sum(c.reference for c in counts)


def difference_interval(
    counts: Sequence[ErrorCounts], base: Sequence[ErrorCounts], prompts: Sequence[str]
) -> tuple[float, float]:
    """Return the 95 % interval of the difference of WER in points, by paired block bootstrap."""
    names = sorted(set(prompts))
    index = [names.index(prompt) for prompt in prompts]
    errors, words = np.zeros(len(names)), np.zeros(len(names))
    for at, one, other in zip(index, counts, base, strict=True):
        errors[at] += one.errors - other.errors
        words[at] += one.reference
    draws = np.random.default_rng(0).integers(0, len(names), (DRAWS, len(names)))
    differences = 100 * errors[draws].sum(axis=1) / words[draws].sum(axis=1)
    low, high = np.percentile(differences, [2.5, 97.5])
    return float(low), float(high)


def read_samples(folder: Path, params: Params, count: int) -> list[Sample]:
    """Return every k-th sample of the folder, from the shortest to the longest."""
    texts = read_texts(folder, params)
    files = sorted(folder.glob("*.flac"))
    files = [file for file in files if file.name in texts]
    if not files:
        raise SystemExit(f"{folder}: no *.flac whose text is known")
    files = (
        [files[int(k * len(files) / count)] for k in range(count)] if count < len(files) else files
    )
    samples = [Sample(*texts[file.name], read_wave(file)) for file in files]
    return sorted(
        (s for s in samples if 0 < len(s.wave) <= 30 * HEARING_RATE_HZ), key=lambda s: len(s.wave)
    )


def read_texts(folder: Path, params: Params) -> dict[str, tuple[str, str]]:
    """Return prompt and text by file name."""
    index = folder / "index.jsonl"
    if index.is_file():
        rows = map(json.loads, index.read_text(encoding="utf-8").splitlines())
        return {row["file"]: (row["file"], row["text"]) for row in rows}
    benchmark = load_benchmark(Path("benchmark") / params.evaluate.prompt_file)
    texts = {prompt.id: prompt.text for prompt in benchmark.prompts}
    owners = {file.name: file.stem.rpartition("-")[0] for file in folder.glob("*.flac")}
    return {name: (owner, texts[owner]) for name, owner in owners.items() if owner in texts}


def read_wave(path: Path) -> Wave:
    """Read a 16 kHz file."""
    wave, rate_hz = soundfile.read(path, dtype="float32")
    if rate_hz != HEARING_RATE_HZ or wave.ndim != 1:
        raise SystemExit(f"{path}: expected {HEARING_RATE_HZ} Hz mono, got {rate_hz} Hz")
    return np.ascontiguousarray(wave)


def spoiled(samples: list[Sample], how: str | None) -> list[Sample]:
    """Put silence around each sample, or other samples under it."""
    if how == "silence":
        before, after = (np.zeros(s * HEARING_RATE_HZ, dtype=np.float32) for s in (3, 6))
        waves = [np.concatenate([before, sample.wave, after]) for sample in samples]
    elif how == "babble":
        waves = [with_babble(samples, at) for at in range(len(samples))]
    else:
        return samples
    pairs = zip(samples, waves, strict=True)
    return [Sample(sample.prompt, sample.text, wave) for sample, wave in pairs]


def with_babble(samples: Sequence[Sample], at: int) -> Wave:
    """Mix a sample with the next ones, repeated to its length, a little softer."""
    wave = samples[at].wave
    others = [samples[(at + k) % len(samples)].wave for k in range(1, BABBLE_VOICES + 1)]
    babble = np.sum([np.resize(other, len(wave)) for other in others], axis=0)
    level = np.sqrt(np.mean(wave**2) / np.mean(babble**2)) * 10 ** (BABBLE_DB / 20)
    mixed = wave + level * babble
    return (mixed * min(1.0, 0.99 / np.abs(mixed).max())).astype(np.float32)


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    main()
