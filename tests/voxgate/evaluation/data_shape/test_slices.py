from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.data_shape.slices import SliceExamples, count_examples
from voxgate.evaluation.data_shape.texts import count_texts

ROOT = Path(__file__).resolve().parents[4]
SHIPPED = load_benchmark(ROOT / "benchmark" / "prompts.en.jsonl")


def _examples(texts: Sequence[str]) -> list[SliceExamples]:
    texts_of = Counter((text, "en") for text in texts)
    counted = count_texts(texts_of, phones_of=lambda *_: (), language="en")
    return count_examples(SHIPPED, counted.forms, counted.words)


def test_the_parts_are_those_of_the_gate() -> None:
    names = {row.name for row in _examples([])}
    assert {"class:questions", "class:long", "length:short"} <= names


def test_a_class_is_known_by_the_form_that_its_prompts_share() -> None:
    found = {row.name: row for row in _examples(["Where is it?", "It is 7 here."])}
    assert found["class:questions"].traits == ("question",)
    assert found["class:questions"].examples == 1
    assert found["class:numbers_dates"].examples == 1
    assert found["class:long"].examples == 0
    assert found["length:short"].examples == 2


def test_a_class_without_a_form_is_known_by_its_words_and_sorted_last() -> None:
    plain = next(p for p in SHIPPED.prompts if (p.prompt_class, p.split) == ("plain", "gate"))
    rows = _examples([plain.text])
    found = next(row for row in rows if row.name == "class:plain")
    assert (found.examples, found.traits) == (None, ())
    assert 0 < found.covered < 1
    ranked = [row.examples is None for row in sorted(rows, key=lambda row: row.rank)]
    assert ranked == sorted(ranked)


def test_a_name_begins_no_sentence() -> None:
    texts = ["The line. Please wait.", "Ask for Vincent."]
    found = {row.name: row for row in _examples(texts)}
    assert found["class:names"].examples == 1
