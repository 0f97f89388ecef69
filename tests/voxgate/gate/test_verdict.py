from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.evidence import (
    make_calibration,
    make_evidence,
    make_range,
    make_thresholds,
    noisy_rows,
)
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.gate.criterion import Ruling
from voxgate.gate.report import render_verdict
from voxgate.gate.verdict import Case, Verdict, judge

Row = Callable[[int, int], dict[str, Any]]


def judged(
    challenger: Evidence,
    champion: Evidence | None = None,
    gold: Evidence | None = None,
    **thresholds: Any,
) -> Verdict:
    named = {"champion": champion, "gold": gold}
    return judge(
        Case(
            challenger=challenger,
            thresholds=make_thresholds(**thresholds),
            rivals={name: rival for name, rival in named.items() if rival is not None},
            calibration=make_calibration(),
        )
    )


def codes(verdict: Verdict) -> set[str]:
    return {reason.code for reason in verdict.reasons}


def some(share: float, **changes: Any) -> Row:
    """Change the first samples of a share of the prompts."""
    return lambda prompt, k: changes if prompt < share * 60 and k == 0 else {}


def every(**changes: Any) -> Row:
    return lambda _prompt, _k: changes


def test_a_good_voice_without_a_champion_passes_and_needs_a_person() -> None:
    verdict = judged(make_evidence())
    assert verdict.ruling is Ruling.PASS
    assert verdict.reasons == ()
    assert verdict.needs_approval_by_person


def test_a_pass_against_a_champion_needs_no_person() -> None:
    verdict = judged(make_evidence(), champion=make_evidence())
    assert verdict.ruling is Ruling.PASS
    assert not verdict.needs_approval_by_person
    assert verdict.rivals == ("champion",)


def test_a_pass_against_gold_alone_still_needs_a_person() -> None:
    verdict = judged(make_evidence(), gold=make_evidence())
    assert verdict.ruling is Ruling.PASS
    assert verdict.needs_approval_by_person


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (every(word_errors=4), "wer_floor"),
        (every(similarity=0.6), "similarity_floor"),
        (every(similarity=0.76), "stranger_floor"),
        (some(0.5, catastrophes=("endless_audio",)), "catastrophe_floor"),
    ],
)
def test_a_voice_below_a_floor_fails(row: Row, code: str) -> None:
    verdict = judged(make_evidence(row=row))
    assert verdict.ruling is Ruling.FAIL
    assert code in codes(verdict)


def test_catastrophes_count_per_prompt_not_per_sample() -> None:
    one = judged(make_evidence(row=some(0.2, catastrophes=("empty_audio",))))
    three = judged(
        make_evidence(row=lambda p, _k: {"catastrophes": ("empty_audio",)} if p < 12 else {})
    )
    assert one.figures is not None
    assert three.figures is not None
    assert one.figures["catastrophe_rate"] == three.figures["catastrophe_rate"]
    assert one.figures["catastrophe_rate"]["point"] == 0.2


def test_a_figure_near_its_floor_is_inconclusive_and_asks_for_more() -> None:
    rng = np.random.default_rng(4)
    errors = rng.binomial(10, 0.24, size=60)
    near = make_evidence(row=lambda p, _k: {"word_errors": int(errors[p])})
    verdict = judged(near, slice_max_wer=1.0)
    assert verdict.ruling is Ruling.INCONCLUSIVE
    assert codes(verdict) == {"wer_floor"}
    assert verdict.advice is not None
    assert verdict.advice.action == "draw_more"
    assert verdict.advice.prompts_needed is not None
    assert verdict.advice.prompts_needed > 60
    assert "follows by itself" in verdict.advice.message
    last = judged(near, slice_max_wer=1.0, look=2)
    assert last.advice is not None
    assert last.advice.action == "ask_person"
    assert "look 2 of 2 was the last" in last.advice.message


def test_a_later_look_asks_for_more_confidence() -> None:
    first, second = make_thresholds(look=1), make_thresholds(look=2)
    assert second.confidence_at_look > first.confidence_at_look >= 0.95
    spent = (1 - first.confidence_at_look) + (1 - second.confidence_at_look)
    assert spent == pytest.approx(0.05)
    assert make_thresholds(max_looks=1).confidence_at_look == 0.95


