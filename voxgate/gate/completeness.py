"""Fail closed: what must be true of evidence before any of its numbers is looked at."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeGuard

from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.evaluation.plan import item_seed
from voxgate.evaluation.resemblance import MIN_CENTROID_CLIPS
from voxgate.gate.criterion import Criterion, hold
from voxgate.gate.thresholds import Thresholds

__all__ = ["CONSENT_SCOPES", "distrust"]

CONSENT_SCOPES = ("evaluation", "internal", "publication")
_COUNTS = ("word_errors", "ref_words", "char_errors", "ref_chars")
_MEASURES = (*_COUNTS, "similarity", "duration_s", "duration_ratio")
_SHOWN = 3


def distrust(evidence: Evidence, subject: str, thresholds: Thresholds) -> list[Criterion]:
    """Return every reason not to believe the evidence of one model; empty when it is sound."""
    return [
        *_origin(evidence, subject),
        *_benchmark(evidence, subject, thresholds),
        *_instruments(evidence, subject, thresholds),
        *_samples(evidence, subject, thresholds),
        *_values(evidence, subject),
        *_frame(evidence, subject, thresholds),
    ]


def _origin(evidence: Evidence, subject: str) -> Iterator[Criterion]:
    if not evidence.model.get("digest"):
        yield hold("no_model", subject, "the evidence names no model: nothing could be chosen")
    if evidence.consent_scope not in CONSENT_SCOPES:
        yield hold(
            "unknown_consent_scope",
            subject,
            f"consent scope {evidence.consent_scope!r}, expected {', '.join(CONSENT_SCOPES)}",
            measured=evidence.consent_scope,
        )
    evaluated = evidence.data.get("expectations_evaluated")
    if not _is_number(evaluated) or evaluated <= 0:
        yield hold(
            "empty_data_suite",
            subject,
            "no expectation was evaluated over the training data; an empty suite passes by itself",
            measured=evaluated if _is_number(evaluated) else None,
            threshold=1,
        )
        return
    successful = evidence.data.get("expectations_successful")
    if not _is_number(successful) or successful < evaluated:
        yield hold(
            "data_suite_failed",
            subject,
            "the training data broke an expectation of its suite",
            measured=successful if _is_number(successful) else None,
            threshold=evaluated,
        )


def _benchmark(evidence: Evidence, subject: str, thresholds: Thresholds) -> Iterator[Criterion]:
    found = evidence.benchmark.get("digest")
    if found != thresholds.benchmark_digest:
        yield hold(
            "other_benchmark",
            subject,
            "the prompts are not the ones of this gate; evaluate again",
            measured=found,
            threshold=thresholds.benchmark_digest,
        )
    if len(thresholds.prompts) < thresholds.min_prompts:
        yield hold(
            "too_few_prompts",
            subject,
            f"{len(thresholds.prompts)} prompts cannot carry a verdict",
            measured=len(thresholds.prompts),
            threshold=thresholds.min_prompts,
        )


def _instruments(evidence: Evidence, subject: str, thresholds: Thresholds) -> Iterator[Criterion]:
    for role, pinned in sorted(thresholds.weights.items()):
        found = _weights(evidence.protocol.get(role))
        if found != pinned:
            yield hold(
                "other_evaluator",
                subject,
                f"the weights of the {role} are not the pinned ones",
                measured=found,
                threshold=pinned,
            )
    stored = evidence.self_test.get("checks")
    checks = stored if isinstance(stored, list) else []
    failed = [check for check in checks if not _kept(check)]
    if evidence.self_test.get("passed") is not True or not checks or failed:
        named = [str(check["code"]) for check in failed if isinstance(check, dict)]
        codes = ", ".join(named) or "no check can be trusted"
        yield hold("self_test_failed", subject, f"the instruments failed their self-test: {codes}")


def _samples(evidence: Evidence, subject: str, thresholds: Thresholds) -> Iterator[Criterion]:
    planned = {(prompt, k) for prompt in thresholds.prompts for k in range(thresholds.seeds)}
    found = [row.item for row in evidence.rows]
    missing = sorted(planned - set(found))
    if missing:
        yield hold(
            "missing_samples", subject, f"{len(missing)} samples are missing: {_listed(missing)}",
            measured=len(planned) - len(missing), threshold=len(planned),
        )  # fmt: skip
    extra = sorted(set(found) - planned)
    if extra:
        yield hold("unplanned_samples", subject, f"samples outside the plan: {_listed(extra)}")
    repeated = sorted(item for item, times in Counter(found).items() if times > 1)
    if repeated:
        yield hold("repeated_samples", subject, f"samples occur twice: {_listed(repeated)}")
    faulty = sorted(row.item for row in evidence.rows if row.fault is not None)
    if faulty:
        first = min((row for row in evidence.rows if row.fault is not None), key=lambda r: r.item)
        yield hold(
            "unmeasured_samples",
            subject,
            f"{len(faulty)} samples could not be measured: {_listed(faulty)}; "
            f"the first: {first.fault}",
            measured=evidence.evaluated_items,
            threshold=len(planned),
        )
    if evidence.expected_items != len(planned):
        yield hold(
            "other_plan", subject, "the evaluation planned another number of samples",
            measured=evidence.expected_items, threshold=len(planned),
        )  # fmt: skip
    wrong = [row.item for row in evidence.rows if row.seed != item_seed(*row.item)]
    if wrong:
        yield hold("other_seeds", subject, f"seeds are not the planned ones: {_listed(wrong)}")


def _values(evidence: Evidence, subject: str) -> Iterator[Criterion]:
    broken = sorted(
        (row.item, name)
        for row in evidence.rows
        if row.fault is None
        for name in _MEASURES
        if not _is_sane(row, name)
    )
    if broken:
        shown = ", ".join(f"{prompt}-{k} {name}" for (prompt, k), name in broken[:_SHOWN])
        yield hold(
            "not_a_number",
            subject,
            f"{len(broken)} measures are absent, not finite or impossible: {shown}",
        )


def _frame(evidence: Evidence, subject: str, thresholds: Thresholds) -> Iterator[Criterion]:
    clips = evidence.centroid.get("clips")
    if not _is_number(clips) or clips < MIN_CENTROID_CLIPS:
        yield hold("weak_centroid", subject, "too few held-out clips define the speaker",
                   measured=clips, threshold=MIN_CENTROID_CLIPS)  # fmt: skip
    real_wer, real_similarity = evidence.ceiling.get("wer"), evidence.ceiling.get("similarity")
    if not _is_number(real_wer) or real_wer > thresholds.max_wer:
        yield hold(
            "ceiling_misses_floor",
            subject,
            "the speaker's real recordings miss the WER floor, so it says nothing about a voice",
            measured=_finite(real_wer),
            threshold=thresholds.max_wer,
        )
    if not _is_number(real_similarity) or real_similarity < thresholds.min_similarity:
        yield hold(
            "ceiling_misses_floor",
            subject,
            "the speaker's real recordings miss the similarity floor",
            measured=_finite(real_similarity),
            threshold=thresholds.min_similarity,
        )
    strangers = evidence.impostor_floor.get("similarity")
    if not _is_number(strangers) or strangers >= thresholds.min_similarity:
        yield hold(
            "floor_admits_impostors",
            subject,
            "other speakers reach the similarity floor on average",
            measured=_finite(strangers),
            threshold=thresholds.min_similarity,
        )


def _weights(instrument: Any) -> Any:
    return instrument.get("weights_sha256") if isinstance(instrument, dict) else None


def _kept(check: Any) -> bool:
    """Judge a self-test check anew instead of believing its own flag."""
    if not isinstance(check, dict):
        return False
    measured, bound = check.get("measured"), check.get("bound")
    if not _is_number(measured) or not _is_number(bound):
        return False
    kept = measured <= bound if check.get("relation") == "<=" else measured >= bound
    return bool(kept) and check.get("passed") is True


def _is_sane(row: ItemScore, name: str) -> bool:
    value = getattr(row, name)
    if not _is_number(value):
        return False
    if name in _COUNTS and not isinstance(value, int):
        return False
    if name in {"ref_words", "ref_chars"}:
        return bool(value > 0)
    if name == "similarity":
        return bool(-1.0 <= value <= 1.0)
    return bool(value >= 0)


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _finite(value: Any) -> Any:
    return value if _is_number(value) else None


def _listed(items: list[tuple[str, int]]) -> str:
    shown = ", ".join(f"{prompt}-{k}" for prompt, k in items[:_SHOWN])
    return shown if len(items) <= _SHOWN else f"{shown} and {len(items) - _SHOWN} more"
