from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flows.reports.data import count_added, describe_addition, describe_difference
from voxgate.adapters.dvc.diff import DataDiff
from voxgate.adapters.dvc.tree import TreeDiff
from voxgate.corpus.addition import Addition


def test_a_long_list_of_recordings_is_cut() -> None:
    names = tuple(f"anna/{number:02}" for number in range(22))
    found = DataDiff(
        old_version="a" * 32,
        new_version="b" * 32,
        files=TreeDiff(),
        added=names,
        changed=(),
        removed=(),
    )
    lines = describe_difference(found).splitlines()
    assert lines[:3] == ["data aaaaaaaa -> bbbbbbbb", "recordings added: 22", "  anna/00"]
    assert lines[21:] == [
        "  anna/19",
        "  ... and 2 more (--json lists all)",
        "recordings changed: 0",
        "recordings removed: 0",
        f"files: {found.files.describe(limit=3)}",
    ]


def test_what_was_not_added_is_said_and_nothing_new_asks_for_no_commit() -> None:
    addition = Addition(
        recordings=(),
        consents={},
        copies={},
        removed=frozenset(),
        added=0,
        replaced=0,
        unchanged=3,
        unlisted=tuple(f"{number}.wav" for number in range(6)),
        other_speakers=1,
    )
    assert count_added(addition)["of_other_speakers"] == 1
    assert describe_addition(addition).splitlines() == [
        "0 added, 0 replaced, 3 unchanged; 0 without a text, 1 lines of other speakers left out",
        "6 audio files are in no line of the list: 0.wav, 1.wav, 2.wav, 3.wav, 4.wav",
    ]
    some = replace(addition, copies={"anna/one.wav": Path("one.wav")})
    assert describe_addition(some).endswith("voxgate data commit")
