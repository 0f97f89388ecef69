"""Invented voices that meet at a release site whose benchmark has three blocks of prompts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tasks.measuring.thresholds import build_thresholds, calibration_path, takes_path
from tasks.release.approve import approve
from tasks.release.judge import Judged, judge_candidate
from tests.fakes.evaluation_workspace import write_lines
from tests.fakes.evidence import SEEDS, WEIGHTS, make_calibration, make_evidence, make_row
from tests.fakes.release_site import ReleaseSite
from voxgate.evaluation.benchmark import Benchmark, load_benchmark
from voxgate.evaluation.evidence import Evidence
from voxgate.files import digest_bytes, write_json
from voxgate.gate.calibrated import bind
from voxgate.gate.expected_noise import expected_errors
from voxgate.params import Params, TradeParams, load_params
from voxgate.release.records import Release
from voxgate.voice.card import card_digest

BLOCK = 60
"""Prompts of each of the three blocks."""

Errors = Mapping[int, tuple[int, int]]
"""By block: how many of its prompts are spoken wrongly, and how many words in each sample."""

OPEN = (2, 3)
"""What a block of errors costs beside a faultless voice, and 60 prompts cannot tell."""


@dataclass
class Contest:
    """Voices by the digest of their package; `spoken` is what they were asked to speak beside."""

    site: ReleaseSite
    voices: dict[str, tuple[int, Errors]] = field(default_factory=dict)
    spoken: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    dies_at: int | None = None
    trade: TradeParams | None = None
    likeness: dict[int, float] = field(default_factory=dict)
    """Similarity of all samples by the voice's number; 0.9 where it is not named."""

    def __post_init__(self) -> None:
        rows = [_row(f"p{n:03d}", "gate", n) for n in range(3 * BLOCK)]
        rows = [{**row, "block": 1 + n // BLOCK} for n, row in enumerate(rows)]
        write_lines(self._benchmark_dir / "prompts.en.jsonl", [*rows, _row("s000", "select", 999)])
        self._calibrate(self.evidence(0, {}, (1,)))

    def _calibrate(self, takes: Evidence) -> None:
        """Commit the record that these takes come to."""
        workspace = self.site.desk.workspace
        record = make_calibration(
            takes,
            benchmark_digest=self.benchmark.digest,
            prompts=BLOCK,
            standard_errors=expected_errors(takes.rows, seeds=SEEDS),
        )
        thresholds = build_thresholds(workspace, self.params)
        record = bind(record, takes, thresholds, measured_at="2026-11-28", command="voxgate")
        write_json(calibration_path(workspace), record.as_json())
        takes.write(takes_path(workspace))

    @property
    def params(self) -> Params:
        params = load_params(self.site.root / "params.yaml")
        evaluators = {
            name: source.model_copy(
                update={
                    "sha256": WEIGHTS["transcriber" if "whisper" in name else "speaker_encoder"]
                }
            )
            for name, source in params.evaluate.evaluators.items()
        }
        evaluate = params.evaluate.model_copy(update={"evaluators": evaluators})
        gate = params.gate.model_copy(update={"trade": self.trade})
        return params.model_copy(update={"evaluate": evaluate, "gate": gate})

    @property
    def benchmark(self) -> Benchmark:
        return load_benchmark(self._benchmark_dir / "prompts.en.jsonl")

    @property
    def _benchmark_dir(self) -> Path:
        return self.site.desk.workspace.benchmark_dir

    def enter(self, number: int, errors: Errors) -> int:
        """Register a voice that was measured on the first block; returns its version."""
        path = self.site.desk.workspace.stage_dir("evaluate") / "evidence.json"
        self.evidence(number, errors, (1,)).write(path)
        version = self.site.register(number, evidence_of=path)
        self.voices[str(self.release(version).origin.model_digest)] = (number, errors)
        return version

    def crown(self, number: int, errors: Errors) -> int:
        """Enter a voice, judge it and make it live."""
        version = self.enter(number, errors)
        self.judge(version)
        approve(self.site.desk, version, by="anna", reason="sounds right")
        return version

    def judge(self, version: int) -> Judged:
        return judge_candidate(self.site.desk, self.params, version, extend=self.speak)

    def speak(self, package: Path, blocks: tuple[int, ...]) -> Evidence:
        """Let a voice speak more blocks, as `Sitting` does."""
        number, errors = self.voices[card_digest(package)]
        if self.dies_at == len(self.spoken):
            raise KeyboardInterrupt
        self.spoken.append((number, blocks))
        return self.evidence(number, errors, blocks)

    def release(self, version: int) -> Release:
        return self.site.desk.ledger.read(self.site.desk.model).require(version)

    def bundle(self, version: int) -> Path:
        judgement = self.release(version).judgement
        assert judgement is not None
        return self.site.root / judgement.bundle

    def kinds(self, version: int) -> list[tuple[str, str]]:
        """Return the kinds and reasons of what the ledger says about a version."""
        rows = self.site.desk.ledger.rows()
        return [(row.kind, row.reason) for row in rows if row.version == version]

    def evidence(self, number: int, errors: Errors, blocks: tuple[int, ...]) -> Evidence:
        rows = []
        for block in blocks:
            wrong, words = errors.get(block, (0, 0))
            start = (block - 1) * BLOCK
            for prompt in range(start, start + BLOCK):
                lost = words if prompt - start < wrong else 0
                rows += [
                    make_row(
                        prompt,
                        k,
                        word_errors=lost + _stumbles(prompt, k),
                        similarity=self.likeness.get(number, 0.9),
                    )
                    for k in range(SEEDS)
                ]
        prompts = {
            str(block): [p.id for p in self.benchmark.of_blocks([block])] for block in blocks
        }
        return make_evidence(
            prompts=0,
            rows=tuple(rows),
            expected_items=len(rows),
            model={"checkpoint": f"voice-{number}", "digest": digest_bytes(bytes([number]))},
            benchmark={
                "file": "prompts.en.jsonl",
                "language": "en",
                "digest": self.benchmark.digest,
                "gate_seeds": SEEDS,
                "gate_prompts": sorted(p for ids in prompts.values() for p in ids),
                "blocks": prompts,
            },
        )


def _stumbles(prompt: int, k: int) -> int:
    """Return the errors that every voice makes: what calibration measures."""
    return int((2 * prompt + k) % 7 == 0)


def _row(name: str, split: str, number: int) -> dict[str, Any]:
    text = " ".join(f"{_letters(4 * number + place)}" for place in range(4))
    return {
        "id": name, "split": split, "class": "plain", "text": text, "normalised": text, "words": 4,
    }  # fmt: skip


def _letters(number: int) -> str:
    """Spell a number so that no two are alike and none is a number."""
    return "w" + "".join(chr(ord("a") + int(digit)) for digit in str(number))
