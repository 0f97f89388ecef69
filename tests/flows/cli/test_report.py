"""`voxgate report` of a bundle, and of a version that the ledger does not have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from flows.reports.summary import summarise
from tests.fakes.evidence import make_evidence, make_thresholds
from tests.fakes.release_site import ReleaseSite
from voxgate.errors import AssetError, UnknownVersionError
from voxgate.files import canonical_json
from voxgate.gate.bundle import write_bundle
from voxgate.wiring.checkout import Checkout


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    write_bundle(
        tmp_path / "bundle",
        {
            "challenger": canonical_json(make_evidence().as_json()).encode(),
            "thresholds": canonical_json(make_thresholds().as_json()).encode(),
        },
    )
    return tmp_path / "bundle"


def test_a_bundle_has_its_page_beside_it(bundle: Path, tmp_path: Path) -> None:
    arguments = ["report", "--bundle", str(bundle), "--root", str(tmp_path), "--json"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    document = json.loads(result.output)
    assert document["page"] == str(tmp_path / "bundle.report" / "verdict.html")
    assert document["pdf"] is None
    assert document["missing"] == ["the ledger and the registry were not asked"]
    assert "<h1>PASS</h1>" in Path(document["page"]).read_text(encoding="utf-8")


def test_a_bundle_and_a_version_are_not_given_together(bundle: Path, tmp_path: Path) -> None:
    arguments = ["report", "1", "--bundle", str(bundle), "--root", str(tmp_path)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "not both" in result.output


def test_without_a_browser_nothing_is_written(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    arguments = ["report", "--bundle", str(bundle), "--pdf", "--root", str(tmp_path)]
    result = CliRunner().invoke(app, arguments)
    assert isinstance(result.exception, AssetError)
    assert not (tmp_path / "bundle.report").exists()


def test_the_report_of_a_version_is_named_by_status(
    release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", release_site.mlflow_uri)
    version = release_site.offer(1)
    root = str(release_site.root)
    before = summarise(Checkout.open(release_site.root)).pending[0]
    result = CliRunner().invoke(app, ["report", str(version), "--root", root, "--json"])
    assert result.exit_code == 0, result.output
    document = json.loads(result.output)
    after = summarise(Checkout.open(release_site.root)).pending[0]
    assert before.report is None
    assert after.report is not None
    assert document["page"] == str(release_site.root / after.report)
    assert Path(document["model_card"]).is_file()


def test_before_the_first_run_there_is_nothing_to_report(
    release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", release_site.mlflow_uri)
    result = CliRunner().invoke(app, ["report", "--root", str(release_site.root)])
    assert isinstance(result.exception, UnknownVersionError)
    assert "no run has registered a version yet" in str(result.exception)
