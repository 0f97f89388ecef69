"""Whether a calibration record may widen a margin: whose noise it is, and whether it can be true.

The record is a file that anybody can bring or edit, and its standard errors widen every margin. So
it must say where it comes from, be of this very measurement, and agree with two other sources: the
takes that it was drawn from, and the samples that are judged. Those were drawn several times a
prompt too, and how far the draws of a prompt lie apart is the same noise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.files import canonical_json, digest_bytes
from voxgate.gate.calibration import Calibration
from voxgate.gate.criterion import Criterion, hold
from voxgate.gate.numbers import is_number
from voxgate.gate.thresholds import Thresholds

__all__ = ["bind", "distrust_calibration", "doubt_takes", "expected_errors"]

PLAUSIBLE_FACTOR = 2.0
"""How far the record may lie from what the judged samples say, up or down.

Drawn from the 576 takes behind the committed record (4,000 draws each), the estimate from three
samples a prompt lies between these multiples of the true standard error in 99 of 100 draws:
.58-1.47 (words) and .66-1.40 (similarity) on 24 prompts, .81-1.17 and .84-1.16 on 72 and on 240.
One draw in a thousand leaves [1/2, 2] on 24 prompts, none of 4,000 on 72. The rest of the factor is
for voices that differ: the noise of the base in similarity is 1.5 times that of the adapted voice.
"""

TAKES_TOLERANCE = 0.10
"""Between the record and the closed form over its takes. The record is a root mean square over
1,000 random draws, which itself is uncertain by 2.2 %."""

MIN_PROMPTS = 20
"""On fewer prompts the samples say too little about noise. No verdict on a release has fewer
(`gate.min_prompts`); a day's block of monitoring may."""

_ORIGIN = (
    "model_name", "checkpoint", "model_digest", "centroid_digest", "measured_at", "command",
    "takes_sha256",
)  # fmt: skip
_COUNTS = ("prompts", "takes")
_RECALIBRATE = "run `voxgate calibrate`"


def bind(
    record: Calibration, takes: Evidence, thresholds: Thresholds, *, measured_at: str, command: str
) -> Calibration:
    """Return the record with its origin: the voice, when and how, and the takes by digest."""
    origin = {
        "model_name": thresholds.model_name,
        "checkpoint": takes.model["checkpoint"],
        "model_digest": takes.model["digest"],
        "centroid_digest": takes.centroid["digest"],
        "measured_at": measured_at,
        "command": command,
        "takes_sha256": digest_bytes(canonical_json(takes.as_json()).encode()),
        "prompts": len({row.prompt_id for row in takes.rows}),
        "takes": len({row.seed_index for row in takes.rows}),
    }
    return replace(record, provenance={**record.provenance, **origin})


def expected_errors(rows: Sequence[ItemScore], *, seeds: int) -> dict[str, float]:
    """Return the standard errors of A/A differences by the variance between a prompt's samples.

    Two sets of k samples of one prompt have means that differ with variance 2 s² / k, also where
    both are drawn from the same few without replacement (s² as of the finite population). Sums are
    exact, so that the figure is the same on every machine. Empty where a prompt has one sample.
    """
    ordered = sorted((row for row in rows if row.fault is None), key=lambda row: row.item)
    groups = [list(group) for _, group in groupby(ordered, key=lambda row: row.prompt_id)]
    if not groups or any(len(group) == 1 for group in groups):
        return {}
    words = math.fsum(group[0].ref_words or 0 for group in groups)
    errors = math.fsum(_variance([float(row.word_errors or 0) for row in g]) for g in groups)
    cosines = math.fsum(_variance([row.similarity or 0.0 for row in g]) for g in groups)
    return {
        "wer": math.sqrt(2 * errors / seeds) / words,
        "similarity": math.sqrt(2 * cosines / seeds) / len(groups),
    }


def distrust_calibration(
    challenger: Evidence,
    rival: Evidence,
    subject: str,
    *,
    thresholds: Thresholds,
    calibration: Calibration | None,
) -> Iterator[Criterion]:
    """Yield every reason not to measure the challenger's distance from `subject` by the record."""
    if calibration is None:
        yield hold(
            "uncalibrated",
            subject,
            "no calibration record: how far two runs of one model lie apart is unknown, so no "
            f"margin means anything; {_RECALIBRATE}",
        )
        return
    if not calibration.is_sound:
        yield hold(
            "uncalibrated",
            subject,
            f"the calibration record holds no usable figures; {_RECALIBRATE}",
        )
        return
    foreign = [*_of_this_measurement(challenger, subject, thresholds, calibration)]
    missing = [name for name in _ORIGIN if not isinstance(calibration.provenance.get(name), str)]
    missing += [name for name in _COUNTS if not _is_count(calibration.provenance.get(name))]
    if missing:
        yield hold(
            "calibration_without_origin",
            subject,
            f"the calibration record does not say where it comes from ({', '.join(missing)} is "
            f"missing); {_RECALIBRATE}",
        )
    yield from foreign
    if not missing and not foreign:
        yield from _plausible(challenger, rival, subject, thresholds, calibration)


