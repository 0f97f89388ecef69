from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voxgate.corpus.cutting.decisions import (
    DECISIONS_FILE,
    Decision,
    append_decision,
    read_decisions,
    read_log,
)
from voxgate.errors import CorpusError, StorageError

LINE = '{"clip":"anna/talk/0-1","decision":"%s","by":"bo","at":"2026-01-31T10:00:00Z"}\n'
AT = datetime(2026, 1, 31, 10, tzinfo=UTC)


def write(data_dir: Path, text: str) -> Path:
    path = data_dir / DECISIONS_FILE
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def accept(text: str) -> Decision:
    return Decision(
        clip="anna/talk/0-1", decision="accept", by="bo", at=AT, text=text, trim_ms=(10, 900),
        was={"text": "hallo", "status": "doubtful"},
    )  # fmt: skip


def test_nobody_has_decided_where_there_is_no_file(tmp_path: Path) -> None:
    assert read_decisions(tmp_path) == {}


def test_the_last_decision_about_a_clip_counts(tmp_path: Path) -> None:
    write(tmp_path, LINE % "reject" + LINE % "accept")
    decisions = read_decisions(tmp_path)
    assert decisions["anna/talk/0-1"].accepted


def test_what_was_undone_counts_no_longer_and_stays_in_the_log(tmp_path: Path) -> None:
    write(tmp_path, LINE % "accept" + LINE % "undo")
    assert read_decisions(tmp_path) == {}
    assert [decision.decision for decision in read_log(tmp_path)] == ["accept", "undo"]


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    write(tmp_path, LINE % "accept" + LINE % "maybe")
    with pytest.raises(CorpusError, match="line 2: decision: Input should be"):
        read_decisions(tmp_path)


def test_a_decision_is_added_after_those_that_are_there(tmp_path: Path) -> None:
    path = write(tmp_path, (LINE % "reject").rstrip())  # as some editors leave a file
    # A separator of lines of Unicode ends no line of the file.
    append_decision(tmp_path, accept("a\u2028b \x85 é"))
    append_decision(tmp_path, accept("hello"))
    assert path.read_text(encoding="utf-8").startswith(LINE % "reject")
    assert [decision.text for decision in read_log(tmp_path)] == [None, "a\u2028b \x85 é", "hello"]
    assert read_log(tmp_path)[-1] == accept("hello")


def test_a_linked_copy_of_the_file_stays_as_it_is(tmp_path: Path) -> None:
    """The cache of data versions may hold the same file."""
    path = write(tmp_path, LINE % "reject")
    os.link(path, tmp_path / "cached")
    append_decision(tmp_path, accept("hello"))
    assert (tmp_path / "cached").read_text(encoding="utf-8") == LINE % "reject"


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, LINE % "reject")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(StorageError, match="No space left"):
        append_decision(tmp_path, accept("hello"))
    assert path.read_text(encoding="utf-8") == LINE % "reject"
