"""What a run came to, gathered once for the terminal, for `--json` and for `voxgate status`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from voxgate.adapters.dvc_data import data_version
from voxgate.adapters.mlflow_registry import (
    APPROVAL_TAG,
    BUNDLE_TAG,
    SCOPE_TAG,
    RegisteredVersion,
    versions,
)
from voxgate.adapters.mlflow_store import connect
from voxgate.errors import StageError
from voxgate.files import read_json
from voxgate.params import Params
from voxgate.settings import Settings
from voxgate.stage import STAGES, Outcome, Workspace, read_outcome

__all__ = ["RunSummary", "VersionLine", "summarise"]


@dataclass(frozen=True, kw_only=True)
class VersionLine:
    """A registered version as people speak of it."""

    version: int
    aliases: tuple[str, ...]
    verdict: str | None
    approval: str | None
    consent_scope: str | None
    bundle: str | None
    reasons: tuple[str, ...] = ()
    """Why the verdict is not a PASS, the gravest first."""


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """Everything that the closing summary shows; JSON values throughout."""

    data_version: str | None
    clips: dict[str, Any] | None
    checkpoints: tuple[dict[str, Any], ...]
    refusals: tuple[dict[str, str], ...]
    live: VersionLine | None
    candidate: VersionLine | None

    def as_json(self) -> dict[str, Any]:
        """Return JSON values for scripts."""
        return asdict(self)


def summarise(root: Path, params: Params, settings: Settings) -> RunSummary:
    """Read build/ and the registry; whatever does not exist yet is None or empty."""
    workspace = Workspace(root)
    rows = versions(connect(settings, root), params.gate.model_name)
    live = next((row for row in rows if "champion" in row.aliases), None)
    candidate = next((row for row in rows if "challenger" in row.aliases), None)
    checkpoints = _read(workspace.stage_dir("evaluate") / "checkpoints.json")
    return RunSummary(
        data_version=data_version(root),
        clips=_read(workspace.stage_dir("validate") / "report.json"),
        checkpoints=tuple(checkpoints["checkpoints"]) if checkpoints else (),
        refusals=_refusals(workspace),
        live=_line(live, root) if live else None,
        candidate=_line(candidate, root) if candidate else None,
    )


def _refusals(workspace: Workspace) -> tuple[dict[str, str], ...]:
    found = [
        {"stage": outcome.stage, "code": reason.code, "message": reason.message}
        for outcome in (_outcome(workspace, stage) for stage in STAGES)
        if outcome is not None and not outcome.accepted
        for reason in outcome.reasons
    ]
    return tuple(found)


def _outcome(workspace: Workspace, stage: str) -> Outcome | None:
    try:
        return read_outcome(workspace.stage_dir(stage))
    except StageError:
        return None


def _read(path: Path) -> Any | None:
    return read_json(path) if path.is_file() else None


def _line(row: RegisteredVersion, root: Path) -> VersionLine:
    bundle = row.tags.get(BUNDLE_TAG)
    verdict = _read(root / bundle / "verdict.json") if bundle else None
    return VersionLine(
        version=row.version,
        aliases=row.aliases,
        verdict=row.verdict,
        approval=row.tags.get(APPROVAL_TAG),
        consent_scope=row.tags.get(SCOPE_TAG),
        bundle=bundle,
        reasons=tuple(map(_reason, verdict["reasons"])) if verdict else (),
    )


def _reason(reason: dict[str, Any]) -> str:
    about = "" if reason["subject"] == "challenger" else f"{reason['subject']}: "
    return f"{about}{reason['message']}"
