"""What single samples are like, and what nobody measured."""

from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.evidence import make_evidence
from voxgate.reporting.spread import find_spreads, quantile


def test_quantiles_are_those_of_numpy() -> None:
    values = sorted(float(v) for v in np.random.default_rng(1).normal(size=31))
    for share in (0.0, 0.05, 0.5, 0.95, 1.0):
        assert quantile(values, share) == pytest.approx(float(np.quantile(values, share)))


def test_words_are_summed_by_prompt() -> None:
    evidence = make_evidence(prompts=2, row=lambda p, k: {"word_errors": p * k})
    spreads, _ = find_spreads({"challenger": evidence})
    assert spreads[0].values["challenger"] == (0.0, 0.1)


def test_a_measure_appears_when_one_voice_has_it() -> None:
    silent = make_evidence(row=lambda p, k: {"sound": {}})
    heard = make_evidence(
        row=lambda p, k: {"sound": {"pace": 14.0 + k, "pause_s": None}},
        ceiling={"sound": {"pace": {"p5": 12.0, "p50": 14.0, "p95": 16.0}}},
    )
    spreads, absent = find_spreads({"challenger": heard, "champion": silent})
    [pace] = [spread for spread in spreads if spread.name == "pace"]
    assert (pace.note, pace.real["p50"]) == ("worse on either side", 14.0)
    assert pace.values["champion"] == ()
    assert pace.values["challenger"][0] == 14.0
    assert "longest pause between words" in absent
