from __future__ import annotations

from pathlib import Path

from voxgate.anchor import NOWHERE, Anchor
from voxgate.hash_chain import name_head


def test_the_newest_row_is_remembered_and_an_older_one_changes_nothing(tmp_path: Path) -> None:
    anchor = Anchor(tmp_path / "heads" / "local.txt")
    assert anchor.heads() == ()
    first, second, other = name_head(9, "a" * 64), name_head(10, "b" * 64), name_head(10, "c" * 64)
    for head in (second, first, other):
        anchor.note(head)
    assert anchor.heads() == (second,)


def test_a_file_that_holds_something_else_remembers_nothing(tmp_path: Path) -> None:
    for content in (b"", b"\xff", b"7:abc", b"-1:" + b"a" * 64):
        (tmp_path / "head").write_bytes(content)
        assert Anchor(tmp_path / "head").heads() == ()


def test_without_a_place_nothing_is_remembered() -> None:
    NOWHERE.note(name_head(1, "a" * 64))
    assert NOWHERE.heads() == ()
