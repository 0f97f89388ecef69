"""Fail closed: what must be true of evidence before any of its numbers is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.evaluation.plan import item_seed
from voxgate.excerpts import some_of
from voxgate.gate.criterion import Criterion, hold
from voxgate.gate.numbers import is_number
from voxgate.gate.provenance import distrust_frame, distrust_origin
from voxgate.gate.sound_evidence import distrust_sound
from voxgate.gate.thresholds import Thresholds

__all__ = ["distrust"]

_COUNTS = (
    "word_errors", "ref_words", "char_errors", "ref_chars", "whisper_word_errors",
    "whisper_ref_words",
)  # fmt: skip
_MEASURES = (*_COUNTS, "similarity", "duration_s", "duration_ratio")
_SHOWN = 3


def distrust(
    evidence: Evidence,
    subject: str,
    thresholds: Thresholds,
    *,
    seed_of: Callable[[str, int], int] = item_seed,
) -> list[Criterion]:
    """Return every reason not to believe the evidence of one model; empty when it is sound.

    `seed_of` says which seed was planned for a prompt's k-th sample.
    """
    return [
        *distrust_origin(evidence, subject, thresholds),
        *_samples(evidence, subject, thresholds),
        *_seeds(evidence, subject, seed_of),
        *_values(evidence, subject),
        *distrust_sound(evidence, subject),
        *distrust_frame(evidence, subject, thresholds),
    ]


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


def _seeds(
    evidence: Evidence, subject: str, seed_of: Callable[[str, int], int]
) -> Iterator[Criterion]:
    wrong = [row.item for row in evidence.rows if row.seed != seed_of(*row.item)]
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


def _is_sane(row: ItemScore, name: str) -> bool:
    value = getattr(row, name)
    if not is_number(value):
        return False
    if name in _COUNTS and not isinstance(value, int):
        return False
    if name in {"ref_words", "ref_chars", "whisper_ref_words"}:
        return bool(value > 0)
    if name == "similarity":
        return bool(-1.0 <= value <= 1.0)
    return bool(value >= 0)


def _listed(items: list[tuple[str, int]]) -> str:
    return some_of([f"{prompt}-{k}" for prompt, k in items], _SHOWN)
