"""How a trial stands, as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.release.trial import TrialReport
    from voxgate.release.trial_tally import Counts

__all__ = ["describe_trial"]

_COUNTED = (
    ("answers", "answers"),
    ("faulty", "faulty"),
    ("failed", "  failed"),
    ("stopped_by_limit", "  stopped by limit"),
    ("silent", "  silent"),
    ("clipped", "  clipped"),
    ("leading_silence", "  silence before"),
    ("trailing_silence", "  silence after"),
    ("late", "late"),
    ("left", "caller left"),
    ("dropped", "dropped"),
)


def describe_trial(report: TrialReport) -> str:
    """Return who is on trial, the counts by share, and each question with its answer."""
    trial = report.trial
    if trial is None:
        return f"{report.model}: no version was ever on trial"
    state = "on" if report.on else "over"
    lines = [
        f"{report.model} version {trial.version} beside version {trial.against}: trial "
        f"{trial.number}, {state}, until {trial.until.isoformat(timespec='minutes')}",
        f"canary {trial.canary_per_mille}, shadow {trial.shadow_per_mille} of 1000; by "
        f"{trial.by}: {trial.reason}",
        "",
        *_table(report),
        "",
        *(f"{c.ruling.value:<12} {c.code}: {c.message}" for c in report.criteria),
    ]
    lines += [f"ALARM {alarm.subject}" for alarm in report.alarms]
    if report.stopped is not None:
        lines.append(f"the trial was stopped (event {report.stopped})")
    return "\n".join(lines)


def _table(report: TrialReport) -> Iterator[str]:
    from voxgate.release.trial_tally import Share

    columns = {share.value: report.tally.of(share) for share in Share}
    yield f"{'':<20}" + "".join(f"{name:>10}" for name in columns)
    for name, title in _COUNTED:
        cells = "".join(f"{vars(counts)[name]:>10}" for counts in columns.values())
        yield f"{title:<20}{cells}"
    cells = "".join(f"{_seconds(counts):>10}" for counts in columns.values())
    yield f"{'first sound, s':<20}{cells}"
    shadow = columns[Share.SHADOW.value]
    if shadow.duration_ratio is not None:
        yield (
            f"{shadow.compared} sound pairs: {shadow.duration_ratio:.3f} x as long as live, "
            f"{shadow.mean_level_difference_db:+.1f} dB (means)"
        )


def _seconds(counts: Counts) -> str:
    mean = counts.mean_first_audio_s
    return "-" if mean is None else f"{mean:.3f}"
