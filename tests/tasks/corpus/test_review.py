"""Decisions of one reviewer and of two, before and after the recording is imported anew."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.fakes.review_site import TEXTS, create_review_site, enter_review, publish_spoken
from voxgate.corpus.cutting.decisions import read_log
from voxgate.corpus.manifest import read_manifest
from voxgate.corpus.reviewing.answers import Answer
from voxgate.errors import CorpusError
from voxgate.stage import Workspace

REJECT = Answer(decision="reject", seen=0)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_review_site(tmp_path / "checkout")


def _texts(workspace: Workspace) -> list[str]:
    return [recording.text for recording in read_manifest(workspace.manifest)]


def test_the_manifest_follows_the_decisions_when_the_review_ends(workspace: Workspace) -> None:
    room = enter_review(workspace)
    room.decide(0, Answer(decision="accept", text="written by ear", trim_ms=(100, 900), seen=0))
    room.decide(3, REJECT)
    assert _texts(workspace) == ["this one is kept", "another one is kept too"]
    assert room.close() == {"accepted": 1, "rejected": 1, "open": 2, "misfits": 0}
    assert _texts(workspace) == ["written by ear", "another one is kept too"]


def test_decisions_of_a_review_that_was_killed_count_when_the_next_begins(
    workspace: Workspace,
) -> None:
    enter_review(workspace).decide(3, REJECT)
    room = enter_review(workspace)
    assert room.overview()["states"] == ["open", "open", "open", "reject", "open"]
    assert _texts(workspace) == ["another one is kept too"]


def test_what_is_taken_back_is_open_again(workspace: Workspace) -> None:
    room = enter_review(workspace)
    room.decide(0, REJECT)
    told = room.decide(0, Answer(decision="undo", seen=1))
    assert (told["clip"]["decision"], told["states"][0]) == (None, "open")
    assert [decision.decision for decision in read_log(workspace.data_dir)] == ["reject", "undo"]


def test_of_two_reviewers_the_second_is_told_what_the_first_has_decided(
    workspace: Workspace,
) -> None:
    anna, bo = enter_review(workspace), enter_review(workspace, name="bo")
    bo.decide(0, REJECT)
    with pytest.raises(CorpusError, match="bo on studio has rejected this clip meanwhile"):
        anna.decide(0, REJECT)
    assert anna.clip(0)["decision"]["by"] == "bo on studio"
    anna.decide(0, Answer(decision="accept", text="no, it is good", seen=1))
    assert anna.overview()["states"][0] == "accept"


def test_two_reviewers_at_once_lose_nothing(workspace: Workspace) -> None:
    rooms = [enter_review(workspace, name=name) for name in ("anna", "bo")]

    def reject_all(room, numbers) -> None:
        for number in numbers:
            room.decide(number, REJECT)

    threads = [
        threading.Thread(target=reject_all, args=(room, range(first, 5, 2)))
        for first, room in enumerate(rooms)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = read_log(workspace.data_dir)
    assert len({decision.clip for decision in log}) == len(log) == 5


def test_decisions_outlive_another_import_and_those_that_no_longer_fit_are_listed(
    workspace: Workspace,
) -> None:
    room = enter_review(workspace)
    room.decide(0, Answer(decision="accept", text="by ear", seen=0))
    room.decide(4, REJECT)
    publish_spoken(workspace, TEXTS)
    assert enter_review(workspace).close()["misfits"] == 0
    assert "by ear" in _texts(workspace)

    publish_spoken(workspace, TEXTS, room_s=0.3)
    again = enter_review(workspace)
    misfits = again.overview()["misfits"]
    assert [(misfit["decision"], misfit["text"]) for misfit in misfits] == [
        ("accept", "by ear"), ("reject", None),
    ]  # fmt: skip
    assert again.close() == {"accepted": 0, "rejected": 0, "open": 3, "misfits": 2}
    assert "by ear" not in _texts(workspace)

    publish_spoken(workspace, TEXTS)
    assert enter_review(workspace).close()["misfits"] == 0
    assert "by ear" in _texts(workspace)


def test_an_import_under_an_open_page_takes_no_more_answers(workspace: Workspace) -> None:
    room = enter_review(workspace)
    publish_spoken(workspace, TEXTS, room_s=0.3)
    with pytest.raises(CorpusError, match="was imported anew while this page was open"):
        room.decide(0, REJECT)
    assert read_log(workspace.data_dir) == []


def test_without_an_import_there_is_nothing_to_review(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="expected clips of an imported recording, found none"):
        enter_review(Workspace(tmp_path))
