"""What evidence is measured against: the rules of params.yaml and the committed calibration."""

from __future__ import annotations

from pathlib import Path

from voxgate.evaluation.benchmark import Benchmark, load_benchmark
from voxgate.files import read_json
from voxgate.gate.calibration import Calibration, calibration_from_json
from voxgate.gate.thresholds import Thresholds
from voxgate.params import GateParams, Params
from voxgate.stage import Workspace

__all__ = [
    "build_thresholds",
    "calibration_path",
    "count_looks",
    "first_block",
    "look_blocks",
    "read_calibration",
    "takes_path",
]


_PLAIN_NAME = "en"
"""The language whose files carry no code: there was but one when they were named."""


def calibration_path(workspace: Workspace, language: str = _PLAIN_NAME) -> Path:
    """Return where the calibration record of a language is committed."""
    return workspace.benchmark_dir / f"calibration{_suffix(language)}.json"


def takes_path(workspace: Workspace, language: str = _PLAIN_NAME) -> Path:
    """Return where the takes behind the record are committed: every word that was heard in them."""
    return workspace.benchmark_dir / f"calibration_takes{_suffix(language)}.json"


def _suffix(language: str) -> str:
    return "" if language == _PLAIN_NAME else f".{language}"


def read_calibration(workspace: Workspace, language: str = _PLAIN_NAME) -> Calibration | None:
    """Read the committed calibration record of a language; None where there is none.

    Raises:
        BundleError: it is broken.
    """
    path = calibration_path(workspace, language)
    if not path.is_file():
        return None
    return calibration_from_json(read_json(path), where=str(path))


def build_thresholds(
    workspace: Workspace, params: Params, *, look: int = 1, candidate: int = 1
) -> Thresholds:
    """Collect everything that the evidence is measured against.

    Args:
        workspace: the checkout.
        params: floors, margins and pinned instruments.
        look: how often this challenger was judged before, plus one; names the prompts.
        candidate: how many were set against the same champion on this benchmark, with this one.
    """
    limits, scoring = params.gate, params.evaluate
    benchmark = load_benchmark(workspace.benchmark_dir / scoring.prompt_file)
    own = {"max_looks"}
    shared = Thresholds.__dataclass_fields__.keys() & type(limits).model_fields.keys()
    first = first_block(benchmark, candidate, candidates_per_block=limits.candidates_per_block)
    prompts = benchmark.of_look(look, first=first)
    return Thresholds(
        **{name: getattr(limits, name) for name in shared - own},
        max_looks=count_looks(benchmark, limits, first=first),
        similarity_floor=scoring.similarity_floor,
        look=look,
        candidate=candidate,
        first_block=first,
        benchmark_digest=benchmark.digest,
        prompts=tuple(prompt.id for prompt in prompts),
        seeds=scoring.gate_seeds,
        weights={
            "transcriber": scoring.evaluators[scoring.transcriber].sha256,
            "speaker_encoder": scoring.evaluators[scoring.speaker_encoder].sha256,
        },
    )


def look_blocks(
    workspace: Workspace, params: Params, *, look: int, candidate: int
) -> tuple[int, ...]:
    """Return the blocks of prompts that a look covers."""
    benchmark = load_benchmark(workspace.benchmark_dir / params.evaluate.prompt_file)
    per_block = params.gate.candidates_per_block
    first = first_block(benchmark, candidate, candidates_per_block=per_block)
    return benchmark.blocks_of_look(look, first=first)


def first_block(benchmark: Benchmark, candidate: int, *, candidates_per_block: int) -> int:
    """Return the block of a candidate's first look; after so many candidates it is a fresh one.

    Whoever trains against the same prompts again and again learns them; blocks take turns.
    """
    return 1 + (candidate - 1) // candidates_per_block % benchmark.blocks


def count_looks(benchmark: Benchmark, limits: GateParams, *, first: int = 1) -> int:
    """Count the looks that there are prompts for, of those that are allowed."""
    possible = [
        look
        for look in range(1, min(limits.max_looks, benchmark.blocks) + 1)
        if len(benchmark.of_look(look, first=first)) <= limits.max_prompts
    ]
    return max(possible, default=1)
