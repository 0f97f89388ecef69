"""The prompts in other languages than English: their classes, their texts, and their fields."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from scripts.text.prompt_rows import completed_lines
from voxgate.pretraining.speech.corpus_folder import CORPUS_SEED
from voxgate.pretraining.speech.everyday import everyday_sentences, letters_of
from voxgate.text.front_ends import open_front_end
from voxgate.text.phonemes import to_phonemes
from voxgate.text.symbols import symbol_table

ROOT = Path(__file__).parents[2]
LANGUAGES = ("zh", "ja", "yue", "ko")
SPOKEN_BY_THE_TEACHER = ("zh", "ja")
CLASSES = ("plain", "numbers_dates", "names", "long", "questions")
SELECT = dict.fromkeys((*CLASSES, "mixed"), 3) | {"domain": 2}
GATE = dict.fromkeys((*CLASSES, "domain"), 8) | {"mixed": 12, "critical": 12}
LONGEST_SHARED_RUN = 6
UNITS = {"ko-gate-numbers-dates-02"}
"""Prompts whose Latin letters are a unit (96m)."""


def path(language: str) -> Path:
    return ROOT / "benchmark" / f"prompts.{language}.jsonl"


def rows(language: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path(language).read_text(encoding="utf-8").splitlines()]


def runs(letters: str) -> set[str]:
    size = LONGEST_SHARED_RUN + 1
    return {letters[start : start + size] for start in range(len(letters) - size + 1)}


def is_latin(text: str) -> bool:
    return any("a" <= character.lower() <= "z" for character in text)


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
        has_words = is_latin(prompt["text"]) and prompt["id"] not in UNITS
        assert has_words == (prompt["class"] == "mixed"), prompt["id"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_prompt_is_a_case_of_the_front_ends(language: str) -> None:
    texts = {
        letters_of(json.loads(line)["text"])
        for case in (ROOT / "tests" / "cases" / "languages").glob("*.jsonl")
        for line in case.read_text(encoding="utf-8").splitlines()
    }
    assert not [p["id"] for p in rows(language) if letters_of(p["text"]) in texts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_fields_are_what_the_front_end_makes_of_the_texts(language: str) -> None:
    written = path(language).read_text(encoding="utf-8").splitlines()
    assert completed_lines(path(language), open_front_end) == written
    assert all(p["critical"] for p in rows(language) if p["class"] == "critical")


@pytest.mark.parametrize("language", LANGUAGES)
def test_critical_words_stand_in_the_order_in_which_they_are_said(language: str) -> None:
    for prompt in rows(language):
        at = 0
        for word in prompt.get("critical", ()):
            place = prompt["normalised"].find(word, at)
            assert place >= 0, (prompt["id"], word)
            at = place + len(word)


@pytest.mark.parametrize("language", SPOKEN_BY_THE_TEACHER)
def test_no_corpus_of_the_teacher_is_near_a_prompt(language: str) -> None:
    """English words, which both draw from those that everybody uses, are left out."""
    asked = {run: p["id"] for p in rows(language) for run in runs(letters_of(p["text"]))}
    for seed in (1, CORPUS_SEED):
        for sentence in islice(everyday_sentences(seed, language), 1000):
            near = runs(letters_of(sentence.text)) & asked.keys()
            assert not [run for run in near if not is_latin(run)], sentence.text


def test_cantonese_prompts_cover_the_sounds() -> None:
    front_end = open_front_end("yue")
    heard: set[str] = set()
    for prompt in rows("yue"):
        spoken = to_phonemes(prompt["text"], front_end)
        assert not spoken.guessed_words
        if prompt["split"] == "gate":
            heard |= {phone.rstrip("123456") for word in spoken.words for phone in word.phones}
    cantonese = [symbol for symbol in symbol_table("v2").symbols if symbol.startswith("Y")]
    onsets = {symbol for symbol in cantonese if not symbol[-1].isdigit()}
    rimes = {symbol.rstrip("123456") for symbol in cantonese} - onsets
    assert onsets - heard == {"Y"}
    assert len(rimes & heard) >= len(rimes) - 3
