"""What every evaluator asks of audio before it measures anything."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from voxgate.errors import EvaluatorError
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["check_waves"]

_AUDIBLE_PEAK = 1e-4  # -80 dBFS: below it there is nothing but dither


def check_waves(
    waves: Sequence[Wave], *, min_s: float = 0.0, max_s: float | None = None, audible: bool = False
) -> None:
    """Refuse waves that no evaluator can measure, naming the first.

    Args:
        waves: 16 kHz waves, each (T,) float32.
        min_s: shortest length that the evaluator can use; an empty wave is always refused.
        max_s: longest length that the evaluator can use.
        audible: also refuse digital silence.

    Raises:
        EvaluatorError: a wave is not (T,) float32, empty, too short or long, not finite, or silent.
    """
    for index, wave in enumerate(waves):
        fault = _fault(wave, min_s=min_s, max_s=max_s, audible=audible)
        if fault is not None:
            raise EvaluatorError(f"wave {index} of {len(waves)}: {fault}")


def _fault(wave: Wave, *, min_s: float, max_s: float | None, audible: bool) -> str | None:
    if wave.ndim != 1 or wave.dtype != np.float32:
        return f"expected (T,) float32 at 16 kHz, got shape {wave.shape} of {wave.dtype}"
    duration_s = len(wave) / HEARING_RATE_HZ
    if len(wave) == 0 or duration_s < min_s:
        return (
            f"{duration_s:.2f} s, need at least {max(min_s, 0.01):.2f} s; "
            "count it as a failed sample instead of measuring it"
        )
    if max_s is not None and duration_s > max_s:
        return f"{duration_s:.2f} s, at most {max_s:.2f} s fit; cut it or split it first"
    if not np.isfinite(wave).all():
        return "contains NaN or infinity; count it as a failed sample instead of measuring it"
    if audible and float(np.abs(wave).max()) < _AUDIBLE_PEAK:
        return "silent (peak below -80 dBFS); a silent wave has no speaker"
    return None
