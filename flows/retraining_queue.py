"""Retrainings of several checkouts in one queue: a work pool of Prefect's for each machine.

A deployment a checkout, all in the pool of the machine that the checkouts lie on; the pool lets as
many run at a time as the machine has places to train, and Prefect keeps the others waiting, in
order. What a training holds besides is the place itself (flows/training_slot.py), so that a run
from elsewhere (`voxgate run`, another pool) never meets one on the same device.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound

from flows.deployment import CHECKOUT_VARIABLE, require_server
from flows.orphaned_runs import crash_orphans
from flows.prefect_api import require_api
from voxgate.errors import ConfigError
from voxgate.wiring.checkout import Checkout

__all__ = ["Queued", "enqueue", "queue_pool", "start_queue_worker"]

TAG = "voxgate-retraining"
FLOW = "retrain-voice"
_ENTRYPOINT = "flows.retrain_voice.retrain_voice"
_CHANGE_FOLDER = "prefect.deployments.steps.set_working_directory"


@dataclass(frozen=True, kw_only=True)
class Queued:
    """A checkout's place in the queue. `run` is the name of its flow run; None: it has a cron."""

    model: str
    root: Path
    deployment: str
    run: str | None

    def as_json(self) -> dict[str, str | None]:
        """Return JSON values."""
        return {**vars(self), "root": str(self.root)}


def queue_pool(host: str) -> str:
    """Name the work pool of a machine: a checkout is a folder of one."""
    return f"voxgate-retrain-{host}"


def enqueue(
    checkouts: Sequence[Checkout], *, host: str, places: int, schedule: CronSchedule | None = None
) -> tuple[Queued, ...]:
    """Put a retraining of each checkout into the queue of this machine, or give it a schedule.

    `places` is how many run at a time. Given again, deployments are as they were; a second run of
    a checkout that comes while its first is at work is cancelled.

    Raises:
        ConfigError: no server is named, two checkouts have one voice, or they share no ledger.
        ExternalServiceError: the server does not answer.
    """
    require_server()
    _require_apart(checkouts)
    require_api()
    with get_client(sync_client=True) as client:
        _ensure_pool(client, queue_pool(host), places)
        return tuple(_enqueue(client, checkout, host, schedule) for checkout in checkouts)


def start_queue_worker(root: Path, *, host: str, places: int) -> NoReturn:
    """Become the worker of this machine's queue; `root` is where Prefect's own home is.

    Runs that a killed worker left behind are given up first: they would keep their places in the
    pool for good.

    Raises:
        ConfigError: no server is named.
        ExternalServiceError: the server does not answer.
    """
    require_server()
    require_api()
    pool = queue_pool(host)
    with get_client(sync_client=True) as client:
        _ensure_pool(client, pool, places)
        for run in crash_orphans(client, pool):
            sys.stderr.write(f"{run}: its process is gone; its place in the queue is free again\n")
    os.chdir(root)
    command = [sys.executable, "-m", "prefect", "worker", "start", "--type", "process"]
    command += ["--pool", pool, "--limit", str(places)]
    os.execve(sys.executable, command, dict(os.environ))


def _enqueue(
    client: SyncPrefectClient, checkout: Checkout, host: str, schedule: CronSchedule | None
) -> Queued:
    model, root = checkout.params.gate.model_name, checkout.root
    name = f"queued-{model}-{host}"
    deployment: UUID = client.create_deployment(
        flow_id=client.create_flow_from_name(FLOW),
        name=name,
        description=f"Retrain in {root} as soon as {host} has a place.",
        entrypoint=_ENTRYPOINT,
        pull_steps=[{_CHANGE_FOLDER: {"directory": str(root)}}],
        work_pool_name=queue_pool(host),
        job_variables={"env": {CHECKOUT_VARIABLE: str(root)}},
        tags=[TAG, model],
        # As in prefect.yaml: what is queued twice would train the same data twice.
        concurrency_limit=1,
        concurrency_options=ConcurrencyOptions(
            collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        schedules=[] if schedule is None else [DeploymentScheduleCreate(schedule=schedule)],
    )
    run = None
    if schedule is None:
        run = client.create_flow_run_from_deployment(deployment, tags=[TAG, model]).name
    return Queued(model=model, root=root, deployment=name, run=run)


def _ensure_pool(client: SyncPrefectClient, name: str, places: int) -> None:
    try:
        found = client.read_work_pool(name)
    except ObjectNotFound:
        client.create_work_pool(WorkPoolCreate(name=name, type="process", concurrency_limit=places))
        return
    if found.concurrency_limit != places:
        client.update_work_pool(name, WorkPoolUpdate(concurrency_limit=places))


def _require_apart(checkouts: Sequence[Checkout]) -> None:
    faults = []
    if any(checkout.settings.ledger_url is None for checkout in checkouts):
        faults.append(
            "VOXGATE_LEDGER_URL is not set: checkouts know by their common ledger which device "
            "trains, and would all take the first one"
        )
    models = [checkout.params.gate.model_name for checkout in checkouts]
    twice = sorted({model for model in models if models.count(model) > 1})
    if twice:
        faults.append(f"one voice in several checkouts of one machine: {', '.join(twice)}")
    if faults:
        raise ConfigError("schedule retrain", faults)
