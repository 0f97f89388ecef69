from __future__ import annotations

from typing import Any

import pytest
from scipy.stats import norm

from tests.fakes.evidence import make_calibration
from voxgate.errors import BundleError
from voxgate.gate.calibration import calibration_from_json

RECORD = make_calibration(wer_standard_error=0.004, provenance={"takes": 8})


def test_a_calibration_may_widen_a_margin_and_never_narrows_it() -> None:
    assert RECORD.wer_margin(0.01, confidence=0.95) > 0.01
    assert RECORD.wer_margin(0.05, confidence=0.95) == 0.05
    assert RECORD.similarity_margin(0.05, confidence=0.95) == 0.05


@pytest.mark.parametrize("confidence", [0.95, 0.955, 0.99])
def test_three_criteria_share_the_allowed_failures_of_an_equal_voice(confidence: float) -> None:
    """A normal difference misses the margin in a third of 5 % of the cases."""
    margin = RECORD.wer_margin(0.0, confidence=confidence)
    largest_difference = margin - norm.ppf(confidence) * RECORD.wer_standard_error
    missed = norm.sf(largest_difference / RECORD.wer_standard_error)
    assert 3 * missed == pytest.approx(0.05, abs=1e-3)
    assert margin >= 3.3 * RECORD.wer_standard_error


def test_a_record_survives_its_file() -> None:
    assert calibration_from_json(RECORD.as_json(), where="c.json") == RECORD


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": 2}, "expected a calibration record of schema 1"),
        ({"odd": 1}, "missing or unknown fields: odd"),
        ({"runs": "many"}, "runs: expected a number, got 'many'"),
        ({"provenance": []}, "provenance: expected an object"),
    ],
)
def test_a_broken_record_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BundleError, match=message):
        calibration_from_json({**RECORD.as_json(), **change}, where="c.json")
