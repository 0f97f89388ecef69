from __future__ import annotations

import re
from pathlib import Path

import pytest

from voxgate.corpus.validation.findings import CATALOGUE

ROOT = Path(__file__).parents[2]
BAD_INPUT = (ROOT / "docs" / "bad_input.md").read_text(encoding="utf-8")
ACCEPTANCE = (ROOT / "docs" / "acceptance.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", BAD_INPUT + ACCEPTANCE)))
FILES = sorted(set(re.findall(r"`(tests/[\w/]+(?:\.py)?)/?`", ACCEPTANCE)))
LINKS = sorted(
    (page.relative_to(ROOT).as_posix(), target)
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
)


def test_the_pages_name_tests() -> None:
    assert len(NAMED) > 40


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_each_named_test_exists(path: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES)
def test_each_named_file_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(("page", "target"), LINKS)
def test_each_link_leads_somewhere(page: str, target: str) -> None:
    assert ((ROOT / page).parent / target).exists()


def test_codes_of_the_second_group_exist() -> None:
    named = {"empty_text", "text_is_remark", "remark_in_text", "odd_characters", "high_cer"}
    named |= {"high_edge_cer", "low_alignment", "duplicate_audio", "benchmark_leakage"}
    assert named <= set(CATALOGUE)
    assert all(f"`{code}`" in BAD_INPUT for code in named)
