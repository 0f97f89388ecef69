"""`gate`: put the candidate's evidence and its rivals' into a bundle, and judge it."""

from __future__ import annotations

from pathlib import Path

from tasks.measuring.thresholds import build_thresholds, calibration_path
from tasks.release.standing import doubt_calibration
from voxgate.errors import BundleError
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
    champion: Path | None = None,
    gold: Path | None = None,
    look: int = 1,
    standing: Standing | None = None,
) -> Verdict:
    """Write the evidence bundle and its verdict into `folder`; nothing else is touched.

    Args:
        workspace: the checkout.
        params: floors, margins and pinned instruments.
        folder: where the bundle goes; an older one there is replaced.
        challenger: evidence of the candidate; None is build/evaluate/evidence.json.
        champion: evidence of the live model, if there is one.
        gold: evidence of the frozen gold version, if there is one.
        look: how often this challenger was judged before, plus one.
        standing: what the ledger says beside the figures; None where no ledger was asked.

    Raises:
        BundleError: a piece of evidence is missing or unreadable.
        ConfigError: the benchmark is broken.
    """
    sources = {
        "challenger": challenger or workspace.stage_dir("evaluate") / "evidence.json",
        "champion": champion,
        "gold": gold,
    }
    record = calibration_path(workspace)
    if record.is_file():
        sources["calibration"] = record
    inputs = {name: _read(path) for name, path in sources.items() if path is not None}
    thresholds = build_thresholds(workspace, params, look=look)
    inputs["thresholds"] = canonical_json(thresholds.as_json()).encode()
    stated = doubt_calibration(workspace, standing or Standing())
    if stated != Standing():
        inputs["standing"] = canonical_json(stated.as_json()).encode()
    return write_bundle(folder, inputs)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BundleError(f"{path} is missing; there is nothing to judge") from None
