"""`register`: project the outputs of the stages into MLflow, keyed by the candidate's digest."""

from __future__ import annotations

from voxgate.adapters.dvc_data import data_version
from voxgate.adapters.mlflow_projection import Candidate, project
from voxgate.adapters.mlflow_registry import RegisteredVersion
from voxgate.adapters.mlflow_store import connect
from voxgate.files import read_json
from voxgate.params import Params
from voxgate.settings import Settings
from voxgate.stage import STAGES, Workspace, require_accepted

__all__ = ["register"]


def register(
    workspace: Workspace, params: Params, digest: str, settings: Settings
) -> RegisteredVersion:
    """Register the chosen checkpoint of the candidate `digest` as `challenger`.

    A version that exists is returned as it is; what is missing (a deleted run, a run that a crash
    left half-written) is made again.

    Raises:
        RefusalError: a stage refused, so there is nothing to register.
        ExternalServiceError: MLflow could not be reached; run again later.
    """
    require_accepted(workspace, STAGES)
    version = data_version(workspace.root)
    assert version is not None, "a finished stage graph has a data version"
    candidate = Candidate(
        digest=digest,
        model_name=params.gate.model_name,
        workspace=workspace,
        data_version=version,
        checkpoints=read_json(workspace.stage_dir("evaluate") / "checkpoints.json"),
        params=params.model_dump(by_alias=True),
    )
    return project(connect(settings, workspace.root), candidate)