def test_candidates_of_one_champion_share_the_allowed_error() -> None:
    spent = [
        1 - make_thresholds(candidate=candidate, look=look, max_looks=3).confidence_at_look
        for candidate in range(1, 200)
        for look in (1, 2, 3)
    ]
    assert sum(spent[:3]) == pytest.approx(0.05)
    assert sum(spent) < 0.05 * 1.65
    assert spent == [s for s in spent if s > 0]


@pytest.mark.parametrize("subject", ["champion", "gold"])
@pytest.mark.parametrize(
    ("row", "code"),
    [
        (every(word_errors=1), "wer_versus_{}"),
        (every(similarity=0.85), "similarity_versus_{}"),
        (some(0.1, catastrophes=("endless_audio",)), "catastrophes_versus_{}"),
    ],
)
def test_a_worse_voice_fails_against_champion_and_gold(subject: str, row: Row, code: str) -> None:
    loose = {"max_catastrophe_rate": 0.3}
    verdict = judged(make_evidence(row=row), **{subject: make_evidence()}, **loose)
    assert verdict.ruling is Ruling.FAIL
    assert code.format(subject) in codes(verdict)
    alone = judged(make_evidence(row=row), **loose)
    assert alone.ruling is Ruling.PASS, "the floors alone let it through"


def test_lower_wer_does_not_buy_lower_similarity() -> None:
    champion = make_evidence(row=every(word_errors=1))
    verdict = judged(make_evidence(row=every(similarity=0.85)), champion=champion)
    assert codes(verdict) == {"similarity_versus_champion"}


def test_quality_does_not_ratchet_down_past_gold() -> None:
    """Each step is within the margin of the one before; the chain is not within that of gold."""
    step = 0.009
    chain = [0.0, step, 2 * step, 3 * step]
    arms = [
        make_evidence(row=lambda p, _k, wer=wer: {"word_errors": int(p < 60 * 10 * wer)})
        for wer in chain
    ]
    loose = {"wer_margin": 0.02, "slice_max_wer": 1.0}
    assert judged(arms[3], champion=arms[2], **loose).ruling is Ruling.PASS
    assert judged(arms[3], champion=arms[2], gold=arms[0], **loose).ruling is not Ruling.PASS


def test_a_class_that_broke_is_not_hidden_by_the_mean() -> None:
    def broken_class(prompt: int, _k: int) -> dict[str, Any]:
        return {"word_errors": 6 if prompt % 3 == 1 else 0}

    verdict = judged(make_evidence(row=broken_class), champion=make_evidence(), max_wer=0.5)
    failed = {(c.code, c.subject) for c in verdict.reasons if c.ruling is Ruling.FAIL}
    assert ("slice_wer_floor", "class:numbers") in failed
    assert ("slice_wer_versus_champion", "class:numbers") in failed
    assert ("slice_wer_versus_champion", "class:plain") not in failed


def test_small_slices_are_not_judged() -> None:
    verdict = judged(make_evidence(), min_slice_prompts=21)
    assert not any(c.subject.startswith("class:") for c in verdict.criteria)


def test_a_broken_champion_outranks_a_failed_floor() -> None:
    champion = replace(make_evidence(), self_test={})
    verdict = judged(make_evidence(row=every(word_errors=4)), champion=champion)
    assert verdict.ruling is Ruling.HOLD
    assert verdict.reasons[0].ruling is Ruling.HOLD
    assert "wer_floor" in codes(verdict), "the failed floor is still reported"


def test_the_consent_scope_travels_with_the_verdict() -> None:
    assert judged(make_evidence()).as_json()["consent_scope"] == "evaluation"


@given(st.integers(0, 2**32), st.integers(0, 2**32))
@settings(max_examples=6, deadline=None)
def test_the_order_of_rows_changes_nothing(data_seed: int, order_seed: int) -> None:
    challenger = make_evidence(row=noisy_rows(data_seed))
    champion = make_evidence(row=noisy_rows(data_seed + 1))
    shuffled = list(challenger.rows)
    random.Random(order_seed).shuffle(shuffled)
    straight = judged(challenger, champion=champion)
    assert judged(replace(challenger, rows=tuple(shuffled)), champion=champion) == straight


