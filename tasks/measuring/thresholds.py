"""What evidence is measured against: the rules of params.yaml and the committed calibration."""

from __future__ import annotations

from pathlib import Path

from voxgate.evaluation.benchmark import load_benchmark
from voxgate.files import read_json
from voxgate.gate.calibration import Calibration, calibration_from_json
from voxgate.gate.thresholds import Thresholds
from voxgate.params import Params
from voxgate.stage import Workspace

__all__ = ["build_thresholds", "calibration_path", "read_calibration", "takes_path"]


def calibration_path(workspace: Workspace) -> Path:
    """Return where the calibration record is committed."""
    return workspace.benchmark_dir / "calibration.json"


def takes_path(workspace: Workspace) -> Path:
    """Return where the takes behind the record are committed: every word that was heard in them."""
    return workspace.benchmark_dir / "calibration_takes.json"


def read_calibration(workspace: Workspace) -> Calibration | None:
    """Read the committed calibration record; None where there is none.

    Raises:
        BundleError: it is broken.
    """
    path = calibration_path(workspace)
    if not path.is_file():
        return None
    return calibration_from_json(read_json(path), where=str(path))


def build_thresholds(workspace: Workspace, params: Params, *, look: int = 1) -> Thresholds:
    """Collect everything that the evidence is measured against."""
    limits, scoring = params.gate, params.evaluate
    benchmark = load_benchmark(workspace.benchmark_dir / scoring.prompts)
    shared = Thresholds.__dataclass_fields__.keys() & type(limits).model_fields.keys()
    return Thresholds(
        **{name: getattr(limits, name) for name in shared},
        similarity_floor=scoring.similarity_floor,
        look=look,
        benchmark_digest=benchmark.digest,
        prompts=tuple(prompt.id for prompt in benchmark.of_split("gate")),
        seeds=scoring.gate_seeds,
        weights={
            "transcriber": scoring.evaluators[scoring.transcriber].sha256,
            "speaker_encoder": scoring.evaluators[scoring.speaker_encoder].sha256,
        },
    )
