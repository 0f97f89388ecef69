"""Who may decide, for how long, and what a release may be used for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from voxgate.corpus.consent import ConsentScope
from voxgate.errors import ApproverError, ConsentError, ReleaseError
from voxgate.release.people import is_policy, looks_like, person_id, require_line, require_name
from voxgate.release.records import Judgement, Release

__all__ = [
    "BASE_ACTOR",
    "MONITOR_ACTOR",
    "POLICY_ACTOR",
    "Policy",
    "VoteRule",
    "allows_automatic",
    "is_automatic",
    "require_consent",
    "require_person",
    "require_words",
]

POLICY_ACTOR = "policy:auto"
MONITOR_ACTOR = "policy:monitor"
BASE_ACTOR = "policy:base"
"""Names the base as the first gold, before any person can have an opinion."""

MAX_REASON = 2000


@dataclass(frozen=True, kw_only=True)
class VoteRule:
    """When votes settle a question: `gate.min_votes`, `preference_margin`, `confidence`."""

    min_prompts: int
    preference_margin: float
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The rules of `gate.approval_*`, `gate.rollback_policy` and `gate.approvers` of params.yaml.

    `approvers` maps a person to other names of the same person; empty admits anybody but the one
    who trained.
    """

    valid_for: timedelta
    votes: VoteRule
    automatic: bool = False
    automatic_rollback: bool = True
    approvers: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def require_listed(self, by: str) -> None:
        """Stop unless `by` is one of those who may approve.

        Raises:
            ApproverError: some are listed, and `by` is not.
        """
        if self.approvers and person_id(by) not in map(person_id, self.approvers):
            listed = ", ".join(sorted(self.approvers))
            raise ApproverError(
                f"{by!r} may not approve: gate.approvers in params.yaml lists {listed}"
            )

    def require_approver(self, by: str, release: Release) -> None:
        """Stop unless `by` may approve the version.

        Raises:
            ApproverError: `by` is not listed, or trained the version, under whatever name.
        """
        self.require_listed(by)
        if self.is_trainer(by, release):
            trainer = release.origin.trained_by
            raise ApproverError(
                f"{by!r} trained version {release.version} (as {trainer!r}); somebody else has to "
                "approve it. Set VOXGATE_ACTOR where retraining runs on behalf of a schedule."
            )

    def is_trainer(self, person: str, release: Release) -> bool:
        """Tell whether a person trained the version, under whatever name or look-alike of one."""
        trainer = release.origin.trained_by
        return any(looks_like(name, trainer) for name in self._names(person))

    def _names(self, by: str) -> tuple[str, ...]:
        others = {person_id(person): names for person, names in self.approvers.items()}
        return (by, *others.get(person_id(by), ()))


def require_words(by: str, reason: str) -> None:
    """Stop a decision without a name or a reason.

    Raises:
        ReleaseError: one of them is empty, too long, or not one line of printable text, or the
            name could be taken for another one.
    """
    require_name(by)
    require_line(reason, option="--reason", limit=MAX_REASON)
    if not reason.strip():
        raise ReleaseError("--reason is empty: the audit keeps who decided, and why")


def require_person(by: str) -> None:
    """Stop when a person decides under a policy's name.

    Raises:
        ApproverError: the name is reserved.
    """
    if is_policy(by):
        raise ApproverError(f"{by!r} is the name of a policy; decide under your own")


def allows_automatic(judgement: Judgement) -> bool:
    """Tell whether the verdict can release without a person: PASS against a champion."""
    return (
        judgement.verdict == "PASS"
        and judgement.champion is not None
        and not judgement.needs_person
    )


def is_automatic(judgement: Judgement) -> bool:
    """Tell whether it releases without a person today: it also says what it was measured against.

    A verdict of before the ledger kept limits does not; releases that it led to stand.
    """
    return judgement.limits is not None and allows_automatic(judgement)


def require_consent(release: Release, scope: str) -> None:
    """Stop a release for a use that the speaker did not agree to.

    Raises:
        ConsentError: `scope` is unknown, or wider than the consent that travels with the version.
    """
    order = [member.value for member in ConsentScope]
    agreed = release.origin.consent_scope
    if scope not in order or agreed not in order:
        raise ConsentError(
            f"version {release.version}: release scope {scope!r}, consent {agreed!r}; expected "
            f"one of {', '.join(order)}"
        )
    if order.index(scope) > order.index(agreed):
        raise ConsentError(
            f"version {release.version} was made from recordings with consent for {agreed!r}; it "
            f"cannot be released for {scope!r}. Release it for {agreed!r}, or train on recordings "
            "whose speakers agreed to more."
        )
