"""Nothing that a voice was made of, chosen by or compared with is near what judges it."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.prompt_texts import words_of
from voxgate.pretraining.speech.generate import Plan
from voxgate.pretraining.speech.sentences import sentences
from voxgate.text.leakage import find_leaks

ROOT = Path(__file__).parents[2]
BENCHMARK = load_benchmark(ROOT / "benchmark" / "prompts.en.jsonl")
PRETRAINED_ON = 1008
"""The first sentences of the plan, which the base in base/mini was trained on
(docs/pretraining_data.md)."""


def _corpus() -> list[str]:
    path = ROOT / "data" / "manifest.csv"
    if not path.is_file():
        reason = "data/manifest.csv is missing: run `make setup` (or `voxgate corpus fetch`)"
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail(reason)
        pytest.skip(reason)
    with path.open(encoding="utf-8", newline="") as stream:
        return [row["text"] for row in csv.DictReader(stream)]


def _self_test() -> list[str]:
    lines = (ROOT / "benchmark" / "speakers" / "index.jsonl").read_text(encoding="utf-8")
    return [json.loads(line)["text"] for line in lines.splitlines()]


def _pretraining() -> list[str]:
    return [sentence.text for sentence in islice(sentences(Plan().seed), PRETRAINED_ON)]


def _select() -> list[str]:
    return [prompt.text for prompt in BENCHMARK.of_split("select")]


@pytest.mark.parametrize(
    ("read", "runs", "words"),
    [(_corpus, 0.0, 0.5), (_select, 0.0, 0.45), (_self_test, 0.2, 0.55), (_pretraining, 0.35, 0.6)],
)
def test_no_text_is_near_a_prompt_of_any_block(
    read: Callable[[], list[str]], runs: float, words: float
) -> None:
    """`runs`: of a prompt's runs of four words, in one text; `words`: in common, in any order.

    What was written by templates begins alike ("Have you ever tasted ..."), hence the shares.
    """
    texts = read()
    assert texts
    prompts = BENCHMARK.of_look(BENCHMARK.blocks)
    leaks = find_leaks(texts, [p.text for p in prompts], language="en", minimum=0.0)
    assert not [
        (texts[leak.text_index], prompts[leak.prompt_index].id)
        for leak in leaks
        if leak.overlap > runs
    ]
    asked = [(prompt.id, Counter(words_of(prompt.normalised))) for prompt in prompts]
    assert not [
        (text, prompt_id)
        for text, own in ((text, Counter(words_of(text))) for text in texts)
        for prompt_id, others in asked
        if _shared(own, others) > words
    ]


def _shared(own: Counter[str], asked: Counter[str]) -> float:
    both = sum(min(count, asked[word]) for word, count in own.items() if word in asked)
    return both / max(own.total(), asked.total())
