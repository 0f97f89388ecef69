"""Fail closed: where evidence comes from, and whether its frame can carry a floor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.speaker_similarity import MIN_CENTROID_CLIPS
from voxgate.gate.criterion import Criterion, hold
from voxgate.gate.limits import SELF_TEST, Limit, distrust_limits, self_test_checks
from voxgate.gate.numbers import is_number
from voxgate.gate.thresholds import Thresholds

__all__ = ["CONSENT_SCOPES", "distrust_frame", "distrust_origin"]

CONSENT_SCOPES = ("evaluation", "internal", "publication")


def distrust_origin(
    evidence: Evidence, subject: str, thresholds: Thresholds
) -> Iterator[Criterion]:
    """Yield what is wrong with model, consent, data, benchmark, instruments and limits."""
    yield from _origin(evidence, subject)
    yield from _benchmark(evidence, subject, thresholds)
    yield from _instruments(evidence, subject, thresholds)
    yield from distrust_limits(evidence, subject, thresholds)


def distrust_frame(evidence: Evidence, subject: str, thresholds: Thresholds) -> Iterator[Criterion]:
    """Yield what is wrong with the centroid, the real ceiling and the impostor floor."""
    what = "windows of held-out speech" if "windows" in evidence.centroid else "held-out clips"
    parts = evidence.centroid.get("windows", evidence.centroid.get("clips"))
    if not is_number(parts) or parts < MIN_CENTROID_CLIPS:
        yield hold("weak_centroid", subject, f"too few {what} define the speaker",
                   measured=parts, threshold=MIN_CENTROID_CLIPS)  # fmt: skip
    real_wer, real_similarity = evidence.ceiling.get("wer"), evidence.ceiling.get("similarity")
    if not is_number(real_wer) or real_wer > thresholds.max_wer:
        yield hold(
            "ceiling_misses_floor",
            subject,
            f"the speaker's real recordings miss the {evidence.unit.rate} floor, so it says "
            "nothing about a voice",
            measured=_finite(real_wer),
            threshold=thresholds.max_wer,
        )
    if not is_number(real_similarity) or real_similarity < thresholds.min_similarity:
        yield hold(
            "ceiling_misses_floor",
            subject,
            "the speaker's real recordings miss the similarity floor",
            measured=_finite(real_similarity),
            threshold=thresholds.min_similarity,
        )
    strangers = evidence.impostor_floor.get("similarity")
    if not is_number(strangers) or strangers >= thresholds.min_similarity:
        yield hold(
            "floor_admits_impostors",
            subject,
            "other speakers reach the similarity floor on average",
            measured=_finite(strangers),
            threshold=thresholds.min_similarity,
        )


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
    if not is_number(evaluated) or evaluated <= 0:
        yield hold(
            "empty_data_suite",
            subject,
            "no expectation was evaluated over the training data; an empty suite passes by itself",
            measured=evaluated if is_number(evaluated) else None,
            threshold=1,
        )
        return
    successful = evidence.data.get("expectations_successful")
    if not is_number(successful) or successful < evaluated:
        yield hold(
            "data_suite_failed",
            subject,
            "the training data broke an expectation of its suite",
            measured=successful if is_number(successful) else None,
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
    yield from _self_test(evidence, subject)


def _self_test(evidence: Evidence, subject: str) -> Iterator[Criterion]:
    """Judge every check that the gate asks for by its own bound, and any other by the stated one.

    The evidence says what was measured. Which checks there must be, and how loose a bound may be,
    is not for it to say.
    """
    checks = {str(check["code"]): check for check in self_test_checks(evidence)}
    failed = [f"{code} is missing" for code in SELF_TEST if code not in checks]
    failed += [code for code, check in checks.items() if not _kept(code, check)]
    if evidence.self_test.get("passed") is not True or failed:
        codes = ", ".join(failed) or "it says so itself"
        yield hold("self_test_failed", subject, f"the instruments failed their self-test: {codes}")


def _weights(instrument: Any) -> Any:
    return instrument.get("weights_sha256") if isinstance(instrument, dict) else None


def _kept(code: str, check: dict[str, Any]) -> bool:
    """Judge a self-test check anew instead of believing its own flag."""
    measured, bound = check.get("measured"), check.get("bound")
    if not is_number(measured) or not is_number(bound):
        return False
    kept = measured <= bound if check.get("relation") == "<=" else measured >= bound
    asked = SELF_TEST[code][1] if code in SELF_TEST else Limit()
    return bool(kept) and check.get("passed") is True and asked.admits(measured)


def _finite(value: Any) -> Any:
    return value if is_number(value) else None
