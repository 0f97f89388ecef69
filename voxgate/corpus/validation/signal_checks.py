"""Judge the measured signal of one clip: duration, clipping, noise, tones, silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voxgate.audio.silence import SilenceBounds, trim_bounds
from voxgate.corpus.validation.findings import Finding
from voxgate.corpus.validation.quality import Signal, measure_signal
from voxgate.types import Wave

__all__ = ["CheckedSignal", "SignalBounds", "check_signal"]

_SHORTEST_S = 0.05
_STATIONARY_SNR_DB = 3.0  # the estimate for hum, hiss or silence lies near or below 0
_SILENT_DB = -60.0  # of the loudest frames; ingest raises what is quiet by up to max_gain_db


@dataclass(frozen=True, kw_only=True)
class SignalBounds:
    """What the checks here read of section `validate` (voxgate/params/validate.py), by its names.

    What is kept of a clip goes by them, so that another parameter judges nothing again.
    """

    min_duration_s: float
    max_duration_s: float
    max_clipped_fraction: float
    min_snr_db: float
    warn_snr_db: float
    warn_bandwidth_hz: float
    max_tonal_fraction: float
    max_flatness: float
    max_silence_s: float
    keep_silence_s: float
    warn_min_silence_s: float


@dataclass(frozen=True, kw_only=True)
class CheckedSignal:
    """What a wave is, what is kept of it and what was found."""

    signal: Signal | None
    """None for what is too short to be measured."""

    trim: tuple[int, int]
    """First sample that is kept, and the one after the last."""

    findings: tuple[Finding, ...]


def check_signal(
    wave: Wave,
    sample_rate_hz: int,
    *,
    clipped_fraction: float,
    rejected: bool,
    bounds: SignalBounds,
) -> CheckedSignal:
    """Measure a whole prepared wave and judge it; long silence at its ends is left out.

    clipped_fraction: of the recording that it was prepared from.
    rejected: by its text; then it is measured, and nothing is trimmed or warned about.
    """
    samples = len(wave)
    if samples < _SHORTEST_S * sample_rate_hz:
        findings = tuple(_judge_duration(samples / sample_rate_hz, bounds))
        return CheckedSignal(signal=None, trim=(0, samples), findings=findings)
    signal = measure_signal(wave, sample_rate_hz)
    found = list(_judge_sound(signal, bounds))
    trim = (0, samples)
    if not (rejected or any(finding.rejects for finding in found)):
        trim = _kept(signal, samples, sample_rate_hz, bounds)
        found += [*_say_what_was_trimmed(trim, signal, samples, bounds)]
        found += [*_warn_about_signal(signal, bounds)]
    found += [*_judge_duration((trim[1] - trim[0]) / sample_rate_hz, bounds)]
    if clipped_fraction > bounds.max_clipped_fraction:
        found.append(
            Finding(
                code="clipped",
                expected=f"at most {bounds.max_clipped_fraction:.2%} of samples on flattened peaks",
                arrived=f"{clipped_fraction:.2%}",
            )
        )
    return CheckedSignal(signal=signal, trim=trim, findings=tuple(found))


def _judge_sound(signal: Signal, bounds: SignalBounds) -> Iterator[Finding]:
    """Say what a clip is that is not clean speech: one finding, the most specific."""
    if signal.hum_hz and signal.snr_db < bounds.min_snr_db:
        yield Finding(
            code="hum",
            expected=f"SNR >= {bounds.min_snr_db:g} dB",
            arrived=f"{signal.snr_db:.1f} dB: mains hum of {signal.hum_hz} Hz in the pauses",
        )
    elif signal.tonal_fraction > bounds.max_tonal_fraction:
        yield Finding(
            code="tone",
            expected=f"at most {bounds.max_tonal_fraction:.0%} of frames with a single frequency",
            arrived=f"{signal.tonal_fraction:.0%}",
        )
    elif _STATIONARY_SNR_DB <= signal.snr_db < bounds.min_snr_db:
        yield Finding(
            code="low_snr",
            expected=f"SNR >= {bounds.min_snr_db:g} dB",
            arrived=f"{signal.snr_db:.1f}",
        )
    elif signal.flatness > bounds.max_flatness or signal.snr_db < bounds.min_snr_db:
        yield Finding(
            code="not_speech",
            expected=f"spectral flatness <= {bounds.max_flatness:.2f}, and loud and quiet parts",
            arrived=f"flatness {signal.flatness:.2f}, SNR {signal.snr_db:.1f} dB: "
            f"{_what_it_is(signal, bounds)}",
        )


def _what_it_is(signal: Signal, bounds: SignalBounds) -> str:
    if signal.loud_db < _SILENT_DB:
        return f"silence (its loudest parts are at {signal.loud_db:.0f} dBFS)"
    return "noise" if signal.flatness > bounds.max_flatness else "one steady sound without pauses"


def _kept(
    signal: Signal, samples: int, sample_rate_hz: int, bounds: SignalBounds
) -> tuple[int, int]:
    silence = SilenceBounds(
        start=round(signal.leading_silence_s * sample_rate_hz),
        end=samples - round(signal.trailing_silence_s * sample_rate_hz),
        n_samples=samples,
    )
    return trim_bounds(
        silence,
        sample_rate_hz,
        max_silence_s=bounds.max_silence_s,
        keep_silence_s=bounds.keep_silence_s,
    )


def _say_what_was_trimmed(
    trim: tuple[int, int], signal: Signal, samples: int, bounds: SignalBounds
) -> Iterator[Finding]:
    if trim != (0, samples):
        yield Finding(
            code="silence_trimmed",
            expected=f"at most {bounds.max_silence_s:g} s of silence at each end",
            arrived=f"{signal.leading_silence_s:.2f} s before, {signal.trailing_silence_s:.2f} s "
            f"after; kept samples {trim[0]} to {trim[1]} of {samples}",
        )


def _judge_duration(kept_s: float, bounds: SignalBounds) -> Iterator[Finding]:
    if kept_s < bounds.min_duration_s:
        yield Finding(
            code="too_short", expected=f">= {bounds.min_duration_s:g} s", arrived=f"{kept_s:.2f}"
        )
    elif kept_s > bounds.max_duration_s:
        yield Finding(
            code="too_long", expected=f"<= {bounds.max_duration_s:g} s", arrived=f"{kept_s:.2f}"
        )


def _warn_about_signal(signal: Signal, bounds: SignalBounds) -> Iterator[Finding]:
    if signal.snr_db < bounds.warn_snr_db:
        yield Finding(
            code="moderate_snr",
            expected=f"SNR >= {bounds.warn_snr_db:g} dB",
            arrived=f"{signal.snr_db:.1f}",
        )
    if signal.bandwidth_hz < bounds.warn_bandwidth_hz:
        yield Finding(
            code="narrow_band",
            expected=f"sound up to {bounds.warn_bandwidth_hz:g} Hz",
            arrived=f"up to {signal.bandwidth_hz:g} Hz",
        )
    tightest_s = min(signal.leading_silence_s, signal.trailing_silence_s)
    if tightest_s < bounds.warn_min_silence_s:
        yield Finding(
            code="tight_edges",
            expected=f"{bounds.warn_min_silence_s:g} s of silence at each end",
            arrived=f"{tightest_s:.2f}",
        )
