"""The prompts in Cantonese and Korean, which no recogniser here judges: texts and their fields."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scripts.text.prompt_rows import completed_lines
from voxgate.text.front_ends import open_front_end
from voxgate.text.phonemes import to_phonemes
from voxgate.text.symbols import symbol_table

ROOT = Path(__file__).parents[2]
LANGUAGES = ("yue", "ko")
CLASSES = ("plain", "numbers_dates", "names", "long", "questions")
SELECT = dict.fromkeys((*CLASSES, "mixed"), 3) | {"domain": 2}
GATE = dict.fromkeys((*CLASSES, "domain"), 8) | {"mixed": 12, "critical": 12}
LONGEST_SHARED_RUN = 5
PHONES_PER_SECOND = 10


def path(language: str) -> Path:
    return ROOT / "benchmark" / f"prompts.{language}.jsonl"


def rows(language: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path(language).read_text(encoding="utf-8").splitlines()]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def runs(text: str) -> set[str]:
    size = LONGEST_SHARED_RUN + 1
    return {text[start : start + size] for start in range(len(text) - size + 1)}


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
    prompts = [(prompt["id"], letters(prompt["text"])) for prompt in rows(language)]
    for (one, first), (two, second) in itertools.combinations(prompts, 2):
        shared = (Counter(first) & Counter(second)).total() / max(len(first), len(second))
        assert shared < 0.45, (one, two)
        assert not runs(first) & runs(second), (one, two)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_mixed_prompts_have_english_words(language: str) -> None:
    for prompt in rows(language):
        latin = any("a" <= character.lower() <= "z" for character in prompt["text"])
        units = prompt["id"] == "ko-gate-numbers-dates-02"  # 96m
        assert (latin and not units) == (prompt["class"] == "mixed"), prompt["id"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_prompt_is_a_case_of_the_front_ends(language: str) -> None:
    cases = (ROOT / "tests" / "cases" / "languages").glob("*.jsonl")
    texts = {
        letters(json.loads(line)["text"])
        for case in cases
        for line in case.read_text(encoding="utf-8").splitlines()
    }
    assert not [p["id"] for p in rows(language) if letters(p["text"]) in texts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_critical_words_stand_in_the_order_in_which_they_are_said(language: str) -> None:
    for prompt in rows(language):
        at = 0
        for word in prompt.get("critical", ()):
            place = prompt.get("normalised", prompt["text"]).find(word, at)
            assert place >= 0, (prompt["id"], word)
            at = place + len(word)


def test_fields_are_what_the_front_end_makes_of_the_texts() -> None:
    written = path("yue").read_text(encoding="utf-8").splitlines()
    assert completed_lines(path("yue"), open_front_end) == written
    assert all(p["critical"] for p in rows("yue") if p["class"] == "critical")


def test_cantonese_prompts_are_short_known_and_cover_the_sounds() -> None:
    front_end = open_front_end("yue")
    heard: set[str] = set()
    for prompt in rows("yue"):
        spoken = to_phonemes(prompt["text"], front_end)
        sounds = [phone for word in spoken.words for phone in word.phones]
        assert 1.5 <= len(sounds) / PHONES_PER_SECOND <= 12, prompt["id"]
        assert not spoken.guessed_words
        if prompt["split"] == "gate":
            heard |= {sound.rstrip("123456") for sound in sounds}
    cantonese = [symbol for symbol in symbol_table("v2").symbols if symbol.startswith("Y")]
    onsets = {symbol for symbol in cantonese if not symbol[-1].isdigit()}
    rimes = {symbol.rstrip("123456") for symbol in cantonese} - onsets
    assert onsets - heard == {"Y"}
    assert len(rimes & heard) >= len(rimes) - 3
