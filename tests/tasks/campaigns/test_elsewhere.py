from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest

from tasks.campaigns import elsewhere as module
from tasks.campaigns.desk import open_campaign_desk
from tasks.campaigns.elsewhere import Elsewhere
from tests.fakes.campaign_site import FILE, LIST
from tests.fakes.live_server import wait_until
from tests.fakes.release_site import ReleaseSite
from voxgate.errors import DeadlineError, RecipientListError, UnknownCampaignError, WorkerLostError


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in place of the child; what is written there runs."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(module, "_MODULE", "voxgate_test_child")
    return tmp_path / "voxgate_test_child.py"


def test_an_answer_comes_back_and_errors_are_what_they_were(child: Path, tmp_path: Path) -> None:
    child.write_text(
        "import json, os, sys\n"
        "root, by, action, *rest = sys.argv[1:]\n"
        "errors = {\n"
        '    "known": {"error": "WorkerLostError", "message": "it died"},\n'
        '    "none": {"error": "UnknownCampaignError", "message": "none"},\n'
        '    "list": {"error": "RecipientListError", "message": "x", "where": "w",\n'
        '             "faults": ["a", "b"]},\n'
        "}\n"
        "answer = {'by': by, 'rest': rest, 'threads': os.environ['OMP_NUM_THREADS']}\n"
        "print(json.dumps(errors.get(action, {'answer': answer})))\n",
        encoding="utf-8",
    )
    with closing(Elsewhere(tmp_path)) as elsewhere:
        assert elsewhere.do("say", "spring", "x y", by="key a") == {
            "by": "key a", "rest": ["spring", "x y"], "threads": "1",
        }  # fmt: skip
        with pytest.raises(WorkerLostError, match="it died"):
            elsewhere.do("known", by="anna")
        with pytest.raises(UnknownCampaignError):
            elsewhere.do("none", by="anna")
        with pytest.raises(RecipientListError) as found:
            elsewhere.do("list", by="anna")
    assert found.value.faults == ("a", "b")


def test_a_process_that_dies_or_hangs_is_told(child: Path, tmp_path: Path) -> None:
    child.write_text("import sys\nsys.exit(9)\n", encoding="utf-8")
    with (
        closing(Elsewhere(tmp_path)) as elsewhere,
        pytest.raises(WorkerLostError, match="exit status 9"),
    ):
        elsewhere.do("plan", by="anna")
    child.write_text("import time\ntime.sleep(600)\n", encoding="utf-8")
    with closing(Elsewhere(tmp_path, deadline_s=0.2)) as elsewhere:
        with pytest.raises(DeadlineError, match="plan"):
            elsewhere.do("plan", by="anna")
        assert not elsewhere._running


def test_a_server_that_ends_ends_what_is_under_way(child: Path, tmp_path: Path) -> None:
    child.write_text("import time\ntime.sleep(600)\n", encoding="utf-8")
    elsewhere, faults = Elsewhere(tmp_path), []

    def plan() -> None:
        try:
            elsewhere.do("plan", by="anna")
        except WorkerLostError as error:
            faults.append(error)

    waiting = threading.Thread(target=plan, daemon=True)
    waiting.start()
    wait_until(lambda: elsewhere._running)
    elsewhere.close()
    waiting.join(30)
    assert not waiting.is_alive()
    assert len(faults) == 1
    with pytest.raises(WorkerLostError, match="ends"):
        elsewhere.do("plan", by="anna")


@pytest.mark.slow
def test_a_list_is_read_in_a_real_process(tmp_path: Path) -> None:
    root = ReleaseSite.create(tmp_path, f"sqlite:///{tmp_path}/mlflow.db").root
    desk = open_campaign_desk(root, by="anna")
    desk.store.create("spring", {**FILE, "campaign": "spring"}, owner="key a")
    rows = tmp_path / "rows.csv"
    rows.write_text(LIST + "r-5,\n", encoding="utf-8")
    with closing(Elsewhere(root)) as elsewhere:
        told = elsewhere.do("recipients", "spring", str(rows), by="key a")
        assert (told["rows"], told["accepted"], told["rejected"]) == (5, 4, 1)
        with pytest.raises(UnknownCampaignError):
            elsewhere.do("recipients", "autumn", str(rows), by="key a")
    assert {event.actor for event in desk.store.events("spring")} == {"key a"}