def run_pairs(
    runs: int,
    *,
    worse: Callable[[Row], Row] = lambda row: row,
    together: float = 0.0,
    loud: float = 1.0,
) -> list[Verdict]:
    """Judge pairs of one voice with other seeds; `worse` damages the challenger."""
    verdicts = []
    calibration = make_calibration(standard_errors=standard_errors(loud))
    ceiling = make_evidence().ceiling
    if loud > 1:
        ceiling = {**ceiling, "sound": {name: make_range(-1e6, 1e6) for name in MEASURES}}
    noise: dict[str, Any] = {"together": together, "loud": loud}
    for run in range(runs):
        row = worse(noisy_rows(1000 + run, **noise))
        challenger = make_evidence(row=row, ceiling=ceiling)
        champion = make_evidence(row=noisy_rows(5000 + run, **noise), ceiling=ceiling)
        case = Case(
            challenger=challenger,
            thresholds=make_thresholds(bootstrap_draws=1000),
            rivals={"champion": champion},
            calibration=calibration,
        )
        verdicts.append(judge(case))
    return verdicts


@cache
def standard_errors(loud: float = 1.0, runs: int = 200) -> dict[str, float]:
    """Measure how far runs of one voice lie apart, as a calibration would."""
    found: dict[str, list[float]] = {}
    for run in range(runs):
        row = noisy_rows(20_000 + run, loud=loud)
        rows = [row(p, k) for p in range(60) for k in range(3)]
        figures = {name: np.mean([r["sound"][name] for r in rows]) for name in MEASURES}
        figures["wer"] = sum(r["word_errors"] for r in rows) / 1800
        figures["critical"] = sum(r["critical_errors"] for r in rows) / 360
        figures["similarity"] = np.mean([r["similarity"] for r in rows])
        for name, figure in figures.items():
            found.setdefault(name, []).append(float(figure))
    return {name: float(np.std(values)) * 2**0.5 for name, values in found.items()}


@pytest.mark.parametrize(("together", "loud"), [(0.0, 1.0), (0.9, 1.0), (0.0, 3.0)])
@pytest.mark.parametrize("runs", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_the_champion_against_itself_passes_in_at_least_95_percent(
    runs: int, together: float, loud: float
) -> None:
    """However loud the sound is, and whether its measures move together: margins follow."""
    verdicts = run_pairs(runs, together=together, loud=loud)
    passed = sum(verdict.ruling is Ruling.PASS for verdict in verdicts)
    assert passed >= 0.95 * runs
    assert not any(verdict.ruling is Ruling.HOLD for verdict in verdicts)


def dropped_words(row: Row) -> Row:
    def worse(prompt: int, k: int) -> dict[str, Any]:
        values = row(prompt, k)
        return {**values, "word_errors": min(10, values["word_errors"] + 2)}

    return worse


def wrong_speaker(row: Row) -> Row:
    return lambda p, k: {**row(p, k), "similarity": round(row(p, k)["similarity"] - 0.25, 6)}


def truncated(row: Row) -> Row:
    def worse(prompt: int, k: int) -> dict[str, Any]:
        if prompt % 4:
            return row(prompt, k)
        return {**row(prompt, k), "word_errors": 7, "catastrophes": ("high_wer", "too_short")}

    return worse


def pitch_shifted(row: Row) -> Row:
    return lambda p, k: {**row(p, k), "similarity": round(row(p, k)["similarity"] - 0.1, 6)}


@pytest.mark.parametrize("damage", [dropped_words, wrong_speaker, truncated, pitch_shifted])
def test_a_seeded_bad_voice_never_passes(damage: Callable[[Row], Row]) -> None:
    assert all(verdict.ruling is Ruling.FAIL for verdict in run_pairs(5, worse=damage))


def test_a_verdict_on_another_language_names_its_rate_and_its_lengths() -> None:
    base = make_evidence(row=lambda _p, _k: {"toneless_errors": 0})
    evidence = replace(
        base,
        protocol={**base.protocol, "unit": "syllable"},
        benchmark={**base.benchmark, "language": "zh"},
    )
    case = Case(challenger=evidence, thresholds=make_thresholds())
    verdict = judge(case)
    (floor,) = [c for c in verdict.criteria if c.code == "wer_floor"]
    assert floor.message.startswith("corpus SER is")
    lengths = {c.subject for c in verdict.criteria if c.subject.startswith("length:")}
    assert lengths == {"length:short", "length:medium"}  # 5, 10 and 18 characters
    report = render_verdict(case, verdict)
    assert "| SER (corpus) |" in report
    assert "WER" not in report
    assert "SER counts syllables with their tone" in report
