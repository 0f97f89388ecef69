"""Do the steps that are asked for, in a fixed order, and say what each did."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from voxgate.audio.cleaning.clicks import repair_clicks
from voxgate.audio.cleaning.hum import notch_hum
from voxgate.audio.cleaning.noise import reduce_noise
from voxgate.audio.offset import without_offset
from voxgate.errors import ConfigError
from voxgate.types import Wave

__all__ = ["STEPS", "Cleaned", "Step", "StepDone", "clean_clip"]

Step = Literal["dc", "clicks", "hum", "noise"]
STEPS: tuple[Step, ...] = get_args(Step)
"""In the order in which they are done: a filter smears a click, and a gate takes hum for noise."""


@dataclass(frozen=True, kw_only=True)
class StepDone:
    """What one step did. `removed_db` is the energy of what it took out, relative to the clip."""

    step: Step
    changed: bool
    detail: str
    removed_db: float | None = None


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """The cleaned wave, (T,) float32 at the clip's rate and as long as before."""

    wave: Wave
    steps: tuple[StepDone, ...]

    @property
    def changed(self) -> bool:
        """Whether any step did anything."""
        return any(done.changed for done in self.steps)


def clean_clip(
    wave: Wave, sample_rate_hz: int, steps: Collection[Step], *, hum_hz: int | None = None
) -> Cleaned:
    """Clean a clip (T,) of at least some tenths of a second; `hum_hz` is the mains that was found.

    Raises:
        ConfigError: there is no such step.
    """
    unknown = sorted(set(steps) - set(STEPS))
    if unknown:
        raise ConfigError("cleaning", [f"no step {unknown[0]!r}; there are {', '.join(STEPS)}"])
    done = []
    for step in (step for step in STEPS if step in steps):
        cleaned, detail = _do(step, wave, sample_rate_hz, hum_hz)
        changed = cleaned is not wave and not np.array_equal(cleaned, wave)
        removed_db = _removed_db(wave, cleaned) if changed else None
        done.append(StepDone(step=step, changed=changed, detail=detail, removed_db=removed_db))
        wave = cleaned
    return Cleaned(wave=wave, steps=tuple(done))


def _do(step: Step, wave: Wave, sample_rate_hz: int, hum_hz: int | None) -> tuple[Wave, str]:
    if step == "dc":
        cleaned = without_offset(wave, sample_rate_hz)
        return cleaned, "no offset" if cleaned is wave else "offset taken out"
    if step == "clicks":
        cleaned, count = repair_clicks(wave, sample_rate_hz)
        return cleaned, f"{count} clicks"
    if step == "hum":
        if hum_hz is None:
            return wave, "no hum"
        return notch_hum(wave, sample_rate_hz, hum_hz), f"{hum_hz} Hz and harmonics"
    quiet = reduce_noise(wave, sample_rate_hz)
    if quiet is None:
        return wave, "no pause to learn the noise from"
    return quiet, "steady noise taken down"


def _removed_db(before: Wave, after: Wave) -> float:
    taken = float(np.mean(np.square(before.astype(np.float64) - after))) + 1e-12
    whole = float(np.mean(np.square(before))) + 1e-12
    return round(float(10 * np.log10(taken / whole)), 2)
