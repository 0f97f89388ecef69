"""Phone errors on sentences with readings, counted and printed."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from scripts.text.japanese_readings import edit_distance, main


def test_every_unit_that_differs_counts_once() -> None:
    assert edit_distance("abc", "abc") == 0
    assert edit_distance("abc", "axc") == 1
    assert edit_distance("ab", "abc") == 1
    assert edit_distance("", "abc") == 3


def test_long_vowels_count_alike_however_they_are_spelled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = tmp_path / "cases.tsv.xz"
    lines = "効果がある。\tコウカガアル。\n猫だ。\tイヌダ。\n"
    cases.write_bytes(lzma.compress(lines.encode()))
    main([str(cases), "--show", "1"])
    printed = capsys.readouterr().out
    assert printed.startswith("4 猫だ。 | イヌダ。")
    assert "sentences without an error 50.0% of 2" in printed
