"""Fail closed: what must be true before two models' numbers are set against each other."""

from __future__ import annotations

from collections.abc import Iterator

from voxgate.evaluation.evidence import Evidence
from voxgate.gate.calibrated import distrust_calibration
from voxgate.gate.calibration import Calibration
from voxgate.gate.criterion import Criterion, hold
from voxgate.gate.thresholds import Thresholds

__all__ = ["distrust_comparison"]


def distrust_comparison(
    challenger: Evidence,
    rival: Evidence,
    subject: str,
    *,
    thresholds: Thresholds,
    calibration: Calibration | None,
) -> list[Criterion]:
    """Return every reason not to compare the challenger with the champion or gold (`subject`)."""
    return [
        *_same_measurement(challenger, rival, subject),
        *distrust_calibration(
            challenger, rival, subject, thresholds=thresholds, calibration=calibration
        ),
    ]


def _same_measurement(challenger: Evidence, rival: Evidence, subject: str) -> Iterator[Criterion]:
    pairs = (
        ("other_protocol", _differing_rules(challenger, rival), "protocol_digest"),
        ("other_centroid", "the speaker centroid", "centroid_digest"),
        ("other_references", "the references of the same prompts", "reference_lengths"),
    )
    for code, what, name in pairs:
        mine, theirs = _fact(challenger, name), _fact(rival, name)
        if mine != theirs:
            yield hold(
                f"{subject}_{code}",
                subject,
                f"{what} differ from the challenger's, so the numbers cannot be compared; score "
                f"the {subject} again with today's evaluation",
                measured=theirs if isinstance(theirs, str) else None,
                threshold=mine if isinstance(mine, str) else None,
            )


def _differing_rules(challenger: Evidence, rival: Evidence) -> str:
    mine, theirs = challenger.protocol, rival.protocol
    named = sorted(
        name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)
    )
    return f"instruments or scoring rules ({', '.join(named)})"


def _fact(evidence: Evidence, name: str) -> object:
    if name == "protocol_digest":
        return evidence.protocol_digest
    if name == "centroid_digest":
        return evidence.centroid.get("digest")
    return {row.item: (row.ref_words, row.ref_chars, row.critical_words) for row in evidence.rows}
