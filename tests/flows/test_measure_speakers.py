"""The follow-up of a promotion: it finds what is stale by itself, and never touches a release."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from flows.measure_speakers import measure_speakers
from tasks.heartbeat import read_heartbeat
from tasks.release.approve import approve
from tasks.speakers import decide
from tests.fakes.release_site import ReleaseSite
from tests.fakes.speaker_profiles import make_inputs, make_score
from voxgate.clock import utc_now
from voxgate.errors import ConfigError, WeightsError
from voxgate.settings import Settings
from voxgate.speakers import decisions
from voxgate.speakers.ports import SpeakerRegister
from voxgate.wiring.speakers import open_speaker_register

pytestmark = pytest.mark.usefixtures("prefect_api")


@pytest.fixture
def site(release_site: ReleaseSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReleaseSite:
    """Return a site on a machine that has no evaluators, with a version live."""
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", release_site.mlflow_uri)
    monkeypatch.setenv("VOXGATE_ASSETS_DIR", str(tmp_path))
    monkeypatch.delenv("VOXGATE_LEDGER_URL", raising=False)
    (release_site.root / "benchmark").symlink_to(Path(__file__).parents[2] / "benchmark")
    return release_site


def _promote(site: ReleaseSite, number: int) -> None:
    approve(site.desk, site.offer(number), by="anna", reason="sounds right")


def _measured_long_ago(site: ReleaseSite) -> SpeakerRegister:
    register = open_speaker_register(Settings(), site.root)
    inputs = make_inputs()
    for step in (
        lambda standing, now: decisions.enrol(
            standing, inputs, duration_s=5.0, checks={}, by="bob", now=now
        ),
        lambda standing, now: decisions.score(
            standing, "anna", 1, make_score("m" * 64, "p" * 64), by="bob", now=now
        ),
    ):
        register.append(step)
    decide.activate(register, "anna", 1, by="bob", reason="heard it")
    return register


def test_nothing_live_or_nothing_stale_is_nothing_to_do(site: ReleaseSite) -> None:
    began = utc_now()
    state = measure_speakers(site.root, return_state=True)
    assert (state.name, state.message) == ("Measured", "0 measured, 0 could not be")
    beat = read_heartbeat(site.root, "speakers")
    assert beat is not None
    assert beat >= began
    _promote(site, 1)
    assert measure_speakers(site.root, return_state=True).result() == []


def test_a_machine_that_cannot_measure_leaves_release_and_scores_as_they_are(
    site: ReleaseSite,
) -> None:
    register = _measured_long_ago(site)
    _promote(site, 1)
    events, rows = site.desk.ledger.rows(), register.rows()
    with pytest.raises(WeightsError):
        measure_speakers(site.root)
    assert (site.desk.ledger.rows(), register.rows()) == (events, rows)
    shown = CliRunner().invoke(app, ["speakers", "show", "anna", "--root", str(site.root)]).output
    assert "usable for evaluation, internal; quality: stale" in shown
    assert "stale: not measured with the voice that is live" in shown


@pytest.mark.parametrize("words", [(), ("anna", "--all-stale")])
def test_the_command_measures_one_profile_or_all_that_are_stale(
    site: ReleaseSite, words: tuple[str, ...]
) -> None:
    answer = CliRunner().invoke(app, ["speakers", "measure", *words, "--root", str(site.root)])
    assert isinstance(answer.exception, ConfigError)
    assert "name a profile, or give --all-stale" in str(answer.exception)
    _promote(site, 1)
    done = CliRunner().invoke(app, ["speakers", "measure", "--all-stale", "--root", str(site.root)])
    assert (done.exit_code, done.output) == (0, "no score is stale; nothing was measured\n")
