"""docs/drills.md has every bad voice of the drill, with the reasons that the gate must give."""

from __future__ import annotations

import re
from pathlib import Path

from voxgate.evaluation.drills.bad_voices import FAULTS

PAGE = (Path(__file__).parents[2] / "docs" / "drills.md").read_text(encoding="utf-8")
TABLES = PAGE.partition("## The bad voices")[2].partition("\n## ")[0]
ROWS = re.findall(r"^\| (?!fault|-)(.+?) \| .+ \| (.+?) \|$", TABLES, re.MULTILINE)


def test_the_page_has_the_bad_voices_in_their_order() -> None:
    assert [name for name, _ in ROWS] == [fault.name for fault in FAULTS]
    assert f"makes {len(FAULTS)} bad ones" in PAGE


def test_the_page_has_the_reasons_and_says_which_are_all_needed() -> None:
    for fault, (name, reasons) in zip(FAULTS, ROWS, strict=True):
        named = {
            code if code.endswith("_floor") else f"{code}_versus_champion"
            for code in re.findall(r"`(\w+)`", reasons)
        }
        assert named == fault.expected | fault.any_of, name
        assert (" or " in reasons) == (len(fault.any_of) > 1), name
