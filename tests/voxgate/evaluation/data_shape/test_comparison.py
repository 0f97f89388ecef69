from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.data_shape.comparison import DataShape, compare_versions
from voxgate.evaluation.data_shape.figures import VersionFigures, describe_version
from voxgate.evaluation.data_shape.texts import count_texts

ROOT = Path(__file__).resolve().parents[4]
BENCHMARK = load_benchmark(ROOT / "benchmark" / "prompts.en.jsonl")


def _version(name: str, texts: list[str], **figures: float) -> VersionFigures:
    counted = count_texts(
        Counter((text, "en") for text in texts),
        phones_of=lambda text, _: list(text.lower()),
        language="en",
    )
    values = {key: [value + n for n in range(len(texts))] for key, value in figures.items()}
    return describe_version(counted, values, version=name, source="validated")


def _shape() -> DataShape:
    old = _version("old", ["Is it open?", "ab"], snr_db=30.0)
    new = _version("new", ["ab", "abc", "zz"], snr_db=40.0, pitch_hz=100.0)
    return compare_versions(old, new, BENCHMARK, wanted=["a", "q"], notes=["a note"])


def test_distributions_words_and_phones_of_both() -> None:
    found = _shape()
    old, new = found.distributions["snr_db"]
    assert (old.count, old.median, new.count, new.median) == (2, 30.5, 3, 41.0)
    assert (new.p5, new.p95) == (40.1, 41.9)
    assert found.distributions["pitch_hz"][0].median is None
    assert found.words.only_new == ("abc", "zz")
    assert found.words.only_old == ("is", "it", "open")
    assert found.phones.unsaid == ("q",)
    assert found.phones.rare[0] == "c"


def test_slices_with_the_fewest_examples_come_first() -> None:
    counted = [new.examples for _, new in _shape().slices if new.examples is not None]
    assert counted == sorted(counted)
    questions = next(pair for pair in _shape().slices if pair[1].name == "class:questions")
    assert [part.examples for part in questions] == [1, 0]


def test_the_json_has_no_text_of_anybody() -> None:
    text = json.dumps(_shape().as_json())
    assert "Is it open?" not in text
    assert json.loads(text)["new"]["clips"] == 3
