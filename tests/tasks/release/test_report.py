"""The report of a version on a real ledger and a real registry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.release.approve import approve
from tasks.release.report import publish_report, write_bundle_report, write_report
from tests.fakes.listening_site import add_voice, create_listening_site
from tests.fakes.memory import memory_folder
from tests.fakes.release_site import ReleaseSite
from voxgate.adapters.mlflow.reports import REPORT_TAG
from voxgate.errors import BundleError, UnknownVersionError
from voxgate.params import Params, load_params
from voxgate.stage import Workspace


@pytest.fixture(scope="module")
def site(mlflow_uri: str) -> Iterator[ReleaseSite]:
    """Return a site whose version 1 is live, and whose version 2 waits."""
    with memory_folder() as folder:
        site = create_listening_site(folder / "checkout", mlflow_uri)
        site.judge(add_voice(site, 1))
        approve(site.desk, 1, by="anna", reason="first")
        site.judge(add_voice(site, 2))
        yield site


def _params(site: ReleaseSite) -> Params:
    return load_params(site.root / "params.yaml")


def test_it_lies_beside_the_bundle_and_the_version_links_it(site: ReleaseSite) -> None:
    desk = site.desk
    written = publish_report(desk, _params(site), 2)
    release = desk.ledger.read(desk.model).require(2)
    assert release.judgement is not None
    assert written.page == site.root / f"{release.judgement.bundle}.report" / "verdict.html"
    client = desk.connect().client
    shown = client.get_model_version(desk.model, str(release.registry_version))
    link = f"runs:/{release.parent_run_id}/report/verdict.html"
    assert shown.tags[REPORT_TAG] == link
    assert shown.description.startswith(f"# {desk.model} version 2: PASS")
    stored = {entry.path for entry in client.list_artifacts(release.parent_run_id, "report")}
    assert stored == {"report/verdict.html", "report/model_card.md"}


def test_it_says_who_decides_and_by_which_commands(site: ReleaseSite, tmp_path: Path) -> None:
    written = write_report(site.desk, _params(site), 2, out=tmp_path / "out.html")
    page = written.page.read_text(encoding="utf-8")
    assert written.card is None
    assert "voxgate approve 2 --by YOU --reason WHY" in page
    assert "anybody, but never who trained it (cron)" in page
    assert re.search(r"registered by ", page)
    assert "1, of all candidates" in page
    assert "Since version 1, the champion." in page


def test_what_could_not_be_had_is_said(site: ReleaseSite, tmp_path: Path) -> None:
    written = write_report(site.desk, _params(site), 2, out=tmp_path / "out.html")
    said = "\n".join(written.missing)
    for piece in (
        "texts of the prompts: this checkout has benchmark",
        "reference clip: build/featurize is not there",
        "consent records: ",
        "counts of the training data: ",
        "what this voice was made from: the run of version 2 keeps no params.yaml",
    ):
        assert piece in said
        assert piece.partition(":")[0] in written.page.read_text(encoding="utf-8")


def test_the_same_again_gives_the_same_bytes(site: ReleaseSite, tmp_path: Path) -> None:
    one, two = (
        write_report(site.desk, _params(site), 2, out=tmp_path / name).page.read_bytes()
        for name in ("one.html", "two.html")
    )
    assert one == two


def test_a_version_without_a_verdict_has_no_report(site: ReleaseSite) -> None:
    version = site.register(3)
    with pytest.raises(UnknownVersionError, match="was not judged: there is no report"):
        write_report(site.desk, _params(site), version)


def test_a_bundle_alone_has_a_page(site: ReleaseSite, tmp_path: Path) -> None:
    desk = site.desk
    judgement = desk.ledger.read(desk.model).require(1).judgement
    assert judgement is not None
    bundle, page = site.root / judgement.bundle, tmp_path / "page.html"
    written = write_bundle_report(Workspace(tmp_path), None, bundle, out=page)
    assert written.missing == ("the ledger and the registry were not asked",)
    assert "<h1>PASS</h1>" in page.read_text(encoding="utf-8")
    with pytest.raises(BundleError, match="is no evidence bundle"):
        write_bundle_report(Workspace(tmp_path), None, tmp_path, out=page)
