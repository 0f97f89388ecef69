"""What the release engineer types, against a real ledger and a real registry."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from flows.reports.doctor import examine
from flows.reports.summary import summarise
from tests.fakes.release_site import ReleaseSite
from voxgate.errors import (
    AlreadyDecidedError,
    ApproverError,
    ConfigError,
    NothingToRollBackError,
)
from voxgate.login import describe_login
from voxgate.wiring.checkout import Checkout

Call = Callable[..., Result]


def _json(call: Call, *arguments: object) -> Any:
    return json.loads(call(*arguments, "--json").output)


def test_approve_reject_and_roll_back(release_site: ReleaseSite, call: Call) -> None:
    one = release_site.offer(1)
    answer = call("approve", one, "--by", "anna", "--reason", "sounds right")
    assert answer.exit_code == 0
    assert answer.output == f"version {one} is live (event 4); live: version {one}\n"
    two = release_site.offer(2)
    assert _json(call, "approve", two, "--by", "anna", "--reason", "ok")["live"] == two
    assert _json(call, "rollback", "--by", "bob", "--reason", "it hums")["live"] == one
    again = call("rollback", "--by", "bob", "--reason", "it hums")
    assert "nothing to do" in again.output
    three = release_site.offer(3)
    assert _json(call, "reject", three, "--by", "bob", "--reason", "no")["state"] == "rejected"
    with pytest.raises(AlreadyDecidedError, match=f"version {three} is rejected"):
        call("approve", three, "--by", "anna", "--reason", "ok")
    with pytest.raises(NothingToRollBackError, match="name the version: --to VERSION"):
        call("rollback", "--by", "anna", "--reason", "other")
    answer = _json(call, "quarantine", one, "--by", "anna", "--reason", "it swears")
    assert (answer["state"], answer["live"]) == ("quarantined", None)


def test_the_trainer_cannot_approve(release_site: ReleaseSite, call: Call) -> None:
    version = release_site.offer(1)
    with pytest.raises(ApproverError, match="'Cron' trained version 1"):
        call("approve", version, "--by", "Cron", "--reason", "mine")


@pytest.mark.parametrize("options", [["--override"], ["--until", "2030-01-01"]])
def test_an_override_has_an_end(release_site: ReleaseSite, call: Call, options: list[str]) -> None:
    version = release_site.register(1)
    release_site.judge(version, verdict="FAIL")
    result = call("approve", version, "--by", "anna", "--reason", "demo", *options)
    assert result.exit_code == 2
    assert "go together" in result.output
    both = ["--override", "--until", "2030-01-01"]
    assert call("approve", version, "--by", "anna", "--reason", "demo", *both).exit_code == 0


def test_status_shows_what_waits_and_what_is_live(release_site: ReleaseSite, call: Call) -> None:
    one = release_site.offer(1)
    before = summarise(Checkout.open(release_site.root))
    assert [line.version for line in before.pending] == [one]
    assert (before.live, before.registry) == (None, ())
    call("approve", one, "--by", "anna", "--reason", "ok")
    client = release_site.desk.connect().client
    client.set_registered_model_alias(release_site.desk.model, "gold", str(one))
    after = summarise(Checkout.open(release_site.root))
    assert after.live is not None
    assert (after.live.version, after.live.decided_by) == (one, "anna")
    assert after.live.aliases == ("champion",)
    assert after.pending == ()
    assert "'gold' points to 1" in after.registry[0]


def test_the_registry_is_checked_repaired_and_adopted(
    release_site: ReleaseSite, call: Call
) -> None:
    one = release_site.offer(1)
    call("approve", one, "--by", "anna", "--reason", "ok")
    assert call("registry", "check").exit_code == 0
    client = release_site.desk.connect().client
    client.set_registered_model_alias(release_site.desk.model, "gold", str(one))
    checked = call("registry", "check")
    assert checked.exit_code == 1
    assert "the alias 'gold' points to 1, the ledger has none" in checked.output
    adopted = call("registry", "adopt", "gold", "--by", "bob", "--reason", "studio take")
    assert adopted.exit_code == 0
    client.set_registered_model_alias(release_site.desk.model, "CHAMPION", str(one))
    (repaired,) = _json(call, "registry", "repair", "--by", "bob")
    assert repaired["code"] == "alias_wrong_case"


def test_gold_and_promote_are_commands_too(release_site: ReleaseSite, call: Call) -> None:
    one = release_site.offer(1)
    call("approve", one, "--by", "anna", "--reason", "ok")
    assert "nothing to do" in call("promote", one, "--by", "anna").output
    assert call("gold", one, "--by", "anna", "--reason", "studio take").exit_code == 0
    assert release_site.aliases() == {"champion": one, "gold": one}


def test_the_audit_answers_what_was_live_and_who_decided(
    release_site: ReleaseSite, call: Call
) -> None:
    one = release_site.offer(1)
    call("approve", one, "--by", "anna", "--reason", "sounds right")
    rows = release_site.desk.ledger.rows()
    text = call("audit", "at", rows[-1].at).output
    assert f"version {one}, for internal, verdict PASS" in text
    assert "trained by cron, approved by anna" in text
    digests = _json(call, "audit", "at", rows[-1].at)["live"]["digests"]
    assert all(value for value in digests.values())
    before = _json(call, "audit", "at", rows[-2].at)
    assert (before["live"], before["events"]) == (None, 3)
    assert "nothing was live" in call("audit", "at", "2020-01-01T14:00").output
    log = call("audit", "log").output.splitlines()
    assert len(log) == 4
    account = describe_login(release_site.desk.login)
    assert log[2].endswith(f"by anna [{account}]: sounds right")


@pytest.mark.parametrize(
    ("time", "message"), [("yesterday", "expected 2026-11-22T14:00"), ("2999-01-01", "to come")]
)
def test_a_time_that_nobody_can_answer_is_refused(call: Call, time: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        call("audit", "at", time)


def test_verify_compares_with_the_heads_that_are_remembered_outside(
    release_site: ReleaseSite, call: Call
) -> None:
    release_site.offer(1)
    verified = _json(call, "audit", "verify")
    assert (verified["findings"], verified["events"]) == ([], 2)
    assert verified["compared_with"] == ["the registry's head"]
    head = verified["head"]
    assert call("audit", "verify", "--head", head).exit_code == 0
    (release_site.root / ".voxgate" / "ledger" / "ledger.db").unlink()
    lost = call("audit", "verify", "--head", head)
    assert lost.exit_code == 1
    assert "NOT VERIFIED: truncated: event 2 was remembered outside" in lost.output
    with pytest.raises(ConfigError, match="expected SEQUENCE:SHA256, got '7'"):
        call("audit", "verify", "--head", "7")


def test_a_wrong_clock_is_recorded(release_site: ReleaseSite, call: Call) -> None:
    release_site.offer(1)
    answer = _json(call, "audit", "clock", "--by", "anna", "--reason", "the battery was empty")
    assert answer == {"event": 3}
    assert release_site.desk.ledger.rows()[-1].kind == "clock_corrected"
    text = call("audit", "at", "2020-01-01").output
    assert "note: anna corrected the clock (event 3: the battery was empty)" in text


def test_doctor_looks_at_the_ledger(release_site: ReleaseSite, call: Call) -> None:
    release_site.offer(1)
    ledger = next(f for f in examine(release_site.root) if f.name == "ledger")
    assert (ledger.healthy, ledger.observed) == (True, "2 events, each as it was appended")
    path = release_site.root / ".voxgate" / "ledger" / "ledger.db"
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER release_events_no_update")
        connection.execute("UPDATE release_events SET actor = 'mallory' WHERE sequence = 1")
    connection.close()
    ledger = next(f for f in examine(release_site.root) if f.name == "ledger")
    assert not ledger.healthy
    assert "event 1: its content does not match its digest" in ledger.observed


def test_status_says_which_limits_are_looser_and_who_changed_them(
    release_site: ReleaseSite, call: Call
) -> None:
    version = release_site.register(1)
    release_site.judge(
        version,
        loosened=("gate.max_wer: 0.25 became 0.3",),
        limits_changed="last commit of params.yaml: 0123456789ab by anna, 2026-11-28",
    )
    said = " ".join(call("status").output.split())
    assert "looser limit gate.max_wer: 0.25 became 0.3 (last commit of params.yaml:" in said
    assert "0123456789ab by anna" in said
