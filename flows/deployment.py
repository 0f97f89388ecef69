"""Put what prefect.yaml says on a Prefect server, and start a worker for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectNotFound
from prefect.settings import get_current_settings

from flows.prefect_api import require_api
from voxgate.errors import ConfigError, ExternalServiceError

__all__ = ["POOL", "deploy", "start_worker"]

POOL = "voxgate"
CHECKOUT_VARIABLE = "VOXGATE_CHECKOUT"
"""Tells a flow run in which checkout it works; prefect.yaml reads it when the run starts."""


def deploy(root: Path) -> str:
    """Create the pool where it is missing, then all deployments; again is the same.

    Returns what Prefect said.

    Raises:
        ConfigError: no server is named.
        ExternalServiceError: it does not answer, or refused.
    """
    _require_server()
    require_api()
    _ensure_pool()
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ExternalServiceError(
            f"`prefect deploy --all` ended with status {done.returncode}: "
            f"{(done.stderr or done.stdout).strip()[-500:]}"
        )
    return done.stdout


def start_worker(root: Path, *, limit: int) -> NoReturn:
    """Become a worker that runs flows in this checkout.

    Raises:
        ConfigError: no server is named.
    """
    _require_server()
    os.chdir(root)
    command = [sys.executable, "-m", "prefect", "worker", "start", "--type", "process"]
    command += ["--pool", POOL, "--limit", str(limit)]
    os.execve(sys.executable, command, {**os.environ, CHECKOUT_VARIABLE: str(root)})


def _require_server() -> None:
    if get_current_settings().api.url is None:
        raise ConfigError(
            "PREFECT_API_URL",
            ["not set: schedules live on a server. Start one with `prefect server start`, then "
             "PREFECT_API_URL=http://127.0.0.1:4200/api"],
        )  # fmt: skip


def _ensure_pool() -> None:
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(POOL)
        except ObjectNotFound:
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
