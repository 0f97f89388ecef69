from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.fakes.releases import Story
from voxgate.release.anchor import Anchor
from voxgate.release.events import parse_row


def test_the_newest_event_is_remembered_and_an_older_one_changes_nothing(tmp_path: Path) -> None:
    anchor = Anchor(tmp_path / "heads" / "local.txt")
    assert anchor.heads() == ()
    first, second = (parse_row(row) for row in Story().registered(1).judged(1).rows)
    for event in (second, first, replace(second, digest="0" * 64)):
        anchor.note(event)
    assert anchor.heads() == (second.head,)


def test_a_file_that_holds_something_else_remembers_nothing(tmp_path: Path) -> None:
    for content in (b"", b"\xff", b"7:abc", b"-1:" + b"a" * 64):
        (tmp_path / "head").write_bytes(content)
        assert Anchor(tmp_path / "head").heads() == ()