def doubt_takes(
    record: Calibration, takes: Evidence | None, takes_sha256: str | None
) -> str | None:
    """Say why the record is not what its takes come to; None when it is.

    Args:
        record: the calibration record.
        takes: the takes that lie beside it; None where there are none.
        takes_sha256: digest of their file.
    """
    if takes is None or takes_sha256 is None:
        return f"the takes that the calibration record was drawn from are missing; {_RECALIBRATE}"
    if record.provenance.get("takes_sha256") != takes_sha256:
        return f"the calibration record was drawn from other takes; {_RECALIBRATE}"
    found = expected_errors(takes.rows, seeds=record.seeds)
    for name, stated in _stated(record).items():
        true = found.get(name)
        if true is None or abs(stated - true) > TAKES_TOLERANCE * true:
            come_to = "nothing" if true is None else f"{true:.6f}"
            return (
                f"the calibration record has a standard error of {name} of {stated:.6f}, its takes "
                f"come to {come_to}; it was altered: {_RECALIBRATE}"
            )
    return None


def _of_this_measurement(
    challenger: Evidence, subject: str, thresholds: Thresholds, calibration: Calibration
) -> Iterator[Criterion]:
    for what, mine, theirs in (
        ("measurement", challenger.protocol_digest, calibration.protocol_digest),
        ("benchmark", thresholds.benchmark_digest, calibration.benchmark_digest),
    ):
        if mine != theirs:
            yield hold(
                "calibration_of_other_measurement",
                subject,
                f"the calibration record was made with another {what}; {_RECALIBRATE}",
                measured=theirs,
                threshold=mine,
            )
    if calibration.seeds != thresholds.seeds:
        yield hold(
            "calibration_of_other_measurement",
            subject,
            "the calibration record was made with another number of seeds a prompt; "
            f"{_RECALIBRATE}",
            measured=calibration.seeds,
            threshold=thresholds.seeds,
        )
    voice = calibration.provenance.get("model_name")
    if isinstance(voice, str) and voice != thresholds.model_name:
        yield hold(
            "calibration_of_other_voice",
            subject,
            f"the calibration record was made for another voice; {_RECALIBRATE}",
            measured=voice,
            threshold=thresholds.model_name,
        )


def _plausible(
    challenger: Evidence,
    rival: Evidence,
    subject: str,
    thresholds: Thresholds,
    calibration: Calibration,
) -> Iterator[Criterion]:
    """Yield the figures that the samples of both voices contradict.

    Both count: a voice that is silent throughout has no noise, and one that is garbled has much. A
    record that widens no margin beyond the smallest one cannot be too large.
    """
    if len(thresholds.prompts) < MIN_PROMPTS:
        return
    arms = [expected_errors(each.rows, seeds=thresholds.seeds) for each in (challenger, rival)]
    scale = math.sqrt(len(thresholds.prompts) / calibration.provenance["prompts"])
    for name, stated in _stated(calibration).items():
        found = [arm[name] * scale for arm in arms if name in arm]
        low = min(found, default=0.0) / PLAUSIBLE_FACTOR
        high = max(found, default=0.0) * PLAUSIBLE_FACTOR
        if stated < low or (stated > high and _widens(name, thresholds, calibration)):
            yield hold(
                "calibration_implausible",
                subject,
                f"the calibration record has a standard error of {name} of {stated:.6f}; by the "
                f"samples that are judged it lies between {low:.6f} and {high:.6f}; "
                f"{_RECALIBRATE}",
                measured=stated,
                threshold=round(low if stated < low else high, 6),
            )


def _widens(name: str, thresholds: Thresholds, calibration: Calibration) -> bool:
    confidence = thresholds.confidence_at_look
    if name == "wer":
        smallest = thresholds.wer_margin
        return calibration.wer_margin(smallest, confidence=confidence) > smallest
    smallest = thresholds.similarity_margin
    return calibration.similarity_margin(smallest, confidence=confidence) > smallest


def _stated(calibration: Calibration) -> Mapping[str, float]:
    return {
        "wer": calibration.wer_standard_error,
        "similarity": calibration.similarity_standard_error,
    }


def _variance(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _is_count(value: object) -> bool:
    return is_number(value) and value > 0
