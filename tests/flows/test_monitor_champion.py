"""The flow and its command, through Prefect, over a real ledger and a real registry."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from flows.cli.app import app
from flows.monitor_champion import monitor_champion
from flows.rollback_voice import rollback_voice
from flows.send_notices import send_notices
from tasks.heartbeat import leave_heartbeat, read_heartbeat
from tasks.release.approve import approve
from tasks.release.trial import start
from tests.fakes.release_site import ReleaseSite
from tests.fakes.releases import make_plan
from voxgate.clock import utc_now
from voxgate.errors import ConfigError, LockHeldError, NothingToRollBackError
from voxgate.release.trial_tally import Counts, Share
from voxgate.settings import Settings
from voxgate.wiring.trials import open_tallies

pytestmark = pytest.mark.usefixtures("prefect_api")

SCHEDULE = """
deployments:
- {name: retrain, schedules: [{cron: "0 1 * * *"}]}
- {name: monitor, schedules: [{cron: "0 7 * * *"}]}
"""


@pytest.fixture
def site(release_site: ReleaseSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReleaseSite:
    """Return a site on a machine that has no evaluators: whatever is live is a HOLD."""
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", release_site.mlflow_uri)
    monkeypatch.setenv("VOXGATE_ASSETS_DIR", str(tmp_path))
    return release_site


def call(site: ReleaseSite, *arguments: str) -> Result:
    result = CliRunner().invoke(app, [*arguments, "--root", str(site.root)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def _release(site: ReleaseSite, number: int) -> int:
    version = site.offer(number)
    approve(site.desk, version, by="anna", reason="sounds right")
    return version


def test_nothing_live_is_nothing_to_do_and_leaves_a_heartbeat(site: ReleaseSite) -> None:
    began = utc_now()
    state = monitor_champion(site.root, return_state=True)
    assert (state.name, state.message) == ("Nothing live", "live: nothing")
    beat = read_heartbeat(site.root, "monitor")
    assert beat is not None
    assert beat >= began
    assert site.desk.ledger.rows() == ()


def test_the_command_says_what_was_found_and_exits_3_on_an_alarm(site: ReleaseSite) -> None:
    version = _release(site, 1)
    result = call(site, "monitor")
    assert result.exit_code == 3
    today = utc_now().date()
    lines = result.output.splitlines()
    assert lines[:2] == [f"{today}: Hold; live: version {version}", f"version {version}: hold"]
    assert lines[2].startswith(f"ALARM {site.desk.model} version {version} could not be checked")
    assert lines[3].startswith("      WeightsError: ")
    document = json.loads(call(site, "monitor", "--json").output)
    assert (document["standing"], document["live"]) == ("Hold", version)
    assert len(document["alarms"]) == 1
    assert [row.kind for row in site.desk.ledger.rows()].count("monitored") == 1
    (told,) = site.desk.outbox.alarms()  # twice the same alarm is one notice
    assert told.subject.startswith(f"{site.desk.model} version {version} could not be checked")


def test_a_missing_retraining_is_an_alarm_of_the_monitor(site: ReleaseSite) -> None:
    (site.root / "prefect.yaml").write_text(SCHEDULE)
    assert call(site, "monitor").exit_code == 0  # schedules that nobody uses are not missed
    leave_heartbeat(site.root, "retrain", now=utc_now() - timedelta(days=3))
    result = call(site, "monitor")
    assert result.exit_code == 3
    assert f"ALARM {site.desk.model}: the scheduled run of 'retrain' is missing" in result.output


def test_the_schedule_is_checked_by_a_command_of_its_own(site: ReleaseSite) -> None:
    (site.root / "prefect.yaml").write_text(SCHEDULE)
    result = call(site, "schedule", "check")
    assert result.exit_code == 3
    assert "retrain: not deployed, and never run here; `voxgate deploy`" in result.output
    for name in ("retrain", "monitor"):
        leave_heartbeat(site.root, name, now=utc_now())
    assert call(site, "schedule", "check").exit_code == 0
    leave_heartbeat(site.root, "monitor", now=utc_now() - timedelta(days=2))
    late = call(site, "schedule", "check", "--grace-hours", "1", "--json")
    assert late.exit_code == 3
    assert [row["punctuality"] for row in json.loads(late.output)] == ["on_time", "late"]


def test_two_monitors_at_once_the_second_gets_a_typed_error(site: ReleaseSite) -> None:
    desk = site.desk
    with (
        desk.leases.hold(f"monitor:{desk.model}", purpose="monitor-champion"),
        pytest.raises(LockHeldError, match="monitor-champion"),
    ):
        call(site, "monitor")
    assert read_heartbeat(site.root, "monitor") is None


def test_a_day_to_come_is_refused(site: ReleaseSite) -> None:
    with pytest.raises(ConfigError, match="still to come"):
        call(site, "monitor", "--date", "2999-01-01")


def test_notices_are_sent_every_hour_and_a_receiver_that_is_down_fails_no_run(
    site: ReleaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert send_notices(site.root, return_state=True).name == "Sent"
    assert read_heartbeat(site.root, "notices") is not None
    monkeypatch.setenv("VOXGATE_WEBHOOK_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("VOXGATE_WEBHOOK_SECRET", base64.b64encode(bytes(range(32))).decode())
    site.offer(1)
    state = send_notices(site.root, return_state=True)
    assert state.name == "Unsent"
    assert "the webhook at 127.0.0.1" in state.message


def test_the_rollback_deployment_does_what_the_command_does(site: ReleaseSite) -> None:
    one = _release(site, 1)
    _release(site, 2)
    state = rollback_voice("bob", "it hums", root=site.root, return_state=True)
    assert (state.name, state.message) == ("Rolled back", f"live: version {one}")
    with pytest.raises(NothingToRollBackError):
        rollback_voice("anna", "other", root=site.root)


def test_the_monitor_looks_at_the_trial_too(site: ReleaseSite) -> None:
    _release(site, 1)
    version = site.offer(2)
    start(site.desk, make_plan(version, canary_per_mille=20))
    trial = site.desk.ledger.read(site.desk.model).trial
    assert trial is not None
    counts = {
        (trial.number, Share.LIVE): Counts(answers=900, timed=900),
        (trial.number, Share.CANARY): Counts(answers=40, faulty=40, failed=40),
    }
    open_tallies(Settings(), site.root).keep("server", counts)
    result = call(site, "monitor")
    assert result.exit_code == 3
    assert f"version {version}, on trial, is worse than live: canary_faults" in result.output
    assert site.desk.ledger.read(site.desk.model).trial is None
