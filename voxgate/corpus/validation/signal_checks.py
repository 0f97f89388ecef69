"""Judge the measured signal of one clip: duration, clipping, noise, tones, silence."""

from __future__ import annotations

from voxgate.audio.silence import SilenceBounds, trim_bounds
from voxgate.corpus.validation.dossiers import Dossier
from voxgate.corpus.validation.quality import Signal, measure_signal
from voxgate.params import ValidateParams
from voxgate.types import Wave

__all__ = ["check_signal"]

_SHORTEST_S = 0.05
_STATIONARY_SNR_DB = 3.0  # the estimate for hum, hiss or silence lies near or below 0
_SILENT_DB = -60.0  # of the loudest frames; ingest raises what is quiet by up to max_gain_db


def check_signal(dossier: Dossier, wave: Wave, params: ValidateParams) -> None:
    """Measure a whole prepared wave, trim long silence, and add the findings to the dossier."""
    rate = dossier.audio.sample_rate_hz
    if len(wave) < _SHORTEST_S * rate:
        _judge_duration(dossier, params)
        return
    signal = measure_signal(wave, rate)
    dossier.signal = signal
    _judge_sound(dossier, signal, params)
    if not dossier.rejected:
        _trim(dossier, signal, params)
        _warn_about_signal(dossier, signal, params)
    _judge_duration(dossier, params)
    clipped = dossier.audio.clipped_fraction
    if clipped > params.max_clipped_fraction:
        dossier.find(
            "clipped",
            expected=f"at most {params.max_clipped_fraction:.2%} of samples on flattened peaks",
            arrived=f"{clipped:.2%}",
        )


def _judge_sound(dossier: Dossier, signal: Signal, params: ValidateParams) -> None:
    """Say what a clip is that is not clean speech: one finding, the most specific."""
    if signal.hum_hz and signal.snr_db < params.min_snr_db:
        dossier.find(
            "hum",
            expected=f"SNR >= {params.min_snr_db:g} dB",
            arrived=f"{signal.snr_db:.1f} dB: mains hum of {signal.hum_hz} Hz in the pauses",
        )
    elif signal.tonal_fraction > params.max_tonal_fraction:
        dossier.find(
            "tone",
            expected=f"at most {params.max_tonal_fraction:.0%} of frames with a single frequency",
            arrived=f"{signal.tonal_fraction:.0%}",
        )
    elif _STATIONARY_SNR_DB <= signal.snr_db < params.min_snr_db:
        dossier.find(
            "low_snr", expected=f"SNR >= {params.min_snr_db:g} dB", arrived=f"{signal.snr_db:.1f}"
        )
    elif signal.flatness > params.max_flatness or signal.snr_db < params.min_snr_db:
        dossier.find(
            "not_speech",
            expected=f"spectral flatness <= {params.max_flatness:.2f}, and loud and quiet parts",
            arrived=f"flatness {signal.flatness:.2f}, SNR {signal.snr_db:.1f} dB: "
            f"{_what_it_is(signal, params)}",
        )


def _what_it_is(signal: Signal, params: ValidateParams) -> str:
    if signal.loud_db < _SILENT_DB:
        return f"silence (its loudest parts are at {signal.loud_db:.0f} dBFS)"
    return "noise" if signal.flatness > params.max_flatness else "one steady sound without pauses"


def _trim(dossier: Dossier, signal: Signal, params: ValidateParams) -> None:
    rate, samples = dossier.audio.sample_rate_hz, dossier.audio.place.n_samples
    bounds = SilenceBounds(
        start=round(signal.leading_silence_s * rate),
        end=samples - round(signal.trailing_silence_s * rate),
        n_samples=samples,
    )
    start, end = trim_bounds(
        bounds,
        rate,
        max_silence_s=params.max_silence_s,
        keep_silence_s=params.keep_silence_s,
    )
    if (start, end) != (0, samples):
        dossier.trim_start, dossier.trim_end = start, end
        dossier.find(
            "silence_trimmed",
            expected=f"at most {params.max_silence_s:g} s of silence at each end",
            arrived=f"{signal.leading_silence_s:.2f} s before, {signal.trailing_silence_s:.2f} s "
            f"after; kept samples {start} to {end} of {samples}",
        )


def _judge_duration(dossier: Dossier, params: ValidateParams) -> None:
    if dossier.kept_s < params.min_duration_s:
        dossier.find(
            "too_short", expected=f">= {params.min_duration_s:g} s", arrived=f"{dossier.kept_s:.2f}"
        )
    elif dossier.kept_s > params.max_duration_s:
        dossier.find(
            "too_long", expected=f"<= {params.max_duration_s:g} s", arrived=f"{dossier.kept_s:.2f}"
        )


def _warn_about_signal(dossier: Dossier, signal: Signal, params: ValidateParams) -> None:
    if signal.snr_db < params.warn_snr_db:
        dossier.find(
            "moderate_snr",
            expected=f"SNR >= {params.warn_snr_db:g} dB",
            arrived=f"{signal.snr_db:.1f}",
        )
    if signal.bandwidth_hz < params.warn_bandwidth_hz:
        dossier.find(
            "narrow_band",
            expected=f"sound up to {params.warn_bandwidth_hz:g} Hz",
            arrived=f"up to {signal.bandwidth_hz:g} Hz",
        )
    tightest_s = min(signal.leading_silence_s, signal.trailing_silence_s)
    if tightest_s < params.warn_min_silence_s:
        dossier.find(
            "tight_edges",
            expected=f"{params.warn_min_silence_s:g} s of silence at each end",
            arrived=f"{tightest_s:.2f}",
        )
