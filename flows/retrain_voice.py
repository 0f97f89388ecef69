"""`retrain_voice`: from a data version to a verdict.

DVC owns the edges between recordings and report, and their caching; Prefect owns when and whether:
retries, time-outs, and the effects that the outside can see.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.prefect_api import is_transient
from flows.stages import TransientStageError, reproduce_stage, walk_stages
from tasks.heartbeat import leave_heartbeat
from tasks.release.approve import approve_by_policy
from tasks.release.gold import register_gold
from tasks.release.judge import Judged, judge_candidate
from tasks.release.register import register
from tasks.retraining import DEPLOYMENT, RunResult
from voxgate.clock import utc_now
from voxgate.lease import checkout_lease, data_lease
from voxgate.release.records import Recipe
from voxgate.stage import Outcome, Workspace
from voxgate.temporaries import remove_leftovers
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.data import assert_registered
from voxgate.wiring.pipeline import read_recipe, stale_stages

__all__ = ["retrain_voice"]


def _is_transient_stage(task: object, run: object, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, TransientStageError) or is_transient(task, run, state)


@task(
    task_run_name="{stage}",
    retries=2,
    retry_delay_seconds=[5, 30],
    retry_condition_fn=_is_transient_stage,
    persist_result=False,
)
def run_stage(root: Path, stage: str, lease: int) -> Outcome:
    """Reproduce one stage; refusals are answers, only faults raise and may be retried."""
    return reproduce_stage(root, stage, lease)


@task(retries=3, retry_delay_seconds=[2, 10, 30], retry_condition_fn=is_transient)
def register_candidate(root: Path, recipe: Recipe) -> int:
    """Enter the candidate in MLflow and the ledger; a voice that is known changes nothing."""
    checkout = Checkout.open(root)
    return register(checkout.desk, checkout.params, recipe)


@task(retries=3, retry_delay_seconds=[2, 10, 30], retry_condition_fn=is_transient)
def name_base_gold(root: Path) -> int | None:
    """Enter the unadapted base as gold where the ledger names none; returns gold's version."""
    checkout = Checkout.open(root)
    return register_gold(checkout.desk, checkout.params)


@task(retries=3, retry_delay_seconds=[2, 10, 30], retry_condition_fn=is_transient)
def gate_candidate(root: Path, version: int) -> Judged:
    """Judge the candidate against champion and gold, with as many looks as it takes."""
    checkout = Checkout.open(root)
    tell = get_run_logger().info
    return judge_candidate(checkout.desk, checkout.params, version, tell=tell)


@task(retries=3, retry_delay_seconds=[2, 10, 30], retry_condition_fn=is_transient)
def release_by_policy(root: Path, version: int) -> bool:
    """Release the version without a person where gate.approval_policy allows it."""
    return approve_by_policy(Checkout.open(root).desk, version) is not None


@flow(name="retrain-voice", persist_result=False)
def retrain_voice(root: Path = Path()) -> State[RunResult]:
    """Retrain on the registered data version and end at a verdict.

    Raises:
        DataVersionError: data/ is not what data.dvc names.
        LockHeldError: another run holds this checkout.
    """
    root = Checkout.open(root).root  # a fault in params.yaml or in a setting ends the run here
    workspace = Workspace(root)
    with checkout_lease(workspace.run_lock, purpose="retrain-voice") as lease:
        remove_leftovers(workspace.build_dir)
        remove_leftovers(workspace.state_dir)
        with data_lease(workspace, purpose="retrain-voice"):
            assert_registered(root)
        recomputed, refused = _run_stages(root, stale_stages(root), lease)
        if refused is not None:
            _publish_refusal(refused)
            result = RunResult(recomputed=recomputed, refused_by=refused.stage)
            leave_heartbeat(root, DEPLOYMENT, now=utc_now())
            return Completed(name="Refused", message=_refusal_text(refused), data=result)
        name_base_gold(root)
        version = register_candidate(root, read_recipe(root))
        verdict, report, objections = gate_candidate(root, version)
        release_by_policy(root, version)
        create_markdown_artifact(key="verdict", markdown=report, description=f"version {version}")
    leave_heartbeat(root, DEPLOYMENT, now=utc_now())
    result = RunResult(recomputed=recomputed, version=version, verdict=verdict)
    message = f"{verdict}" if recomputed else f"nothing new; the verdict stands: {verdict}"
    message = "; ".join([message, *objections])
    return Completed(name=verdict.title(), message=message, data=result)


def _run_stages(root: Path, stale: list[str], lease: int) -> tuple[tuple[str, ...], Outcome | None]:
    """Run from the first stale stage on; returns what ran and the outcome that refused, if any.

    DVC itself skips a later stage whose inputs turn out to be unchanged.
    """
    logger = get_run_logger()
    if not stale:
        logger.info("nothing new: data, parameters, code and weights are as they were")
    return walk_stages(root, stale, lambda stage: run_stage(root, stage, lease))


def _publish_refusal(outcome: Outcome) -> None:
    create_markdown_artifact(
        key="refusal", markdown=_refusal_text(outcome), description=f"refused by {outcome.stage}"
    )


def _refusal_text(outcome: Outcome) -> str:
    lines = [f"- `{reason.code}`: {reason.message}" for reason in outcome.reasons]
    return "\n".join([f"Stage **{outcome.stage}** refused:", "", *lines])
