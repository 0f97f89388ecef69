"""A trial as the release engineer types it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from tests.fakes.release_site import ReleaseSite
from voxgate.errors import ApprovalNeededError, ConfigError, ReleaseError
from voxgate.release.trial_tally import Counts, Share
from voxgate.settings import Settings
from voxgate.wiring.trials import open_tallies

Call = Callable[..., Result]
WHO = ("--by", "anna", "--reason", "does it hold up?")


def test_a_trial_is_started_shown_alarmed_and_stopped(
    release_site: ReleaseSite, call: Call
) -> None:
    assert "no version was ever on trial" in call("trial", "status").output
    call("approve", release_site.offer(1), *WHO)
    two = release_site.offer(2)
    shares = ("--canary-per-mille", 20, "--shadow-per-mille", 100)
    started = call("trial", "start", two, *shares, "--days", 3, *WHO)
    assert started.output.startswith(f"version {two} is approved (event ")
    shown = call("trial", "status").output
    assert f"version {two} beside version 1: trial " in shown
    assert "canary 20, shadow 100 of 1000; by anna: does it hold up?" in shown
    assert "INCONCLUSIVE canary_faults" in shown

    summary = call("status").output
    assert f"trial         version {two}: canary 20, shadow 100 of 1000 until 20" in summary
    assert f"decision      version {two}: approved, on trial" in summary

    document = json.loads(call("trial", "status", "--json").output)
    number = document["trial"]["number"]
    counts = {
        (number, Share.LIVE): Counts(answers=900, timed=900, first_audio_s=90.0),
        (number, Share.CANARY): Counts(answers=40, faulty=40, failed=40),
        (number, Share.SHADOW): Counts(answers=9, compared=8, log_duration_ratio=0.8),
    }
    open_tallies(Settings(), release_site.root).keep("server", counts)
    checked = call("trial", "check")
    assert checked.exit_code == 3
    assert "FAIL         canary_faults: faulty answers of the canary: 40 of 40" in checked.output
    assert f"ALARM {release_site.desk.model} version {two}, on trial, is worse" in checked.output
    assert "the trial was stopped (event " in checked.output
    assert "first sound, s           0.100" in checked.output
    assert "8 sound pairs: 1.105 x as long as live" in checked.output
    again = call("trial", "check")
    assert (again.exit_code, "over, until" in again.output) == (0, True)
    assert call("trial", "stop", two, *WHO).output.startswith(f"version {two} is approved (nothing")


def test_what_cannot_be_tried_is_said(release_site: ReleaseSite, call: Call) -> None:
    call("approve", release_site.offer(1), *WHO)
    two = release_site.register(2)
    with pytest.raises(ConfigError, match="both are 0"):
        call("trial", "start", two, *WHO)
    with pytest.raises(ApprovalNeededError, match="Without --canary-per-mille"):
        call("trial", "start", two, "--canary-per-mille", 10, *WHO)
    with pytest.raises(ReleaseError, match=f"version {two} is not on trial"):
        call("trial", "stop", two, *WHO)
