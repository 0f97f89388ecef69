from __future__ import annotations

from collections import Counter
from pathlib import Path

from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.data_shape.comparison import compare_versions
from voxgate.evaluation.data_shape.figures import describe_version
from voxgate.evaluation.data_shape.texts import count_texts
from voxgate.reporting.data_shape import render_data_shape

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_draws_what_is_known_names_what_is_not_and_escapes_all() -> None:
    benchmark = load_benchmark(ROOT / "benchmark" / "prompts.en.jsonl")
    said = Counter({("Why?", "en"): 1, ("One.", "en"): 1})
    texts = count_texts(said, phones_of=lambda text, _: list(text), language="en")
    versions = [
        describe_version(
            texts,
            {"snr_db": [snr, snr + 3]},
            version=name,
            source="listed",
            missing=["<b>nothing</b>"],
        )
        for name, snr in (("old", 30.0), ("new", 40.0))
    ]
    old, new = versions
    page = render_data_shape(compare_versions(old, new, benchmark), changes="<script>1</script>")
    assert page.count("<svg") == 2  # the slices, and the one measure that is known
    assert "signal to noise" in page
    assert "old 31.5 [" in page
    assert "Known of no clip: rate, pitch" in page
    assert "class:questions 1 → 1" in page
    assert "<script" not in page
    assert "<b>nothing" not in page
