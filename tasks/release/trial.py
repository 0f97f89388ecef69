"""`trial`: let a version speak real requests before it is live, and stop it where it is worse."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from tasks.release.approve import enter_approval
from voxgate.clock import utc_now
from voxgate.gate.criterion import Criterion, Ruling
from voxgate.release.alarms import Alarm
from voxgate.release.desk import Answer, Desk
from voxgate.release.ports.tallies import Tallies
from voxgate.release.states import State
from voxgate.release.trial_judgement import find_trial_alarms, judge_trial
from voxgate.release.trial_rules import TrialPlan, start_trial, stop_by_monitor, stop_trial
from voxgate.release.trial_tally import TrialTally
from voxgate.release.trials import Trial
from voxgate.serving.following import every

__all__ = ["TrialReport", "check_trial", "follow_trial", "start", "stop", "trial_status"]


@dataclass(frozen=True, kw_only=True)
class TrialReport:
    """How the last trial of a model stands; `on` tells whether it goes on.

    `stopped` is the event by which this look ended it; None where it did not.
    """

    model: str
    trial: Trial | None = None
    on: bool = False
    tally: TrialTally = field(default_factory=TrialTally)
    criteria: tuple[Criterion, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    stopped: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        trial = self.trial
        return {
            "model": self.model,
            "trial": None if trial is None else {**vars(trial), "until": trial.until.isoformat()},
            "on": self.on,
            "tally": self.tally.as_json(),
            "criteria": [criterion.as_json() for criterion in self.criteria],
            "alarms": [vars(alarm) for alarm in self.alarms],
            "stopped": self.stopped,
        }


def start(desk: Desk, plan: TrialPlan, *, evidence: str | None = None) -> Answer:
    """Put a version on trial; one with a canary is approved first, by the rules of `approve`.

    An approval that is there already is taken as it is. Nothing becomes live by this: `voxgate
    promote` does that.

    Args:
        desk: the ledger and its rules.
        plan: what is tried.
        evidence: beginning of the digest of the evidence that was seen; None is what the ledger
            names now.

    Raises:
        ReleaseError, ConfigError, ConsentError: the rules do not allow it; the message says which.
    """
    book = desk.ledger.read(desk.model)
    release = book.require(plan.version)
    free = book.live is not None and book.trial_at(utc_now()) is None
    if plan.canary_per_mille and free and release.state is State.PENDING:
        enter_approval(desk, plan.version, by=plan.by, reason=plan.reason, evidence=evidence)
    elif plan.canary_per_mille and free and release.state is State.APPROVED:
        desk.require_evidence(release)
    event = desk.append(lambda book, now: start_trial(book, plan, now=now))
    return desk.answer(plan.version, event)


def stop(desk: Desk, version: int, *, by: str, reason: str) -> Answer:
    """End the trial of a version; the service hears of it with its next look at the ledger.

    Raises:
        ReleaseError: it never was on trial.
    """
    event = desk.append(lambda book, _now: stop_trial(book, version, by=by, reason=reason))
    return desk.answer(version, event)


def trial_status(desk: Desk, tallies: Tallies) -> TrialReport:
    """Return the last trial with its figures; nothing is changed, told or stopped."""
    book = desk.ledger.read(desk.model)
    if not book.trials:
        return TrialReport(model=desk.model)
    trial = book.trials[-1]
    tally = tallies.read(trial.number)
    return TrialReport(
        model=desk.model,
        trial=trial,
        on=book.trial_at(utc_now()) == trial,
        tally=tally,
        criteria=judge_trial(trial, tally),
    )


def check_trial(desk: Desk, tallies: Tallies) -> TrialReport:
    """Look at the trial that is on, tell people of what is proved, and stop what callers hear.

    It may be done as often as one likes, by whomever (`trial_judgement`). Alarms are told before
    the trial is stopped, each once, so that a look that was killed is made up for by the next.

    Raises:
        LedgerError, ExternalServiceError: ledger or sums could not be read; nothing is half done.
    """
    report = trial_status(desk, tallies)
    trial = report.trial
    if trial is None or not report.on:
        return report
    stops = trial.is_heard and desk.policy.automatic_rollback
    alarms = find_trial_alarms(desk.model, trial, report.criteria, stops=stops)
    for alarm in alarms:
        desk.outbox.enqueue(alarm.key, alarm.subject, alarm.text)
    stopped = _stop_proved(desk, trial, report) if alarms and stops else None
    if alarms:
        desk.notify()
    on = report.on and stopped is None
    return replace(report, alarms=alarms, stopped=stopped, on=on)


async def follow_trial(desk: Desk, tallies: Tallies, *, period_s: float) -> None:
    """Check every `period_s` seconds until cancelled; an outage is logged and tried again."""
    await every(
        period_s,
        partial(check_trial, desk, tallies),
        without=f"{desk.model}: the trial was not looked at",
    )


def _stop_proved(desk: Desk, trial: Trial, report: TrialReport) -> int | None:
    failed = [c.message for c in report.criteria if c.ruling is Ruling.FAIL]
    event = desk.append(
        lambda book, _now: stop_by_monitor(
            book, trial.number, reason=failed[0], figures=report.tally.as_json()
        )
    )
    return None if event is None else event.sequence
