"""`promote_voice`: decide about a version in a form of Prefect's UI.

The flow shows the evidence, suspends itself (no process waits for a person) and begins again from
the top when the form was sent. The decision is the one of `voxgate approve|reject`, with the same
rules. Nothing in the form is filled in, and nothing has a default: a bare "Resume" decides nothing.
Whoever reaches Prefect can send the form under any name, as with the command line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from prefect import flow, suspend_flow_run, task
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.input import RunInput
from prefect.states import Completed
from pydantic import Field

from flows.prefect_api import is_transient
from tasks.release.approve import approve, reject
from voxgate.clock import utc_now
from voxgate.errors import ApprovalNeededError
from voxgate.files import read_json
from voxgate.release.desk import Answer, Desk
from voxgate.release.records import Judgement, Release
from voxgate.release.states import State as ReleaseState
from voxgate.wiring.checkout import Checkout

__all__ = ["Decision", "promote_voice"]

FORM = "decision"
DIGITS = 12
"""Of the evidence digest, to be typed in."""


class Decision(RunInput):
    """What a person says; every field is needed."""

    decision: Literal["approve", "reject"]
    by: str = Field(min_length=1, description="Who decides; goes into the audit.")
    reason: str = Field(min_length=1, description="Why; goes into the audit.")
    evidence: str = Field(
        min_length=DIGITS,
        pattern=r"^[0-9a-f]+$",
        description=f"The evidence that you saw: at least {DIGITS} digits, typed from above.",
    )
    scope: Literal["evaluation", "internal", "publication"] = Field(
        description="What the release is for; not wider than the consent."
    )


@task(retries=3, retry_delay_seconds=[2, 10, 30], retry_condition_fn=is_transient)
def decide(root: Path, version: int, decision: Decision) -> Answer:
    """Do what the form says; given again it changes nothing."""
    desk = Checkout.open(root).desk
    by, reason, evidence = decision.by, decision.reason, decision.evidence
    if decision.decision == "reject":
        return reject(desk, version, by=by, reason=reason, evidence=evidence)
    return approve(desk, version, by=by, reason=reason, evidence=evidence, scope=decision.scope)


@flow(name="promote-voice", persist_result=False)
def promote_voice(version: int, root: Path = Path()) -> State[Answer]:
    """Show a version that waits for a decision, wait for the form, decide.

    Args:
        version: as `voxgate status` shows it.
        root: the checkout.

    Raises:
        ApprovalNeededError: the version does not wait for a decision.
        ReleaseError: the rules do not allow the decision: it expired, the evidence changed, ...
        ConsentError: the scope is wider than the consent.
    """
    root = root.resolve()
    desk = Checkout.open(root).desk
    release = desk.ledger.read(desk.model).require(version)
    if not _was_shown():  # what comes from the form is judged by the ledger
        _require_waiting(release)
    assert release.judgement is not None
    decision = suspend_flow_run(
        wait_for_input=Decision.with_initial_data(description=describe(desk, release)),
        timeout=_seconds_left(release.judgement),
        key=FORM,
    )
    assert decision is not None
    answer = decide(root, version, decision)
    return Completed(name=answer.state.title(), message=f"live: {answer.live}", data=answer)


def describe(desk: Desk, release: Release) -> str:
    """Return what a person needs to know, in Markdown; every byte of the evidence is checked."""
    judgement = release.judgement
    assert judgement is not None
    verdict = read_json(desk.require_evidence(release) / "verdict.json")
    champion = f"version {judgement.champion}" if judgement.champion else "no champion"
    return "\n".join(
        [
            f"# {desk.model} version {release.version}: {judgement.verdict}",
            "",
            f"Evidence: `{judgement.evidence_digest}`",
            "",
            f"- compared with {champion}"
            + (f" and gold, version {judgement.gold}" if judgement.gold else ""),
            f"- trained by {release.origin.trained_by} on data {release.origin.data_version}",
            f"- consent: {release.origin.consent_scope}",
            f"- decide until {judgement.expires_at.isoformat(timespec='minutes')}",
            "",
            *(_reasons(verdict["reasons"]) or ["No criterion speaks against it."]),
        ]
    )


def _reasons(reasons: list[dict[str, Any]]) -> list[str]:
    lines = [f"| {r['ruling']} | {r['subject']} | {r['message']} |" for r in reasons]
    return ["| ruling | about | reason |", "|---|---|---|", *lines] if lines else []


def _was_shown() -> bool:
    """Tell whether this pass comes from the form: a suspended run begins again from the top."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return False
    return FORM in (context.flow_run.empirical_policy.pause_keys or ())


def _require_waiting(release: Release) -> None:
    if release.state is not ReleaseState.PENDING or release.is_expired(utc_now()):
        raise ApprovalNeededError(
            f"version {release.version} is {release.standing(utc_now())}: the form is for versions "
            "that wait for a decision. `voxgate status` shows them; only `voxgate approve "
            "--override` releases against a verdict."
        )


def _seconds_left(judgement: Judgement) -> int:
    return max(1, int((judgement.expires_at - utc_now()).total_seconds()))
