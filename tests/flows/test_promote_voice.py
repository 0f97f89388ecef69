"""The form, against a real ledger and Prefect's own API."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import Pause
from prefect.flow_engine import run_flow

from flows.promote_voice import promote_voice
from tests.fakes.release_site import ReleaseSite
from voxgate.clock import utc_now
from voxgate.errors import (
    ApprovalNeededError,
    ConsentError,
    DecisionExpiredError,
    EvidenceChangedError,
)
from voxgate.release.events import Kind

pytestmark = pytest.mark.usefixtures("prefect_api")


class Form:
    """One run of the deployment: shown, sent, decided."""

    def __init__(self, run: FlowRun) -> None:
        self.run_id: UUID = run.id

    def go_on(self) -> Any:
        """Let a worker's part be done here; returns the state."""
        with get_client(sync_client=True) as client:
            run = client.read_flow_run(self.run_id)
        try:
            return run_flow(
                promote_voice, flow_run=run, parameters=run.parameters, return_type="state"
            )
        except Pause as suspended:  # a worker ends its process here
            return suspended.state

    def shown(self) -> str:
        with get_client(sync_client=True) as client:
            answer = client.request(
                "GET",
                "/flow_runs/{id}/input/{key}",
                path_params={"id": self.run_id, "key": "suspended-decision-description"},
            )
            return str(answer.json())

    def send(self, **fields: str) -> Any:
        with get_client(sync_client=True) as client:
            return client.resume_flow_run(self.run_id, run_input=fields or None)


Start = Callable[..., Form]


@pytest.fixture
def start(release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Begin a run of the deployment for a version, up to its form."""
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", release_site.mlflow_uri)

    async def create(version: int) -> FlowRun:
        async with get_client() as client:
            flow_id = await client.create_flow(promote_voice)
            deployment_id = await client.create_deployment(flow_id=flow_id, name="promote")
            return await client.create_flow_run_from_deployment(
                deployment_id, parameters={"version": version, "root": str(release_site.root)}
            )

    def begin(version: int) -> Form:
        return Form(asyncio.run(create(version)))

    return begin


def _filled(site: ReleaseSite, version: int, **changes: str) -> dict[str, str]:
    judgement = site.desk.ledger.read(site.desk.model).require(version).judgement
    assert judgement is not None
    return {
        "decision": "approve", "by": "anna", "reason": "sounds right", "scope": "internal",
        "evidence": judgement.evidence_digest[:12], **changes,
    }  # fmt: skip


def test_the_form_shows_the_evidence_and_decides_by_what_was_typed(
    release_site: ReleaseSite, start: Start
) -> None:
    version = release_site.offer(1)
    form = start(version)
    assert form.go_on().is_paused()
    text = form.shown()
    filled = _filled(release_site, version)
    assert f"version {version}: PASS" in text
    assert f"Evidence: `{filled['evidence']}" in text
    assert "compared with no champion" in text
    assert form.send(**filled).status == "ACCEPT"
    state = form.go_on()
    assert (state.name, state.message) == ("Live", f"live: {version}")
    release = release_site.desk.ledger.read(release_site.desk.model).require(version)
    assert release.approval is not None
    assert (release.approval.by, release.approval.scope) == ("anna", "internal")


def test_a_bare_resume_and_a_half_filled_form_decide_nothing(
    release_site: ReleaseSite, start: Start
) -> None:
    version = release_site.offer(1)
    form = start(version)
    form.go_on()
    filled = _filled(release_site, version)
    for fields in ({}, {**filled, "by": ""}, {k: v for k, v in filled.items() if k != "evidence"}):
        assert form.send(**fields).status == "REJECT"
    assert release_site.desk.ledger.read(release_site.desk.model).live is None
    assert form.send(**{**filled, "decision": "reject"}).status == "ACCEPT"
    assert form.go_on().name == "Rejected"


def test_evidence_that_changed_behind_the_form_is_refused(
    release_site: ReleaseSite, start: Start
) -> None:
    version = release_site.offer(1)
    for decision in ("approve", "reject"):
        form = start(version)
        form.go_on()
        form.send(**_filled(release_site, version, evidence="0" * 12, decision=decision))
        state = form.go_on()
        assert state.is_failed()
        with pytest.raises(EvidenceChangedError, match="you saw 000000000000"):
            state.result()


@pytest.mark.slow
def test_a_decision_that_expired_behind_the_form_is_refused(
    release_site: ReleaseSite, start: Start
) -> None:
    version = release_site.offer(1)
    form = start(version)
    form.go_on()
    form.send(**_filled(release_site, version, scope="publication"))
    with pytest.raises(ConsentError, match="consent for 'internal'"):
        form.go_on().result()
    late = start(version)
    late.go_on()
    late.send(**_filled(release_site, version))
    _expire(release_site, version)
    with pytest.raises(DecisionExpiredError):
        late.go_on().result()


def _expire(site: ReleaseSite, version: int) -> None:
    desk = site.desk
    judgement = desk.ledger.read(desk.model).require(version).judgement
    assert judgement is not None
    over = replace(judgement, expires_at=utc_now() - timedelta(seconds=1))
    desk.ledger.append(
        desk.model,
        lambda book, _now: book.draft(
            Kind.JUDGED, version, by="gate", reason="again", facts=over.as_facts()
        ),
    )


def test_a_version_that_does_not_wait_gets_no_form(release_site: ReleaseSite, start: Start) -> None:
    version = release_site.register(1)
    release_site.judge(version, verdict="FAIL")
    with pytest.raises(ApprovalNeededError, match="version 1 is not offered: the form is for"):
        start(version).go_on().result()
