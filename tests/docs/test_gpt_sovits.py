"""What the code cites of GPT-SoVITS can be looked up in docs/gpt_sovits.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "gpt_sovits.md").read_text(encoding="utf-8")
SECTIONS = set(re.findall(r"^#{2,3} (\d+(?:\.\d+)?)\b", PAGE, re.MULTILINE))
SOURCES = [
    path for top in ("models", "voxgate", "tasks", "flows") for path in (ROOT / top).rglob("*.py")
]
CITED = sorted(
    (path.relative_to(ROOT).as_posix(), section)
    for path in SOURCES
    for numbers in re.findall(
        r"docs/gpt_sovits\.md ((?:\d+(?:\.\d+)?(?: and | to )?)+)",
        " ".join(path.read_text(encoding="utf-8").split()),
    )
    for section in re.findall(r"\d+(?:\.\d+)?", numbers)
)
TRAINING = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
DEFECTS = TRAINING.partition("### Defects of the public code")[2].partition("\n### ")[0]


def test_the_code_cites_sections() -> None:
    assert len({path for path, _ in CITED}) > 25


@pytest.mark.parametrize(("path", "section"), CITED)
def test_each_citation_leads_to_a_heading(path: str, section: str) -> None:
    assert section in SECTIONS


def test_the_table_of_defects_cites_headings() -> None:
    cited = re.findall(r"\((\d\.\d+)\) \|", DEFECTS)
    assert len(cited) > 8
    assert set(cited) <= SECTIONS


def test_no_citation_leads_to_a_page_that_a_reader_has_not() -> None:
    loose = re.compile(r"\bspec(?:ification)?,?(?: section)? \d", re.IGNORECASE)
    found = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if loose.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
