from __future__ import annotations

import re
from pathlib import Path

import pytest

from voxgate.corpus.findings import CATALOGUE

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "bad_input.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


def test_the_page_names_tests() -> None:
    assert len(NAMED) > 30


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_each_named_test_exists(path: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_codes_of_the_second_group_exist() -> None:
    named = {"empty_text", "text_is_remark", "remark_in_text", "odd_characters", "high_cer"}
    named |= {"high_edge_cer", "low_alignment", "duplicate_audio", "benchmark_leakage"}
    assert named <= set(CATALOGUE)
    assert all(f"`{code}`" in PAGE for code in named)
