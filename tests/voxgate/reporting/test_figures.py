"""The figures of all voices beside each other."""

from __future__ import annotations

from tests.fakes.reported import make_case
from voxgate.gate.verdict import judge
from voxgate.reporting.figures import bounds_of, find_figures


def test_each_voice_has_its_interval_and_the_challenger_its_limit() -> None:
    case = make_case()
    verdict = judge(case)
    figures, silent = find_figures(case, verdict)
    by_name = {figure.name: figure for figure in figures}
    assert silent == ()
    assert verdict.figures is not None
    assert by_name["wer"].values["challenger"] == verdict.figures["wer"]
    assert by_name["wer"].limits == (case.thresholds.max_wer,)
    assert by_name["cer"].limits == ()
    assert by_name["level_lufs"].limits == (-30.0, -14.0)
    # As faultless as the share of strangers is, and yet not held to its limit.
    assert by_name["clipped_share"].limits == (0.0012,)
    assert by_name["similarity"].strangers == 0.55
    gold, challenger = (by_name["similarity"].values[w] for w in ("gold", "challenger"))
    assert gold["high"] < challenger["low"]


def test_a_threshold_is_one_limit_or_a_range() -> None:
    assert bounds_of(0.25) == (0.25,)
    assert bounds_of({"low": -1, "high": 2.5}) == (-1.0, 2.5)
    assert bounds_of([None, 3]) == (3.0,)
    assert bounds_of("none") == bounds_of(None) == ()
