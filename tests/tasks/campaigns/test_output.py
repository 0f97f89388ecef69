"""`voxgate campaign report` and `verify`: tables are recorded, and recognised again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from tasks.campaigns.desk import CampaignDesk, open_campaign_desk
from tasks.campaigns.output import forget_outputs, verify_output, write_output
from tests.fakes.campaign_outputs import add_plan, finish, upload
from voxgate.errors import UnknownCampaignError
from voxgate.settings import Settings
from voxgate.stage import Workspace
from voxgate.wiring.speech_jobs import open_assets

ROOT = Path(__file__).parents[3]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CampaignDesk:
    monkeypatch.delenv("VOXGATE_LEDGER_URL", raising=False)
    shutil.copy(ROOT / "params.yaml", tmp_path)
    desk = open_campaign_desk(tmp_path, by="anna")
    upload(desk.store)
    add_plan(desk.store)
    finish(desk.store, open_assets(Settings(), Workspace(tmp_path)))
    return desk


def test_the_output_lies_in_the_checkout_by_its_digest(desk: CampaignDesk) -> None:
    written = write_output(desk, "spring")
    outputs = desk.checkout.workspace.campaign_outputs("spring")
    assert written.folder == outputs / written.digest[:32]
    assert (written.cells, written.rejected, written.is_new) == (5, 2, True)
    report = json.loads((written.folder / "report.json").read_text())
    assert report["table_digest"] == written.digest
    assert desk.store.events("spring")[-1].actor == "anna"


def test_what_is_recorded_is_recognised_and_what_is_not_is_not(desk: CampaignDesk) -> None:
    first = write_output(desk, "spring")
    desk.store.accept_reviewed("spring", "hello-Wendy", actor="anna", reason="heard")
    assert verify_output(desk, "spring", first.folder).is_latest
    second = write_output(desk, "spring")
    found = verify_output(desk, "spring", first.folder)
    assert (found.is_recorded, found.is_latest) == (True, False)
    assert verify_output(desk, "spring", second.folder).is_latest


def test_outputs_of_what_was_taken_back_can_be_removed(desk: CampaignDesk) -> None:
    written = write_output(desk, "spring")
    assert forget_outputs(desk, ["spring", "never reported"]) == 1
    assert not written.folder.exists()
    assert write_output(desk, "spring").is_new is False


def test_nothing_is_made_for_a_campaign_that_there_is_not(desk: CampaignDesk) -> None:
    with pytest.raises(UnknownCampaignError):
        write_output(desk, "autumn")
    assert not desk.checkout.workspace.campaigns_dir.exists()


def test_the_commands_say_where_it_is_and_whether_it_is_recorded(desk: CampaignDesk) -> None:
    root = ["--root", str(desk.checkout.root)]
    written = CliRunner().invoke(app, ["campaign", "report", "spring", "--json", *root])
    folder = json.loads(written.output)["folder"]
    good = CliRunner().invoke(app, ["campaign", "verify", "spring", folder, *root])
    assert (good.exit_code, good.output[:14]) == (0, "recorded: tabl")
    desk.store.create("other", {**desk.store.campaign("spring").spec}, owner="anna")
    bad = CliRunner().invoke(app, ["campaign", "verify", "other", folder, *root])
    assert bad.exit_code == 1
    assert bad.output.startswith("NOT RECORDED: no table of this campaign had the digest")
