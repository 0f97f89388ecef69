from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from whisper.normalizers import EnglishTextNormalizer

from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.critical import critical_words
from voxgate.evaluation.prompt_texts import words_of
from voxgate.text.front_ends import open_front_end
from voxgate.text.phonemes import to_phonemes
from voxgate.wiring.evaluators import text_normaliser

PATH = Path(__file__).parents[2] / "benchmark" / "prompts.en.jsonl"
PROMPTS: list[dict[str, Any]] = [json.loads(line) for line in PATH.read_text().splitlines()]
CLASSES = {"plain", "numbers_dates", "names", "long", "questions", "domain"}
BLOCKS = {1: 10, 2: 10, 3: 14}
"""How many gate prompts of each of those classes; every block has 12 critical ones beside them."""
CRITICAL = {
    "en-gate-long-17": ("one",),
    "en-gate-critical-35": ("Not", "one", "twelve"),
}
"""Where the file knows better than the rule: a "one" that is written out, and yet a number."""
PHONES_PER_SECOND = 12.5
WHISPER = EnglishTextNormalizer()
ENGLISH = open_front_end("en")


def test_the_select_prompts_are_balanced() -> None:
    counts = Counter(prompt["class"] for prompt in PROMPTS if prompt["split"] == "select")
    assert counts.keys() == CLASSES
    assert all(3 <= count <= 4 for count in counts.values())
    assert counts.total() == 20


def test_every_block_of_the_gate_has_its_number_of_every_class() -> None:
    counts = Counter((p["block"], p["class"]) for p in PROMPTS if p["split"] == "gate")
    expected = {(block, name): count for block, count in BLOCKS.items() for name in CLASSES}
    assert counts == {**expected, **{(block, "critical"): 12 for block in BLOCKS}}
    assert [len(load_benchmark(PATH).of_look(look)) for look in BLOCKS] == [72, 144, 240]


@pytest.mark.parametrize("name", sorted({*CLASSES, "critical"}))
def test_blocks_are_alike_in_length(name: str) -> None:
    means = [
        mean(p["words"] for p in PROMPTS if p.get("block") == block and p["class"] == name)
        for block in BLOCKS
    ]
    assert max(means) - min(means) < (4 if name == "long" else 1.5)


def test_a_drill_of_24_prompts_is_of_the_first_block_and_of_every_class() -> None:
    short = load_benchmark(PATH).shortened(24).of_split("gate")
    assert {prompt.block for prompt in short} == {1}
    counts = Counter(prompt.prompt_class for prompt in short)
    assert counts.keys() == {*CLASSES, "critical"}
    assert set(counts.values()) == {3, 4}


@pytest.mark.parametrize(
    "prompt", [p for p in PROMPTS if p["split"] == "gate"], ids=lambda prompt: prompt["id"]
)
def test_critical_words_are_those_of_the_rule(prompt: dict[str, Any]) -> None:
    ruled = critical_words(prompt["text"], prompt["normalised"], "en")
    assert tuple(prompt["critical"]) == CRITICAL.get(prompt["id"], ruled)
    assert CRITICAL.get(prompt["id"]) != ruled, "no exception any more"


def test_every_critical_prompt_has_a_critical_word() -> None:
    assert all(p["critical"] for p in PROMPTS if p["class"] == "critical")


def test_ids_and_texts_are_unique() -> None:
    assert len({prompt["id"] for prompt in PROMPTS}) == len(PROMPTS)
    assert len({WHISPER(prompt["text"]) for prompt in PROMPTS}) == len(PROMPTS)


def test_no_prompt_repeats_three_words_of_another() -> None:
    runs = [
        set(zip(w, w[1:], w[2:], strict=False))
        for w in (WHISPER(p["text"]).split() for p in PROMPTS)
    ]
    assert not [(a, b) for a, b in itertools.combinations(runs, 2) if a & b]


def test_no_prompt_has_half_of_the_words_of_another() -> None:
    counted = [(p["id"], Counter(words_of(p["normalised"]))) for p in PROMPTS]
    alike = [
        (first, second)
        for (first, a), (second, b) in itertools.combinations(counted, 2)
        if (a & b).total() >= 0.45 * max(a.total(), b.total())
    ]
    assert not alike


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
        ("This canal", "This canal opened in 1964 and is eight hundred and twenty feet long."),
        ("A new pair", "A new pair of boots costs 139 dollars in this store."),
        ("The expedition", "The expedition set out on the second of May 1987."),
        ("The factory", "The factory has made 2400 scooters since the first of January."),
        ("She scored", "She scored 88 points out of 100 on the exam."),
        ("Rent went", "Rent went up by 7% in August."),
        ("The flight to", "The flight to Oslo leaves from Gate 17, not Gate 70."),
        ("Mr. Alvarez", "mister alvarez wired fifteen hundred dollars to the wrong account"),
        (
            "The landlord",
            "The landlord wants nine hundred and thirty five dollars by the 4th of April.",
        ),
        ("They closed", "They closed the border on the 28th of February nineteen forty six."),
        ("Turn left", "Turn left at the 2nd light, and do not cross the bridge."),
        ("My uncle Roger", "My uncle Roger owes Arthur exactly 1000 dollars."),
        ("Dr. Patel", "doctor patel asked jonathan to bring the reports on thursday"),
    ],
)
def test_spellings_of_a_perfect_transcript_score_no_error(start: str, heard: str) -> None:
    (prompt,) = [prompt for prompt in PROMPTS if prompt["text"].startswith(start)]
    assert WHISPER(heard) == WHISPER(prompt["normalised"])


@pytest.mark.parametrize(("split", "block"), [("select", None), *(("gate", n) for n in BLOCKS)])
def test_prompts_are_short_known_and_cover_all_phonemes(split: str, block: int | None) -> None:
    heard: set[str] = set()
    for prompt in PROMPTS:
        if (prompt["split"], prompt.get("block")) != (split, block):
            continue
        spoken = to_phonemes(prompt["text"], ENGLISH)
        sounds = [phone for word in spoken.words for phone in word.phones]
        assert 1.5 <= len(sounds) / PHONES_PER_SECOND <= 12, prompt["id"]
        assert not spoken.guessed_words
        heard |= {sound.rstrip("012") for sound in sounds}
    assert len(heard) == 39
