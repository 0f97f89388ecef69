"""`judge`: set the candidate against what is live and against gold, and record the verdict."""

from __future__ import annotations

from pathlib import Path

from tasks.gate import gate
from voxgate.adapters.mlflow_registry import (
    APPROVAL_TAG,
    BUNDLE_TAG,
    VERDICT_TAG,
    RegisteredVersion,
    download_evidence,
    find_by_alias,
    find_by_digest,
    set_tags,
)
from voxgate.adapters.mlflow_store import MlflowStore, connect, log_folder
from voxgate.errors import GateError
from voxgate.params import Params
from voxgate.settings import Settings
from voxgate.stage import Workspace

__all__ = ["judge_candidate"]

OFFERED = ("PASS", "INCONCLUSIVE")  # a person may settle what the numbers leave open


def judge_candidate(
    workspace: Workspace, params: Params, digest: str, settings: Settings
) -> tuple[str, str]:
    """Write the evidence bundle, judge it, and tag the version with verdict and bundle.

    The bundle is named by the candidate and by what it was compared with: the same comparison
    gives the same folder and the same bytes. Returns the verdict and the report in Markdown.

    Raises:
        GateError: the candidate is not registered, or a compared version has no evidence.
        ExternalServiceError: MLflow could not be reached.
    """
    store = connect(settings, workspace.root)
    name = params.gate.model_name
    candidate = find_by_digest(store, name, digest)
    if candidate is None:
        raise GateError(f"candidate {digest[:12]} is not registered as a version of {name!r}")
    rivals = {alias: _rival(store, candidate, alias) for alias in ("champion", "gold")}
    label = "-".join(f"{alias}{r.version}" for alias, r in rivals.items() if r) or "floors"
    folder = workspace.root / ".voxgate" / "bundles" / f"{digest[:16]}-{label}"
    evidence = {alias: _evidence(store, workspace, rival) for alias, rival in rivals.items()}
    verdict = gate(
        workspace, params, folder=folder, champion=evidence["champion"], gold=evidence["gold"]
    )
    report = (folder / "report.md").read_text(encoding="utf-8")
    assert candidate.parent_run_id is not None
    log_folder(store, candidate.parent_run_id, folder, f"bundle/{label}")
    set_tags(
        store,
        candidate,
        {
            VERDICT_TAG: verdict.decision,
            BUNDLE_TAG: folder.relative_to(workspace.root).as_posix(),
            APPROVAL_TAG: "pending" if verdict.decision in OFFERED else "not offered",
        },
    )
    return verdict.decision, report


def _rival(
    store: MlflowStore, candidate: RegisteredVersion, alias: str
) -> RegisteredVersion | None:
    """Return the version under `alias`, unless it is the candidate itself."""
    found = find_by_alias(store, candidate.name, alias)
    return None if found is None or found.version == candidate.version else found


def _evidence(
    store: MlflowStore, workspace: Workspace, rival: RegisteredVersion | None
) -> Path | None:
    if rival is None:
        return None
    folder = workspace.cache_dir / "evidence" / f"{rival.name}-{rival.version}"
    return download_evidence(store, rival, folder)
