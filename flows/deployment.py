"""Put what prefect.yaml says on a Prefect server, and start a worker for it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectNotFound
from prefect.settings import get_current_settings

from flows.prefect_api import require_api
from tasks.schedules import read_schedules
from voxgate.errors import ConfigError, ExternalServiceError
from voxgate.stage import Workspace
from voxgate.strict_yaml import dump_yaml, read_yaml

__all__ = [
    "CHECKOUT_VARIABLE",
    "deploy",
    "deployed_name",
    "pool_of",
    "require_server",
    "start_worker",
]

CHECKOUT_VARIABLE = "VOXGATE_CHECKOUT"
"""Tells a flow run in which checkout it works; prefect.yaml reads it when the run starts."""


def pool_of(voice: str) -> str:
    """Name the work pool of a voice (`gate.model_name`): its runs go to its checkouts' workers."""
    return f"voxgate-{voice}"


def deployed_name(deployment: str, voice: str) -> str:
    """Name a deployment of prefect.yaml on a server that several voices share."""
    return f"{deployment}-{voice}"


def deploy(root: Path, *, voice: str) -> str:
    """Create the pool where it is missing, then all deployments of a voice; again is the same.

    Returns what Prefect said.

    Raises:
        ConfigError: no server is named, or prefect.yaml cannot be understood.
        ExternalServiceError: it does not answer, or refused.
    """
    require_server()
    require_api()
    _ensure_pool(pool_of(voice))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prefect.yaml"
        path.write_text(dump_yaml(_name_after(voice, root)), encoding="utf-8")
        command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
        command += ["--prefect-file", str(path)]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ExternalServiceError(
            f"`prefect deploy --all` ended with status {done.returncode}: "
            f"{(done.stderr or done.stdout).strip()[-500:]}"
        )
    return done.stdout


def start_worker(root: Path, *, voice: str, limit: int) -> NoReturn:
    """Become a worker that runs the flows of a voice in this checkout.

    Raises:
        ConfigError: no server is named.
    """
    require_server()
    os.chdir(root)
    command = [sys.executable, "-m", "prefect", "worker", "start", "--type", "process"]
    command += ["--pool", pool_of(voice), "--limit", str(limit)]
    os.execve(sys.executable, command, {**os.environ, CHECKOUT_VARIABLE: str(root)})


def _name_after(voice: str, root: Path) -> dict[str, Any]:
    """Return prefect.yaml with names that no other voice on the server has."""
    path = Workspace(root).schedules_file
    read_schedules(path)  # says what is wrong with it, place by place
    document: dict[str, Any] = read_yaml(path)
    deployments = [
        {
            **deployment,
            "name": deployed_name(deployment["name"], voice),
            "work_pool": {**(deployment.get("work_pool") or {}), "name": pool_of(voice)},
        }
        for deployment in document.get("deployments") or ()
    ]
    return {**document, "deployments": deployments}


def require_server() -> None:
    """Stop unless a Prefect server is named.

    Raises:
        ConfigError: none is.
    """
    if get_current_settings().api.url is None:
        raise ConfigError(
            "PREFECT_API_URL",
            ["not set: schedules live on a server. Start one with `prefect server start`, then "
             "PREFECT_API_URL=http://127.0.0.1:4200/api"],
        )  # fmt: skip


def _ensure_pool(name: str) -> None:
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(name)
        except ObjectNotFound:
            client.create_work_pool(WorkPoolCreate(name=name, type="process"))
