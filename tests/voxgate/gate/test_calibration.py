from __future__ import annotations

import json
from typing import Any

import pytest
from scipy.stats import t

from tests.fakes.evidence import make_calibration
from voxgate.errors import BundleError
from voxgate.evaluation.sound.catalogue import CATALOGUE
from voxgate.gate.calibration import CALIBRATED, calibration_from_json

RECORD = make_calibration(wer_standard_error=0.004, provenance={"takes": 8})
CONFIDENCES = [0.95, 0.955, 0.99]


def test_a_calibration_may_widen_a_margin_and_never_narrows_it() -> None:
    assert RECORD.margin("wer", 0.01, confidence=0.95) > 0.01
    assert RECORD.margin("wer", 0.05, confidence=0.95) == 0.05
    assert RECORD.margin("similarity", 0.05, confidence=0.95) == 0.05
    assert RECORD.margin("pace", 0.7, confidence=0.95) == 0.7


def missed(name: str, confidence: float) -> float:
    """Return how often Student's difference of equal voices misses one bound of a figure."""
    error, spread = RECORD.standard_errors[name], t(RECORD.prompts - 1)
    largest = RECORD.margin(name, 0.0, confidence=confidence) - spread.ppf(confidence) * error
    return float(spread.sf(largest / error))


@pytest.mark.parametrize("confidence", CONFIDENCES)
def test_wer_may_miss_its_margin_in_a_third_of_the_allowed_failures(confidence: float) -> None:
    assert 3 * missed("wer", confidence) == pytest.approx(0.05, abs=1e-3)
    assert RECORD.margin("wer", 0.0, confidence=confidence) >= 3.3 * RECORD.wer_standard_error


@pytest.mark.parametrize("confidence", CONFIDENCES)
def test_all_other_figures_share_one_third(confidence: float) -> None:
    bounds = {measure.name: 2 if measure.worse == "either" else 1 for measure in CATALOGUE}
    names = [name for name in CALIBRATED if name != "wer" and RECORD.standard_errors[name] > 0.001]
    shares = [missed(name, confidence) for name in names]
    assert shares == pytest.approx([shares[0]] * len(shares), rel=0.05)
    assert shares[0] * (2 + sum(bounds.values())) == pytest.approx(0.05 / 3, rel=0.05)


def test_a_standard_error_falls_as_the_root_of_the_prompts() -> None:
    more = RECORD.for_prompts(240)
    assert (RECORD.prompts, more.prompts) == (60, 240)
    for name, error in RECORD.standard_errors.items():
        assert more.standard_errors[name] == pytest.approx(error / 2), name
    assert more.for_prompts(240) == more
    assert RECORD.for_prompts(30, of=120).wer_standard_error == pytest.approx(0.008)


def test_a_record_survives_its_file() -> None:
    assert calibration_from_json(json.loads(json.dumps(RECORD.as_json())), where="c.json") == RECORD


def test_a_record_of_before_the_sound_is_read_and_says_what_it_lacks() -> None:
    names = ("protocol_digest", "benchmark_digest", "seeds", "runs")
    old = {
        **{name: getattr(RECORD, name) for name in names},
        "schema": 1,
        "wer_standard_error": 0.004,
        "similarity_standard_error": 0.003,
        "provenance": {"prompts": 72},
    }
    record = calibration_from_json(old, where="c.json")
    assert (record.wer_standard_error, record.prompts) == (0.004, 72)
    assert not record.is_sound
    assert record.uncalibrated == CALIBRATED[2:]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": 3}, "expected a calibration record of schema 1 to 2, got 3"),
        ({"odd": 1}, "missing or unknown fields: odd"),
        ({"runs": "many"}, "runs: expected a number, got 'many'"),
        ({"prompts": True}, "prompts: expected a number, got True"),
        ({"provenance": []}, "provenance: expected an object"),
        ({"standard_errors": []}, "standard_errors: expected an object"),
        ({"standard_errors": {"pace": "1"}}, "pace: expected a number, got '1'"),
    ],
)
def test_a_broken_record_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BundleError, match=message):
        calibration_from_json({**RECORD.as_json(), **change}, where="c.json")
