"""The record of a calibration: the limits, how often they refuse what, and what they hold for.

The shares are counted on sentences that the limits were not chosen by (four folds; a bad clip is in
the fold of the sentence that it was made of), so they are what a campaign will see, as well as N
clips can say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from voxgate.campaigns.quality.expected import SentenceKind
from voxgate.campaigns.quality.figures import SentenceFigures
from voxgate.campaigns.quality.limits import choose_limits
from voxgate.campaigns.quality.rules import QualityRules, QualityState, judge_figures
from voxgate.code_digest import code_digest
from voxgate.errors import NotCalibratedError
from voxgate.files import digest_json, read_json, write_json
from voxgate.gate.statistics import Interval, clopper_pearson

__all__ = [
    "CalibrationSubject",
    "QualityCalibration",
    "Refusals",
    "Sample",
    "calibrate",
    "quality_code",
    "read_calibration",
    "write_calibration",
]

_SCHEMA = 1
_FOLDS = 4
_CONFIDENCE = 0.975
_REMEDY = "run `voxgate campaign calibrate`"


@dataclass(frozen=True, kw_only=True)
class CalibrationSubject:
    """What limits hold for, by digests: a voice, whom it sounds like, how it speaks, who listens.

    `reference` is the sha256 of a profile's prepared reference; None is the voice package's own.
    """

    voice: str
    reference: str | None
    preset: str
    ears: str

    @property
    def digest(self) -> str:
        """Name the subject; the file of its calibration is called so."""
        return digest_json(self.as_json())

    def as_json(self) -> dict[str, Any]:
        """Return the subject as JSON values."""
        return dict(vars(self))


@dataclass(frozen=True, kw_only=True)
class Refusals:
    """How many of `n` sentences were refused."""

    refused: int
    n: int

    @property
    def interval(self) -> Interval:
        """The share, with its exact binomial bounds: both together at 95 %."""
        return clopper_pearson(self.refused, self.n, confidence=_CONFIDENCE)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A measured clip, and the good sentence that it was made of."""

    origin: int
    figures: SentenceFigures


@dataclass(frozen=True, kw_only=True)
class QualityCalibration:
    """Limits of one subject, and how often they refuse its own good sentences and bad clips.

    `ears` is the identity of the instruments, `code` the digest of what measured and chose.
    """

    subject: CalibrationSubject
    ears: Mapping[str, Any] = field(hash=False)
    code: str
    rules: QualityRules
    own: Mapping[SentenceKind, Refusals] = field(hash=False)
    bad: Mapping[str, Refusals] = field(hash=False)

    @property
    def own_refusals(self) -> Refusals:
        """The voice's own good sentences of all kinds."""
        return Refusals(
            refused=sum(one.refused for one in self.own.values()),
            n=sum(one.n for one in self.own.values()),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the record as JSON values."""
        return {
            "schema": _SCHEMA,
            "subject": self.subject.as_json(),
            "ears": dict(self.ears),
            "code": self.code,
            "rules": self.rules.as_json(),
            "own": {str(kind): vars(one) for kind, one in self.own.items()},
            "bad": {kind: vars(one) for kind, one in self.bad.items()},
        }

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> QualityCalibration:
        """Read what `as_json` gave.

        Raises:
            KeyError, TypeError, ValueError: it is no such record.
        """
        if document["schema"] != _SCHEMA:
            raise ValueError(f"schema {document['schema']}, expected {_SCHEMA}")
        return QualityCalibration(
            subject=CalibrationSubject(**document["subject"]),
            ears=dict(document["ears"]),
            code=str(document["code"]),
            rules=QualityRules.from_json(document["rules"]),
            own={SentenceKind(kind): Refusals(**one) for kind, one in document["own"].items()},
            bad={str(kind): Refusals(**one) for kind, one in document["bad"].items()},
        )


def calibrate(
    good: Sequence[Sample],
    bad: Mapping[str, Sequence[Sample]],
    *,
    subject: CalibrationSubject,
    ears: Mapping[str, Any],
) -> QualityCalibration:
    """Choose limits by all samples, and count what limits chosen without a fold refuse in it.

    Raises:
        ValueError: there are too few samples: a fold, or what is left of a kind, would be empty.
    """
    kinds = sorted({sample.figures.kind for sample in good})
    own = {kind: [0, 0] for kind in kinds}
    counts = {kind: [0, 0] for kind in bad}
    for fold in range(_FOLDS):
        rules = choose_limits(
            [sample.figures for sample in good if sample.origin % _FOLDS != fold],
            {
                kind: [s.figures for s in of if s.origin % _FOLDS != fold]
                for kind, of in bad.items()
            },
        )
        for sample in (one for one in good if one.origin % _FOLDS == fold):
            _count(own[sample.figures.kind], sample, rules)
        for kind, samples in bad.items():
            for sample in (one for one in samples if one.origin % _FOLDS == fold):
                _count(counts[kind], sample, rules)
    return QualityCalibration(
        subject=subject,
        ears=ears,
        code=quality_code(),
        rules=choose_limits(
            [sample.figures for sample in good],
            {kind: [sample.figures for sample in of] for kind, of in bad.items()},
        ),
        own={kind: Refusals(refused=refused, n=n) for kind, (refused, n) in own.items()},
        bad={kind: Refusals(refused=refused, n=n) for kind, (refused, n) in counts.items()},
    )


def write_calibration(path: Path, calibration: QualityCalibration) -> None:
    """Write the record, in the place of an older one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, calibration.as_json())


def read_calibration(path: Path, subject: CalibrationSubject) -> QualityCalibration:
    """Read the record of a subject (`wiring.campaign_limits.find_limits` knows its path).

    Raises:
        NotCalibratedError: there is none, it cannot be read, it is of another subject, or other
            code measured it. Without limits nothing is checked, so nothing is delivered.
    """
    try:
        found = QualityCalibration.from_json(read_json(path))
    except FileNotFoundError:
        raise NotCalibratedError(
            f"{path}: no quality limits for voice {subject.voice[:12]} with preset "
            f"{subject.preset[:12]} and these evaluators; {_REMEDY}"
        ) from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotCalibratedError(
            f"{path}: no calibration of schema {_SCHEMA} ({error!r}); {_REMEDY}"
        ) from None
    wanted = {**subject.as_json(), "code": quality_code()}
    given = {**found.subject.as_json(), "code": found.code}
    if differing := [name for name, value in wanted.items() if given[name] != value]:
        named = ", ".join(
            f"{name} {str(given[name])[:12]}, expected {str(wanted[name])[:12]}"
            for name in differing
        )
        raise NotCalibratedError(f"{path}: the limits are of another {named}; {_REMEDY}")
    return found


@cache
def quality_code() -> str:
    """Name the code that measures and chooses: a changed line must not meet yesterday's limits."""
    return code_digest([f"voxgate.campaigns.quality.{name}" for name in ("checking", "limits")])


def _count(counter: list[int], sample: Sample, rules: QualityRules) -> None:
    counter[0] += judge_figures(sample.figures, rules).state is QualityState.FAILED
    counter[1] += 1
