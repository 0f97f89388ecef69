"""Whether a calibration record may widen a margin: whose noise it is, and whether it can be true.

The record is a file that anybody can bring or edit, and its standard errors widen every margin. So
it must say where it comes from, be of this very measurement, and agree with two other sources: the
takes that it was drawn from, and the samples that are judged. Those were drawn several times a
prompt too, and how far the draws of a prompt lie apart is the same noise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from voxgate.evaluation.evidence import Evidence
from voxgate.excerpts import some_of
from voxgate.files import canonical_json, digest_bytes
from voxgate.gate.calibration import Calibration
from voxgate.gate.criterion import Criterion, hold
from voxgate.gate.expected_noise import expected_errors
from voxgate.gate.numbers import is_number
from voxgate.gate.sound_limits import CRITICAL, CRITICAL_MARGIN, SOUND_LIMITS
from voxgate.gate.thresholds import Thresholds

__all__ = ["bind", "distrust_calibration", "doubt_takes"]

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

ROUNDED = 1e-6
"""The last digit of a record; where nothing moves, both are next to nothing."""

MIN_PROMPTS = 20
"""On fewer prompts the samples say too little about noise. No verdict on a release has fewer
(`gate.min_prompts`); a day's block of monitoring may."""

WIDEST = 6.0
"""How much wider than its smallest a margin of critical words or of the sound may become on as many
prompts as a first look has (`FULL`); on fewer, as much more as their noise. Rare events (a wrong
number, a click) make noise that a few samples do not know, so that a record cannot be held against
those. The shipped voice needs 3.9 times for critical words and no more than once for the sound."""

FULL = 72

_SHOWN = 3
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
            "the calibration record holds no usable figures"
            f"{_named(calibration.uncalibrated)}; {_RECALIBRATE}",
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
    for name, stated in record.standard_errors.items():
        true = found.get(name)
        if true is None or abs(stated - true) > max(TAKES_TOLERANCE * true, ROUNDED):
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
    scale = math.sqrt(len(thresholds.prompts) / calibration.prompts)
    for name, smallest in _smallest_margins(thresholds).items():
        stated = calibration.standard_errors[name]
        found = [arm[name] * scale for arm in arms if name in arm]
        low = min(found, default=0.0) / PLAUSIBLE_FACTOR
        high = max(found, default=0.0) * PLAUSIBLE_FACTOR
        margin = calibration.margin(name, smallest, confidence=thresholds.confidence)
        if stated < low or (stated > high and margin > smallest):
            yield hold(
                "calibration_implausible",
                subject,
                f"the calibration record has a standard error of {name} of {stated:.6f}; by the "
                f"samples that are judged it lies between {low:.6f} and {high:.6f}; "
                f"{_RECALIBRATE}",
                measured=stated,
                threshold=round(low if stated < low else high, 6),
            )
    rare = {CRITICAL: CRITICAL_MARGIN} | {n: limit.margin for n, limit in SOUND_LIMITS.items()}
    for name, smallest in rare.items():
        margin = calibration.margin(name, smallest, confidence=thresholds.confidence)
        widest = WIDEST * smallest * math.sqrt(max(1.0, FULL / calibration.prompts))
        if margin > widest:
            yield hold(
                "calibration_implausible",
                subject,
                f"the calibration record would allow {name} to differ by {margin:g}, the smallest "
                f"margin is {smallest:g} and the widest {widest:g}; {_RECALIBRATE}",
                measured=margin,
                threshold=round(widest, 6),
            )


def _smallest_margins(thresholds: Thresholds) -> dict[str, float]:
    """Return the margins of the figures whose noise the judged samples know well."""
    return {
        "wer": thresholds.wer_margin,
        "similarity": thresholds.similarity_margin,
    }


def _named(figures: Sequence[str]) -> str:
    if not figures:
        return ""
    return f" of {some_of(figures, _SHOWN)}"


def _is_count(value: object) -> bool:
    return is_number(value) and value > 0
