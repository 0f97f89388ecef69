"""Test the instruments on clips whose answer is known; a failed test makes every score worthless.

A speaker encoder with random weights gives each pair a cosine near 1 and looks superb; a recogniser
that is deaf, or that repeats what it expects, looks perfect on one side and never on the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from voxgate.batching import batched
from voxgate.errors import EvaluatorError
from voxgate.evaluation.known_clips import KnownClip, SpokenClips
from voxgate.evaluation.protocol import Instruments
from voxgate.evaluation.rates import corpus_rate, count_errors

__all__ = ["Check", "SelfTest", "SelfTestBounds", "equal_error_rate", "run_self_test"]


_MIN_TEXTS = 2
"""Each transcript is also held against another text."""


@dataclass(frozen=True, kw_only=True)
class SelfTestBounds:
    """What the instruments must reach. Sources: docs/evaluation.md."""

    max_known_wer: float
    min_wrong_wer: float
    max_equal_error_rate: float
    min_separation: float


@dataclass(frozen=True, kw_only=True)
class Check:
    """One bound and whether it was kept; `measured` is None when the instrument crashed."""

    code: str
    measured: float | None
    relation: Literal["<=", ">="]
    bound: float
    message: str = ""

    @property
    def passed(self) -> bool:
        """Tell whether the bound was kept; no measurement is a failure."""
        if self.measured is None:
            return False
        if self.relation == "<=":
            return self.measured <= self.bound
        return self.measured >= self.bound


@dataclass(frozen=True, kw_only=True)
class SelfTest:
    """All checks of both instruments."""

    checks: tuple[Check, ...]
    spoken: Mapping[str, Any] | None = None
    """What the recogniser was tested on, where that is not what the encoder was tested on."""

    @property
    def passed(self) -> bool:
        """Tell whether there are checks and all of them passed."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    def as_json(self) -> dict[str, object]:
        """Return the result as JSON values."""
        rows = [{**asdict(check), "passed": check.passed} for check in self.checks]
        spoken = {} if self.spoken is None else {"spoken": dict(self.spoken)}
        return {"passed": self.passed, "checks": rows, **spoken}


def run_self_test(
    instruments: Instruments,
    clips: Sequence[KnownClip],
    *,
    bounds: SelfTestBounds,
    spoken: SpokenClips | None = None,
) -> SelfTest:
    """Measure known clips; never from a cache, because today's instrument is what is tested.

    `spoken` are clips in the language that the recogniser is asked for, where `clips` are not.
    """
    # One clip a voice: all voices are heard, in a third of the time.
    first = list({clip.voice: clip for clip in reversed(clips)}.values())[::-1]
    return SelfTest(
        checks=(
            *_transcriber_checks(instruments, first if spoken is None else spoken.clips, bounds),
            *_encoder_checks(instruments, clips, bounds),
        ),
        spoken=None if spoken is None else spoken.as_json(),
    )


def equal_error_rate(same: Sequence[float], different: Sequence[float]) -> float:
    """Return the error rate at the threshold where misses and false alarms are most alike.

    Args:
        same: similarities of pairs of one speaker.
        different: similarities of pairs of two speakers.
    """
    matches, others = np.sort(np.asarray(same)), np.sort(np.asarray(different))
    thresholds = np.unique(np.concatenate([matches, others]))
    misses = np.searchsorted(matches, thresholds, side="left") / len(matches)
    alarms = 1 - np.searchsorted(others, thresholds, side="left") / len(others)
    best = int(np.argmin(np.abs(misses - alarms)))
    return float((misses[best] + alarms[best]) / 2)


def _transcriber_checks(
    instruments: Instruments, chosen: Sequence[KnownClip], bounds: SelfTestBounds
) -> tuple[Check, ...]:
    message = ""
    known = wrong = None
    try:
        _require_texts(chosen)
        heard = _hear(instruments, chosen)
        references = [instruments.normaliser(clip.text) for clip in chosen]
        known = _rate(references, heard)
        # Each transcript against the sentence of another clip.
        wrong = _rate([_other(references, i) for i in range(len(references))], heard)
    except Exception as error:  # noqa: BLE001 - a crash of the instrument is a failed test, kept as evidence
        message = f"{type(error).__name__}: {error}"
    return (
        Check(
            code="known_transcripts_wer",
            measured=known,
            relation="<=",
            bound=bounds.max_known_wer,
            message=message,
        ),
        Check(
            code="wrong_transcripts_wer",
            measured=wrong,
            relation=">=",
            bound=bounds.min_wrong_wer,
            message=message,
        ),
    )


def _require_texts(clips: Sequence[KnownClip]) -> None:
    if len({clip.text for clip in clips}) < _MIN_TEXTS:
        raise EvaluatorError(
            "fewer than two known texts in the language that is judged: there must be clips of it "
            "in benchmark, or held-out recordings of the voice"
        )


def _hear(instruments: Instruments, clips: Sequence[KnownClip]) -> list[str]:
    texts = []
    for group in batched(clips, instruments.batch_size * instruments.batches):
        waves = [clip.wave for clip in group]
        texts += [instruments.normaliser(t.text) for t in instruments.transcriber.transcribe(waves)]
    return texts


def _rate(references: Sequence[str], hypotheses: Sequence[str]) -> float | None:
    rate = corpus_rate(
        count_errors(reference, hypothesis)[0]
        for reference, hypothesis in zip(references, hypotheses, strict=True)
    )
    return None if rate is None else round(rate, 6)


def _other(references: Sequence[str], index: int) -> str:
    """Return the next reference that differs from the one at `index`."""
    rotated = [*references[index + 1 :], *references[:index]]
    return next(text for text in rotated if text != references[index])


def _encoder_checks(
    instruments: Instruments, clips: Sequence[KnownClip], bounds: SelfTestBounds
) -> tuple[Check, ...]:
    message = ""
    error_rate = separation = None
    try:
        vectors = instruments.encoder.embed([clip.wave for clip in clips])
        same, different = _pairs(vectors.astype(np.float64), [clip.voice for clip in clips])
        error_rate = round(equal_error_rate(same, different), 6)
        separation = round(float(np.mean(same) - np.mean(different)), 6)
    except Exception as error:  # noqa: BLE001 - a crash of the instrument is a failed test, kept as evidence
        message = f"{type(error).__name__}: {error}"
    return (
        Check(
            code="speaker_equal_error_rate",
            measured=error_rate,
            relation="<=",
            bound=bounds.max_equal_error_rate,
            message=message,
        ),
        Check(
            code="speaker_separation",
            measured=separation,
            relation=">=",
            bound=bounds.min_separation,
            message=message,
        ),
    )


def _pairs(vectors: NDArray[np.float64], voices: Sequence[str]) -> tuple[list[float], list[float]]:
    cosines = vectors @ vectors.T  # (N, N)
    if not np.isfinite(cosines).all():
        raise ValueError("the encoder returned NaN or infinity")
    same: list[float] = []
    different: list[float] = []
    for i in range(len(voices)):
        for j in range(i + 1, len(voices)):
            (same if voices[i] == voices[j] else different).append(float(cosines[i, j]))
    return same, different
