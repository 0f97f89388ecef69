"""Words for likeness: only where a person signed it, only within its bounds, and never silently."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest

from tests.fakes.evidence import make_calibration, make_evidence, make_thresholds, noisy_rows
from voxgate.errors import BundleError
from voxgate.gate.criterion import Ruling
from voxgate.gate.expected_noise import expected_errors
from voxgate.gate.report import render_verdict
from voxgate.gate.standing import Standing
from voxgate.gate.trade import SignedTrade, Trade, trade_from_json
from voxgate.gate.verdict import Case, Verdict, judge

TRADE = Trade(subject="gold", max_wer_loss=0.05, min_similarity_gain=0.05)
SIGNED = SignedTrade(trade=TRADE, signed_by="anna", reason="likeness matters more here")
CALM = replace(make_thresholds(), slice_max_wer=1.0, wer_margin=0.001)


def spoken(seed: int, *, wrong: int, similarity: float) -> Any:
    row = noisy_rows(seed, wer=0.02, similarity=similarity)

    def one(prompt: int, k: int) -> dict[str, Any]:
        found = row(prompt, k)
        errors = min(5, found["word_errors"] + (wrong if (prompt + k) % 4 == 0 else 0))
        return {**found, "word_errors": errors, "char_errors": errors, "catastrophes": ()}

    return one


GOLD = make_evidence(row=spoken(1, wrong=0, similarity=0.80))
CLOSER = make_evidence(row=spoken(2, wrong=1, similarity=0.93))


def judged(trade: SignedTrade | None, challenger: Any = CLOSER) -> tuple[Case, Verdict]:
    noise = expected_errors(GOLD.rows, seeds=3)
    record = make_calibration(
        GOLD, wer_standard_error=noise["wer"], similarity_standard_error=noise["similarity"]
    )
    case = Case(
        challenger=challenger,
        thresholds=CALM,
        rivals={"gold": GOLD},
        calibration=record,
        standing=Standing(trade=trade),
    )
    return case, judge(case)


def words(verdict: Verdict) -> tuple[Ruling, str]:
    (found,) = [c for c in verdict.criteria if c.code == "wer_versus_gold"]
    return found.ruling, found.message


def test_a_signed_trade_passes_the_words_and_the_report_says_whose_it_is() -> None:
    case, verdict = judged(SIGNED)
    ruling, message = words(verdict)
    assert ruling is Ruling.PASS
    assert "passed by a trade that anna signed" in message
    assert "signed by anna: likeness matters more here" in render_verdict(case, verdict)


def test_without_a_signature_it_changes_nothing_and_says_what_one_would_change() -> None:
    without, unsigned = words(judged(None)[1]), words(judged(SignedTrade(trade=TRADE))[1])
    assert without[0] is unsigned[0] is not Ruling.PASS
    assert unsigned[1].startswith(without[1])
    assert "would pass it, but nobody has signed it" in unsigned[1]


@pytest.mark.parametrize(
    "challenger",
    [
        make_evidence(row=spoken(2, wrong=1, similarity=0.81)),  # no gain in likeness
        make_evidence(row=spoken(2, wrong=4, similarity=0.93)),  # too many words lost
    ],
)
def test_a_voice_that_does_not_keep_the_rule_is_not_passed(challenger: Any) -> None:
    ruling, message = words(judged(SIGNED, challenger)[1])
    assert ruling is not Ruling.PASS
    assert "the trade is not met either" in message


@pytest.mark.parametrize(
    "rule",
    [
        replace(TRADE, max_wer_loss=0.2),
        replace(TRADE, min_similarity_gain=0.001),
        replace(TRADE, max_wer_loss=float("nan")),
        replace(TRADE, subject="anybody"),
    ],
)
def test_beyond_the_bounds_in_code_no_signature_counts(rule: Trade) -> None:
    assert rule.faults
    assert not replace(SIGNED, trade=rule).is_valid


def test_a_trade_against_gold_says_nothing_about_the_champion() -> None:
    other = replace(SIGNED, trade=replace(TRADE, subject="champion"))
    assert words(judged(other)[1]) == words(judged(None)[1])


def test_a_rule_is_named_by_its_figures() -> None:
    assert TRADE.digest == replace(TRADE).digest
    assert TRADE.digest != replace(TRADE, max_wer_loss=0.04).digest


def test_a_trade_survives_its_file() -> None:
    assert trade_from_json(SIGNED.as_json(), where="s.json") == SIGNED


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"odd": 1}, "expected an object with reason, rule, signed_by"),
        ({"rule": {}}, "its rule has missing or unknown fields"),
        ({"rule": {**asdict(TRADE), "max_wer_loss": "all"}}, "its bounds are no numbers"),
        ({"signed_by": 1}, "signed_by: expected a name, got 1"),
    ],
)
def test_a_broken_trade_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BundleError, match=message):
        trade_from_json({**SIGNED.as_json(), **change}, where="s.json")
