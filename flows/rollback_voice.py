"""`rollback_voice`: `voxgate rollback` for people who live in Prefect's UI."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.prefect_api import is_transient
from tasks.release.promote import roll_back
from voxgate.release.desk import Answer
from voxgate.wiring.checkout import Checkout

__all__ = ["rollback_voice"]


@task(retries=3, retry_delay_seconds=[2, 10, 30], retry_condition_fn=is_transient)
def go_back(root: Path, to: int | None, by: str, reason: str) -> Answer:
    """Roll back; given again it changes nothing."""
    return roll_back(Checkout.open(root).desk, to=to, by=by, reason=reason)


@flow(name="rollback-voice", persist_result=False)
def rollback_voice(
    by: str, reason: str, to: int | None = None, root: Path = Path()
) -> State[Answer]:
    """Go back to an earlier live version, never to a quarantined one.

    Args:
        by: who decides; goes into the audit.
        reason: why; goes into the audit.
        to: the version to go back to; empty is the one that was live before.
        root: the checkout.
    """
    answer = go_back(root.resolve(), to, by, reason)
    return Completed(name="Rolled back", message=f"live: version {answer.live}", data=answer)
