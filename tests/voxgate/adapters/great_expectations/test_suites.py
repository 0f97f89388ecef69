"""Great Expectations passes empty frames, all-null columns and empty suites; we do not."""

import os

import numpy as np
import pandas as pd
import pytest

from voxgate.adapters.great_expectations.suites import run_suites
from voxgate.corpus.validation.expectations import Expectation, Suite
from voxgate.errors import EvaluatorError

RANGE = Expectation(kind="between", column="cer", minimum=0.0, maximum=0.3)
FILLED = Expectation(kind="not_null", column="cer")
SOME = Expectation(kind="row_count", minimum=1)


def run(frame, expectations, docs_dir):
    suite = Suite(name="clips", rows="all", expectations=tuple(expectations))
    return run_suites([suite], {"all": frame}, docs_dir=docs_dir)[0]


def test_a_good_frame_passes_and_leaves_readable_pages(tmp_path):
    frame = pd.DataFrame({"cer": [0.0, 0.1], "status": ["fixed", "accepted"]})
    checks = [
        SOME,
        FILLED,
        RANGE,
        Expectation(kind="unique", column="cer"),
        Expectation(kind="in_set", column="status", values=("accepted", "fixed")),
    ]
    result = run(frame, checks, tmp_path / "docs")
    assert result.passed, result.failures()
    assert "clips" in (tmp_path / "docs" / "index.html").read_text(encoding="utf-8")
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


@pytest.mark.parametrize(
    ("frame", "expectation", "seen"),
    [
        ({"cer": [0.1, 0.9]}, RANGE, "1 unexpected of 2 values"),
        ({"cer": [0.1, np.nan]}, FILLED, "1 unexpected of 2 values, 1 null"),
        ({"cer": [0.1, 0.1]}, Expectation(kind="unique", column="cer"), "2 unexpected"),
        ({"cer": ["a"]}, Expectation(kind="in_set", column="cer", values=("b",)), "1 unexpected"),
        ({"cer": [0.1]}, Expectation(kind="row_count", minimum=2), "1 rows"),
    ],
)
def test_each_kind_of_check_fires(frame, expectation, seen, tmp_path):
    result = run(pd.DataFrame(frame), [expectation], tmp_path)
    assert not result.passed
    assert seen in result.failures()[0]


def test_a_range_over_an_all_null_column_is_a_failure(tmp_path):
    result = run(pd.DataFrame({"cer": [np.nan, np.nan]}), [RANGE], tmp_path)
    assert result.results[0].success  # the library's own opinion
    assert not result.passed


@pytest.mark.parametrize("expectation", [RANGE, FILLED])
def test_any_check_over_an_empty_frame_is_a_failure(expectation, tmp_path):
    result = run(pd.DataFrame({"cer": pd.Series([], dtype=float)}), [expectation], tmp_path)
    assert result.results[0].success  # the library's own opinion
    assert not result.passed


def test_an_empty_frame_fails_the_row_count(tmp_path):
    result = run(pd.DataFrame({"cer": pd.Series([], dtype=float)}), [SOME], tmp_path)
    assert not result.results[0].success


def test_an_empty_suite_is_a_failure(tmp_path):
    assert not run(pd.DataFrame({"cer": [0.1]}), [], tmp_path).passed


def test_a_missing_column_is_an_error_not_a_result(tmp_path):
    with pytest.raises(EvaluatorError, match="expected columns cer"):
        run(pd.DataFrame({"wer": [0.1]}), [RANGE], tmp_path)


def test_a_page_shows_a_few_of_many_unexpected_values(tmp_path):
    frame = pd.DataFrame({"cer": np.arange(3_000) + 7_000.5, "status": ["strange"] * 3_000})
    frame["status"] += frame.index.astype(str)
    allowed = Expectation(kind="in_set", column="status", values=("accepted", "fixed"))
    result = run(frame, [RANGE, allowed, Expectation(kind="unique", column="status")], tmp_path)
    assert "3000 unexpected of 3000 values" in result.failures()[0]
    (page,) = (tmp_path / "validations").rglob("*.html")
    text = page.read_text(encoding="utf-8")
    assert 0 < text.count("strange") <= 40
    assert len(text) < 60_000
