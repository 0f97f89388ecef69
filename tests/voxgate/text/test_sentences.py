from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxgate.errors import TextError
from voxgate.text.sentences import cut, cut_names, divide, sentences, split_long

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "gpt_sovits_text.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    "case", GOLDEN["cuts"], ids=lambda case: f"{case['method']} {case['in'][:9]}"
)
def test_cuts_are_those_of_upstream(case: dict[str, Any]) -> None:
    assert "\n".join(cut(case["in"], case["method"])) == case["out"]


@pytest.mark.parametrize("case", GOLDEN["split_big_text"], ids=["600 characters"])
def test_long_texts_are_split_as_upstream_splits_them(case: dict[str, Any]) -> None:
    assert [len(part) for part in split_long(case["in"])] == case["out_lens"]


def test_long_groups_are_cut() -> None:
    nine = ",".join("abcdefghi")
    assert cut(nine, "cut1") == ["a,b,c,d,", "e,f,g,h,i"]
    assert cut("x" * 60 + "," + "y" * 60 + ".", "cut2") == ["x" * 60 + ",", "y" * 60 + "."]


def test_unknown_rule_names_the_known_ones() -> None:
    with pytest.raises(TextError, match="no cutting rule 'cut9'; there are: cut0, cut1, "):
        cut("hi", "cut9")  # type: ignore[arg-type]


def test_sentences_keep_decimals_and_join_tiny_ones() -> None:
    assert sentences("Hi. How are you? It is 3.5. Well… fine!") == [
        "Hi. How are you?",
        "It is 3.5.",
        "Well…",
        "fine!",
    ]


@given(st.text(alphabet="ab .,!?…", max_size=200), st.integers(min_value=5, max_value=40))
def test_no_letter_is_lost_and_no_part_is_too_long(text: str, limit: int) -> None:
    parts = sentences(text, max_characters=limit)
    assert all(len(part) <= limit for part in parts)
    letters = "".join(parts).replace(" ", "")
    assert [c for c in letters if c in "ab"] == [c for c in text if c in "ab"]


TO_DIVIDE = (
    "Bring it, go on. Pi is 3.14! 去。再, a, b, c, and then comes a rather longer piece of it."
)


@pytest.mark.parametrize(
    ("way", "rule"), [(name, f"cut{n}") for n, name in enumerate(cut_names()[1:])]
)
def test_the_named_ways_are_upstreams_rules_in_order(way: Any, rule: Any) -> None:
    assert divide(TO_DIVIDE, way) == [part.strip() for part in cut(TO_DIVIDE, rule)]


def test_the_first_way_is_our_own() -> None:
    assert cut_names()[0] == "sentences"
    assert divide(TO_DIVIDE, "sentences") == sentences(TO_DIVIDE)


def test_no_way_leaves_a_piece_too_long() -> None:
    pieces = divide("word " * 300, "nothing")
    assert len(pieces) == 3
    assert max(map(len, pieces)) <= 510
