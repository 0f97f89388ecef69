"""`gate`: put the candidate's evidence and its rivals' into a bundle, and judge it."""

from __future__ import annotations

from pathlib import Path

from voxgate.errors import BundleError
from voxgate.evaluation.benchmark import load_benchmark
from voxgate.files import canonical_json, read_json
from voxgate.gate.bundle import write_bundle
from voxgate.gate.calibration import Calibration, calibration_from_json
from voxgate.gate.thresholds import Thresholds
from voxgate.gate.verdict import Verdict
from voxgate.params import Params
from voxgate.stage import Workspace

__all__ = ["build_thresholds", "calibration_path", "gate", "read_calibration"]


def gate(
    workspace: Workspace,
    params: Params,
    *,
    folder: Path,
    champion: Path | None = None,
    gold: Path | None = None,
    look: int = 1,
) -> Verdict:
    """Write the evidence bundle and its verdict into `folder`; nothing else is touched.

    Args:
        workspace: the checkout; build/evaluate/evidence.json is the challenger.
        params: floors, margins and pinned instruments.
        folder: where the bundle goes; an older one there is replaced.
        champion: evidence of the live model, if there is one.
        gold: evidence of the frozen gold version, if there is one.
        look: how often this challenger was judged before, plus one.

    Raises:
        BundleError: a piece of evidence is missing or unreadable.
        ConfigError: the benchmark is broken.
    """
    sources = {
        "challenger": workspace.stage_dir("evaluate") / "evidence.json",
        "champion": champion,
        "gold": gold,
    }
    record = calibration_path(workspace)
    if record.is_file():
        sources["calibration"] = record
    inputs = {name: _read(path) for name, path in sources.items() if path is not None}
    thresholds = build_thresholds(workspace, params, look=look)
    inputs["thresholds"] = canonical_json(thresholds.as_json()).encode()
    return write_bundle(folder, inputs)


def calibration_path(workspace: Workspace) -> Path:
    """Return where the calibration record is committed."""
    return workspace.benchmark_dir / "calibration.json"


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


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BundleError(f"{path} is missing; there is nothing to judge") from None
