"""`gate`: put the candidate's evidence and its rivals' into a bundle, and judge it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from tasks.measuring.thresholds import build_thresholds, calibration_path, look_blocks
from tasks.release.standing import doubt_calibration
from voxgate.errors import BundleError
from voxgate.evaluation.evidence import read_evidence
from voxgate.files import canonical_json
from voxgate.gate.bundle import write_bundle
from voxgate.gate.standing import Standing
from voxgate.gate.verdict import Verdict
from voxgate.params import Params
from voxgate.stage import Workspace

__all__ = ["gate"]


def gate(
    workspace: Workspace,
    params: Params,
    *,
    folder: Path,
    challenger: Path | None = None,
    rivals: Mapping[str, Path] | None = None,
    look: int = 1,
    candidate: int = 1,
    standing: Standing | None = None,
) -> Verdict:
    """Write the evidence bundle and its verdict into `folder`; nothing else is touched.

    Args:
        workspace: the checkout.
        params: floors, margins and pinned instruments.
        folder: where the bundle goes; an older one there is replaced.
        challenger: evidence of the candidate; None is build/evaluate/evidence.json.
        rivals: evidence of `champion` (the live model) and `gold` (the frozen one), of each that
            there is.
        look: how often this challenger was judged before, plus one. Of evidence that covers more
            prompts than the look, only those go into the bundle.
        candidate: how many were set against this champion on this benchmark, with this one.
        standing: what the ledger says beside the figures; None where no ledger was asked.

    Raises:
        BundleError: a piece of evidence is missing or unreadable.
        ConfigError: the benchmark is broken.
    """
    sources = {
        "challenger": challenger or workspace.stage_dir("evaluate") / "evidence.json",
        **(rivals or {}),
    }
    language = params.evaluate.language
    record = calibration_path(workspace, language)
    if record.is_file():
        sources["calibration"] = record
    blocks = look_blocks(workspace, params, look=look, candidate=candidate)
    inputs = {
        name: _read(path) if name == "calibration" else _read_evidence(path, blocks)
        for name, path in sources.items()
    }
    thresholds = build_thresholds(workspace, params, look=look, candidate=candidate)
    inputs["thresholds"] = canonical_json(thresholds.as_json()).encode()
    stated = doubt_calibration(workspace, standing or Standing(), language)
    if stated != Standing():
        inputs["standing"] = canonical_json(stated.as_json()).encode()
    return write_bundle(folder, inputs)


def _read_evidence(path: Path, blocks: Collection[int]) -> bytes:
    """Return the evidence of these blocks, byte for byte where it covers no others.

    Where it covers too few, the gate holds.
    """
    data = _read(path)
    evidence = read_evidence(path)
    if evidence.blocks <= set(blocks):
        return data
    part = evidence.of_blocks(evidence.blocks & set(blocks))
    return canonical_json(part.as_json()).encode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BundleError(f"{path} is missing; there is nothing to judge") from None
