"""`rescore`: bring what is committed with figures to today's way of comparing words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tasks.measuring.calibrate import calibrated
from tasks.measuring.rescore import recounted
from tasks.measuring.shipped import pin
from tasks.measuring.thresholds import (
    build_thresholds,
    calibration_path,
    read_calibration,
    takes_path,
)
from voxgate.errors import StageError
from voxgate.evaluation.evidence import Evidence, read_evidence
from voxgate.evaluation.summary import summarise
from voxgate.files import write_json
from voxgate.params import Params
from voxgate.stage import Workspace

__all__ = ["rescore_shipped"]


def rescore_shipped(
    workspace: Workspace, params: Params, *, now: datetime, command: str
) -> dict[str, str]:
    """Count the transcripts behind gold's evidence and the calibration record anew; nobody speaks.

    build/evaluate frames them. Returns what became of each file, in words, by its path below the
    checkout: what cannot be brought here in this way is left as it is and says what to run.

    Raises:
        StageError: `evaluate` has not run.
        BundleError: a file is broken.
    """
    path = workspace.stage_dir("evaluate") / "evidence.json"
    if not path.is_file():
        raise StageError(f"{path} is missing; run `voxgate run` first: it frames the figures")
    today = read_evidence(path)
    outcome = {}
    for shipped in sorted(workspace.base_dir.glob("*/gold.json")):
        before, after = _recount(workspace, params, shipped, today)
        if after is not None:
            after.write(shipped)
            pin(shipped)
        outcome[_name(workspace, shipped)] = _say(
            before, after, today, "`voxgate run` measures the base anew"
        )
    record = calibration_path(workspace, params.evaluate.language)
    outcome[_name(workspace, record)] = _calibration(
        workspace,
        params,
        today,
        {"measured_at": now.isoformat(timespec="seconds"), "command": command},
    )
    return outcome


def _calibration(
    workspace: Workspace, params: Params, today: Evidence, origin: dict[str, str]
) -> str:
    language = params.evaluate.language
    record, path = read_calibration(workspace, language), takes_path(workspace, language)
    otherwise = "`voxgate calibrate` measures it anew"
    if record is None or not path.is_file():
        return f"left: there are no takes to count; {otherwise}"
    before, after = _recount(workspace, params, path, today)
    if after is not None:
        drawn = calibrated(
            after,
            build_thresholds(workspace, params),
            measured_at=str(record.provenance.get("measured_at", origin["measured_at"])),
            command=str(record.provenance.get("command", origin["command"])),
        )
        drawn = replace(drawn, provenance={**drawn.provenance, "rescored": origin})
        after.write(path)
        write_json(calibration_path(workspace, language), drawn.as_json())
    return _say(before, after, today, otherwise)


def _recount(
    workspace: Workspace, params: Params, path: Path, today: Evidence
) -> tuple[Evidence, Evidence | None]:
    before = read_evidence(path)
    return before, recounted(workspace, params.evaluate, before, today)


def _say(before: Evidence, after: Evidence | None, today: Evidence, otherwise: str) -> str:
    if after is not None:
        old, new = summarise(before.rows).wer, summarise(after.rows).wer
        return f"counted anew: {after.unit.rate} {_share(old)} became {_share(new)}"
    if before.frame_digest == today.frame_digest:
        return "unchanged: counted as today"
    return f"left: more than the words has changed; {otherwise}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.2f} %"


def _name(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.root).as_posix()
