from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from whisper.normalizers import EnglishTextNormalizer

from voxgate.text.front_ends import open_front_end
from voxgate.text.leakage import overlap
from voxgate.text.phonemes import to_phonemes
from voxgate.wiring.evaluators import text_normaliser

PATH = Path(__file__).parents[2] / "benchmark" / "prompts.en.jsonl"
PROMPTS: list[dict[str, Any]] = [json.loads(line) for line in PATH.read_text().splitlines()]
CLASSES = {"plain", "numbers_dates", "names", "long", "questions", "domain"}
PHONES_PER_SECOND = 12.5
WHISPER = EnglishTextNormalizer()
ENGLISH = open_front_end("en")


def test_both_splits_are_large_enough_and_balanced() -> None:
    counts = Counter((prompt["split"], prompt["class"]) for prompt in PROMPTS)
    assert {split for split, _ in counts} == {"select", "gate"}
    assert all(counts["gate", name] == 12 for name in CLASSES)
    assert all(3 <= counts["select", name] <= 4 for name in CLASSES)
    assert len(PROMPTS) == 92


def test_ids_and_texts_are_unique() -> None:
    assert len({prompt["id"] for prompt in PROMPTS}) == len(PROMPTS)
    assert len({WHISPER(prompt["text"]) for prompt in PROMPTS}) == len(PROMPTS)


def test_no_prompt_repeats_three_words_of_another() -> None:
    runs = [
        set(zip(w, w[1:], w[2:], strict=False))
        for w in (WHISPER(p["text"]).split() for p in PROMPTS)
    ]
    assert not [(a, b) for a, b in itertools.combinations(runs, 2) if a & b]


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: prompt["id"])
def test_reference_is_the_spoken_text_and_scores_no_error_against_itself(
    prompt: dict[str, Any],
) -> None:
    spoken = prompt["normalised"]
    assert spoken == ENGLISH.normalise(prompt["text"])
    assert prompt["words"] == len(re.findall(r"[A-Za-z'-]+", spoken))
    for compared in (text_normaliser(), WHISPER):
        for heard in (
            prompt["text"],
            spoken.lower(),
            spoken.replace("-", " "),
            re.sub(r"[,.?!]", "", spoken),
        ):
            assert compared(heard) == compared(spoken)


@pytest.mark.parametrize(
    ("start", "heard"),
    [
        ("The museum", "The museum is closed from twelve to two on weekdays"),
        ("Her flight", "Her flight lands on the 14th of March 2026, about an hour before midnight"),
        ("The repair", "the repair cost 85 dollars, which was less than we had feared"),
        ("The meeting", "The meeting was moved from Monday to Tuesday the eighth."),
        ("About 40", "About 40% of the students walk to school."),
        ("The tower", "The tower is 96 metres high and was finished in nineteen thirty one."),
        ("They sold", "They sold three hundred and fifty tickets in less than twenty minutes."),
        ("The train", "The train to the coast leaves from Platform seven in twenty five minutes"),
        ("The population", "The population grew from twelve hundred to 15000 in a decade."),
        ("He ran", "He ran the race in forty-seven minutes and finished 3rd."),
        ("Water", "Water covers about seventy one per cent of the planet."),
        ("Dr. Patel", "doctor patel asked jonathan to bring the reports on thursday"),
    ],
)
def test_spellings_of_a_perfect_transcript_score_no_error(start: str, heard: str) -> None:
    (prompt,) = [prompt for prompt in PROMPTS if prompt["text"].startswith(start)]
    assert WHISPER(heard) == WHISPER(prompt["normalised"])


@pytest.mark.parametrize("split", ["select", "gate"])
def test_prompts_are_short_known_and_cover_all_phonemes(split: str) -> None:
    heard: set[str] = set()
    for prompt in PROMPTS:
        if prompt["split"] != split:
            continue
        spoken = to_phonemes(prompt["text"], ENGLISH)
        sounds = [phone for word in spoken.words for phone in word.phones]
        assert 1.5 <= len(sounds) / PHONES_PER_SECOND <= 12, prompt["id"]
        assert not spoken.guessed_words
        heard |= {sound.rstrip("012") for sound in sounds}
    assert len(heard) == 39


def test_select_and_gate_do_not_leak_into_each_other() -> None:
    gate = [prompt["text"] for prompt in PROMPTS if prompt["split"] == "gate"]
    select = [prompt["text"] for prompt in PROMPTS if prompt["split"] == "select"]
    assert all(overlap(text, gate, language="en") == 0 for text in select)
