"""`measure_speakers`: after a promotion, how does the new voice sound as each profile?

A schedule and no step of a promotion: versions become live in many ways (a command, a form, a
policy, a rollback of the monitor, another machine), and none of them waits for it or fails by it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.prefect_api import is_transient
from tasks.heartbeat import leave_heartbeat
from tasks.speakers.bench import live_bar, open_bench
from tasks.speakers.remeasure import measure_stale
from voxgate.clock import utc_now
from voxgate.wiring.checkout import Checkout

__all__ = ["measure_speakers"]

DEPLOYMENT = "speakers"


@task(retries=3, retry_delay_seconds=[2, 10, 30], retry_condition_fn=is_transient)
def measure(root: Path) -> list[dict[str, Any]]:
    """Measure what is stale with the voice that is live, if there is one; again goes on."""
    checkout = Checkout.open(root)
    return [] if live_bar(checkout) is None else measure_stale(open_bench(checkout))


@flow(name="measure-speakers", persist_result=False)
def measure_speakers(root: Path = Path()) -> State[list[dict[str, Any]]]:
    """Measure every profile whose scores are stale: `voxgate speakers measure --all-stale`.

    A profile that cannot be measured is no failure of the run: it stays stale, and is tried again.
    """
    root = root.resolve()
    results = measure(root)
    faults = [result for result in results if result["fault"] is not None]
    for result in faults:
        get_run_logger().warning("%s: %s", result["profile"], result["fault"])
    leave_heartbeat(root, DEPLOYMENT, now=utc_now())
    message = f"{len(results) - len(faults)} measured, {len(faults)} could not be"
    return Completed(name="Incomplete" if faults else "Measured", message=message, data=results)
