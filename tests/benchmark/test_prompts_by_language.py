"""The prompts in Chinese and Japanese: how many of each class, and that none is near another."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from voxgate.pretraining.speech.corpus_folder import CORPUS_SEED
from voxgate.pretraining.speech.everyday import everyday_sentences, letters_of

BENCHMARK = Path(__file__).parents[2] / "benchmark"
LANGUAGES = ("zh", "ja")
CLASSES = ("plain", "numbers_dates", "names", "long", "questions")
SELECT = dict.fromkeys((*CLASSES, "mixed"), 3) | {"domain": 2}
GATE = dict.fromkeys((*CLASSES, "domain"), 8) | {"mixed": 12, "critical": 12}
LONGEST_SHARED_RUN = 6


def rows(language: str) -> list[dict[str, Any]]:
    lines = (BENCHMARK / f"prompts.{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_class_has_its_prompts(language: str) -> None:
    prompts = rows(language)
    counts = Counter((prompt["split"], prompt["class"]) for prompt in prompts)
    expected = {("select", name): count for name, count in SELECT.items()}
    assert counts == expected | {("gate", name): count for name, count in GATE.items()}
    assert all(
        prompt.get("block") == (1 if prompt["split"] == "gate" else None) for prompt in prompts
    )
    assert len({prompt["id"] for prompt in prompts}) == len(prompts) == 92


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_prompt_is_near_another(language: str) -> None:
    prompts = [(prompt["id"], letters_of(prompt["text"])) for prompt in rows(language)]
    for (one, first), (two, second) in itertools.combinations(prompts, 2):
        shared = (Counter(first) & Counter(second)).total() / max(len(first), len(second))
        assert shared < 0.5, (one, two)
        assert not runs(first) & runs(second), (one, two)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_mixed_prompts_have_english_words(language: str) -> None:
    for prompt in rows(language):
        latin = any("a" <= character.lower() <= "z" for character in prompt["text"])
        assert latin == (prompt["class"] == "mixed"), prompt["id"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_corpus_of_the_teacher_is_near_a_prompt(language: str) -> None:
    """English words, which both draw from those that everybody uses, are left out."""
    asked = {run: p["id"] for p in rows(language) for run in runs(letters_of(p["text"]))}
    for seed in (1, CORPUS_SEED):
        for sentence in islice(everyday_sentences(seed, language), 1000):
            near = [run for run in runs(letters_of(sentence.text)) & asked.keys() if not latin(run)]
            assert not near, (sentence.text, near)


def runs(letters: str) -> set[str]:
    size = LONGEST_SHARED_RUN + 1
    return {letters[start : start + size] for start in range(len(letters) - size + 1)}


def latin(text: str) -> bool:
    return any("a" <= character <= "z" for character in text)
