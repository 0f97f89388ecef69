"""What the ledger and the data say about a version, in the words of a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.release.report_decision import count_training, describe_origin, find_speakers
from tests.fakes.dvc_checkout import copy_checkout
from tests.fakes.evidence import make_evidence
from tests.fakes.releases import Story, make_origin
from voxgate.adapters.dvc.data import data_version
from voxgate.errors import EvidenceMissingError
from voxgate.files import digest_file, write_bytes, write_json
from voxgate.release.records import Release
from voxgate.release.states import State
from voxgate.stage import Workspace


def _release(version: str) -> Release:
    origin = make_origin(1, data_version=version)
    return Release(
        version=1, state=State.PENDING, origin=origin, registry_version=7, parent_run_id="run-1"
    )


def test_the_digests_of_the_ledger_are_named() -> None:
    named = dict(describe_origin(Story().registered(1).judged(1).book.require(1)))
    assert named["candidate"] == make_origin(1).candidate_digest
    assert named["verdict"] == "4" * 64
    assert named["run in the registry"] == "run-1"
    assert "recipe" not in named


def test_speakers_are_those_of_the_data_version(tmp_path: Path) -> None:
    root = copy_checkout(tmp_path / "checkout")
    (speaker,) = find_speakers(Workspace(root), _release(data_version(root)))
    assert speaker.speaker_id == "tone"
    with pytest.raises(EvidenceMissingError, match="the voice was trained on 0000"):
        find_speakers(Workspace(root), _release("0000.dir"))


def test_counts_are_those_of_the_voice_or_none(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    table = workspace.stage_dir("featurize") / "clips.parquet"
    write_bytes(table, b"rows")
    counts = {"rows": 9, "accepted": 7, "fixed": 1, "quarantined": 1, "accepted_s": 90.0}
    write_json(workspace.stage_dir("validate") / "report.json", counts)
    evidence = make_evidence(data={"clips_sha256": digest_file(table)})
    found = count_training(workspace, evidence)
    assert (found["accepted"], found["minutes kept"]) == ("7", "1.5")
    with pytest.raises(EvidenceMissingError, match="of other data than this voice"):
        count_training(workspace, make_evidence(data={"clips_sha256": "0" * 64}))
