"""Replay a ledger: may each event follow what stood before it?

Whoever can write the database can seal whatever they like, so a chain that is whole says nothing
about what is in it. This asks of every event what the rules asked when it was decided: the rules of
`approvals`, `promotions` and `candidates`, without those that depend on the parameters of the day
(who was listed as an approver, how many votes settled a question).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from voxgate.corpus.consent import ConsentScope
from voxgate.errors import LedgerTamperedError
from voxgate.hash_chain import Finding
from voxgate.release.book import Book
from voxgate.release.events import Event, Kind, Row, parse_row
from voxgate.release.loosening import loosened_since
from voxgate.release.monitoring import plan_retreat
from voxgate.release.people import is_policy, looks_like
from voxgate.release.policy import (
    BASE_ACTOR,
    MONITOR_ACTOR,
    POLICY_ACTOR,
    Policy,
    allows_automatic,
)
from voxgate.release.records import OFFERED, UNDECIDED, Approval, Judgement, Release
from voxgate.release.states import State
from voxgate.release.trials import MAX_DAYS, Trial, share_faults
from voxgate.release.votes import votes_digest

__all__ = ["find_breaches"]

Breach = tuple[str, str]
"""A code and what is wrong."""

VERDICTS = (*OFFERED, "FAIL", "HOLD")
_SCOPES = [scope.value for scope in ConsentScope]


def find_breaches(rows: Sequence[Row], policy: Policy | None = None) -> list[Finding]:
    """Return every event that no rule allows at its place.

    Args:
        rows: the whole ledger, its chain known to be whole.
        policy: knows the other names of a person; None compares names alone.
    """
    books: dict[str, Book] = {}
    findings: list[Finding] = []
    broken: set[str] = set()
    latest: datetime | None = None
    fences: dict[str, int] = {}
    for row in rows:
        try:
            event = parse_row(row)
            book = books.get(event.model, Book(model=event.model))
            after = book.after(event) if event.model not in broken else book
            breaches = [*_judge_place(event, latest, fences)]
            if event.model not in broken:
                breaches += _RULES.get(event.kind, _no_rule)(book, event, policy)
        except LedgerTamperedError as error:
            # What follows in this model rests on an event that cannot be: no more to say about it.
            broken.add(row.model)
            findings.append(Finding(sequence=row.sequence, code="impossible", message=str(error)))
            continue
        books[event.model], latest = after, event.at
        findings += [
            Finding(sequence=row.sequence, code=code, message=f"event {row.sequence}: {text}")
            for code, text in breaches
        ]
    return findings


def _judge_place(event: Event, latest: datetime | None, fences: dict[str, int]) -> Iterator[Breach]:
    if latest is not None and event.at < latest and event.kind is not Kind.CLOCK_CORRECTED:
        yield "backdated", f"it is of {event.at.isoformat()}, the event before it is later"
    token = event.facts.get("fence")
    if token is not None:
        if token <= fences.get(event.model, 0):
            yield "stale_fence", f"its fencing token {token} was overtaken by an earlier event's"
        fences[event.model] = token


def _no_rule(_book: Book, _event: Event, _policy: Policy | None) -> Iterator[Breach]:
    yield from ()


def _registered(book: Book, event: Event, _policy: Policy | None) -> Iterator[Breach]:
    known = book.find(event.facts["candidate_digest"])
    if known is not None:
        yield "registered_twice", f"its candidate is version {known.version} already"
    if event.facts["consent_scope"] not in _SCOPES:
        yield "unknown_scope", f"there is no consent for {event.facts['consent_scope']!r}"


def _looked(book: Book, event: Event, _policy: Policy | None) -> Iterator[Breach]:
    judgement = Judgement.from_facts(event.facts)
    if judgement.verdict != "INCONCLUSIVE":
        yield "unknown_verdict", f"after {judgement.verdict!r} there is no further look"
    yield from _counted(book, event, judgement)


def _counted(book: Book, event: Event, judgement: Judgement) -> Iterator[Breach]:
    """What was spent of the level follows from the looks before."""
    assert event.version is not None
    if judgement.verdict == "HOLD" or "candidate" not in event.facts:
        return  # no figure was seen, or nobody counted yet
    place = book.place(
        event.version,
        champion=judgement.champion,
        benchmark_digest=judgement.benchmark_digest,
    )
    if judgement.candidate != place:
        yield (
            "miscounted",
            f"it is candidate {place} against its champion on these prompts, and was judged as "
            f"candidate {judgement.candidate}",
        )


def _judged(book: Book, event: Event, _policy: Policy | None) -> Iterator[Breach]:
    release, judgement = _release(book, event), Judgement.from_facts(event.facts)
    standing = release.judgement
    yield from _counted(book, event, judgement)
    if judgement.verdict not in VERDICTS:
        yield "unknown_verdict", f"the gate has no verdict {judgement.verdict!r}"
    if judgement.expires_at <= event.at:
        yield "expired", "it offers a decision whose time is over"
    if judgement.limits is not None and not judgement.needs_person:
        looser = loosened_since(book, judgement.limits)
        if looser:
            yield "looser_limits", f"it needs no person, though {'; '.join(looser)}"
    for rival in (judgement.champion, judgement.gold):
        if rival is not None and (rival == event.version or rival not in book.releases):
            yield "unknown_rival", f"it compares with version {rival}"
    if standing is not None and standing.evidence_digest == judgement.evidence_digest:
        if standing.verdict_digest != judgement.verdict_digest:
            yield "other_verdict", "it gives another verdict on the same evidence"
        elif not release.is_expired(event.at):
            yield "judged_twice", "the same verdict stood already"


def _approved(book: Book, event: Event, policy: Policy | None) -> Iterator[Breach]:
    release = _release(book, event)
    judgement, approval = release.judgement, Approval.from_facts(event.actor, event.facts)
    if judgement is None:
        yield "no_verdict", "it approves a version without a verdict"
        return
    if approval.evidence_digest != judgement.evidence_digest:
        yield "other_evidence", "it approves evidence that the version was not judged on"
    yield from _wider_scope(release, approval.scope)
    yield from _not_theirs(release, event, policy, "own_approval", "approved")
    if approval.replaces != book.live:
        yield "other_champion", f"it replaces {approval.replaces}, live was {book.live}"
    if event.at > judgement.expires_at:
        yield "expired", "the time for the decision was over"
    yield from _offered(book, release, judgement, approval, event)
    votes = approval.votes
    if votes is not None and votes["digest"] != votes_digest(release.votes, votes["rival"]):
        yield "other_votes", "the approval names votes that did not stand when it was given"


def _offered(
    book: Book, release: Release, judgement: Judgement, approval: Approval, event: Event
) -> Iterator[Breach]:
    if is_policy(event.actor) and (
        event.actor != POLICY_ACTOR or approval.override or not allows_automatic(judgement)
    ):
        yield "needs_person", f"{event.actor} approved what only a person may approve"
    if approval.override:
        if approval.until <= event.at:
            yield "expired", "its override had ended when it was given"
        return
    if release.state is not State.PENDING:
        yield "not_offered", f"the verdict was {judgement.verdict}, and this is no override"
    if judgement.champion != book.live:
        yield "other_champion", f"it was compared with {judgement.champion}, live was {book.live}"
    if approval.until != judgement.expires_at:
        yield "other_end", "it is valid for another time than the decision"


def _rejected(book: Book, event: Event, _policy: Policy | None) -> Iterator[Breach]:
    judgement = _release(book, event).judgement
    if event.facts["evidence_digest"] != (judgement and judgement.evidence_digest):
        yield "other_evidence", "it rejects evidence that the version was not judged on"
    yield from _by_person(event)


def _promoted(book: Book, event: Event, _policy: Policy | None) -> Iterator[Breach]:
    release = _release(book, event)
    approval = release.approval
    if release.state is not State.APPROVED or approval is None:
        yield "not_approved", f"it promotes a version that was {release.state.value}"
        return
    yield from _as_approved(event, approval)
    if approval.replaces != book.live:
        yield "other_champion", f"the approval was to replace {approval.replaces}"
    if event.at > approval.until:
        yield "expired", "the approval was over"


def _rolled_back(book: Book, event: Event, _policy: Policy | None) -> Iterator[Breach]:
    release = _release(book, event)
    if release.state is not State.RETIRED or release.approval is None:
        yield "never_live", f"it goes back to a version that was {release.state.value}"
        return
    yield from _as_approved(event, release.approval)
    if event.actor != MONITOR_ACTOR:
        yield from _by_person(event)
        return
    retreat = plan_retreat(book)
    if retreat is None or retreat.to != event.version:
        yield "needs_person", "monitoring had found no reason to go there"


def _quarantined(book: Book, event: Event, policy: Policy | None) -> Iterator[Breach]:
    if book.gold == event.version:
        yield from _not_theirs(_release(book, event), event, policy, "own_gold", "banned as gold")
    if event.facts["was"] != _release(book, event).state.value:
        yield "other_state", f"the version was {_release(book, event).state.value}"
    yield from _by_person(event)


def _gold_named(book: Book, event: Event, policy: Policy | None) -> Iterator[Breach]:
    release = _release(book, event)
    if release.state in (State.REJECTED, State.QUARANTINED):
        yield "not_gold", f"it names a version that was {release.state.value}"
    if event.facts["replaced"] != book.gold:
        yield "other_gold", f"gold was {book.gold}"
    untouched = release.judgement is None and release.origin.recipe_digest is None
    base = book.gold is None and untouched
    if base and event.actor in (BASE_ACTOR, release.origin.trained_by):
        return  # the base before adaptation; early ledgers have it by the login of the run
    yield from _not_theirs(release, event, policy, "own_gold", "named gold")
    yield from _by_person(event)


def _monitored(_book: Book, event: Event, _policy: Policy | None) -> Iterator[Breach]:
    if event.actor != MONITOR_ACTOR:
        yield "not_monitored", f"{event.actor} is not the monitor"


def _trial_started(book: Book, event: Event, _policy: Policy | None) -> Iterator[Breach]:
    release, trial = _release(book, event), Trial.from_event(event)
    yield from _by_person(event)
    shares = {
        "canary_per_mille": trial.canary_per_mille,
        "shadow_per_mille": trial.shadow_per_mille,
    }
    if [*share_faults(**shares)] or not any(shares.values()):
        yield "wide_trial", f"its shares are {shares}"
    if book.live is None or trial.against != book.live:
        yield "other_champion", f"it tries against {trial.against}, live was {book.live}"
    if book.trial_at(event.at) is not None:
        yield "second_trial", "another trial was on"
    if release.state not in UNDECIDED:
        yield "decided", f"it tries a version that was {release.state.value}"
    if trial.until <= event.at or trial.until > event.at + timedelta(days=MAX_DAYS, minutes=1):
        yield "other_end", f"it ends on {trial.until.isoformat()}"
    approval = release.approval
    if trial.is_heard and (release.state is not State.APPROVED or approval is None):
        yield "not_approved", f"callers hear a version that was {release.state.value}"
    elif trial.is_heard and approval is not None and trial.until > approval.until:
        yield "expired", "callers hear it after its approval"


def _trial_stopped(book: Book, event: Event, _policy: Policy | None) -> Iterator[Breach]:
    trial = book.trial
    found = None if trial is None else (trial.number, trial.version)
    if found != (event.facts["trial"], event.version):
        yield "no_trial", f"it stops a trial that was not on; on was {found}"
    if event.actor != MONITOR_ACTOR:
        yield from _by_person(event)


def _by_hand(_book: Book, event: Event, _policy: Policy | None) -> Iterator[Breach]:
    yield from _by_person(event)


def _as_approved(event: Event, approval: Approval) -> Iterator[Breach]:
    if event.facts["scope"] != approval.scope:
        yield "other_scope", f"it is for {event.facts['scope']!r}, approved was {approval.scope!r}"
    if event.facts["evidence_digest"] != approval.evidence_digest:
        yield "other_evidence", "it names other evidence than its approval"


def _wider_scope(release: Release, scope: str) -> Iterator[Breach]:
    agreed = release.origin.consent_scope
    known = scope in _SCOPES and agreed in _SCOPES
    if not known or _SCOPES.index(scope) > _SCOPES.index(agreed):
        yield "wider_scope", f"it releases for {scope!r}, the consent is for {agreed!r}"


def _not_theirs(
    release: Release, event: Event, policy: Policy | None, code: str, done: str
) -> Iterator[Breach]:
    trainer = release.origin.trained_by
    own = policy.is_trainer(event.actor, release) if policy else looks_like(event.actor, trainer)
    if own:
        yield code, f"{event.actor} {done} a version that they trained"


def _by_person(event: Event) -> Iterator[Breach]:
    if is_policy(event.actor):
        yield "needs_person", f"{event.actor} did what only a person may do"


def _release(book: Book, event: Event) -> Release:
    if event.version is None or event.version not in book.releases:
        raise LedgerTamperedError(f"event {event.sequence}: its version was never registered")
    return book.releases[event.version]


_RULES: dict[Kind, Callable[[Book, Event, Policy | None], Iterator[Breach]]] = {
    Kind.REGISTERED: _registered,
    Kind.LOOKED: _looked,
    Kind.JUDGED: _judged,
    Kind.APPROVED: _approved,
    Kind.REJECTED: _rejected,
    Kind.PROMOTED: _promoted,
    Kind.ROLLED_BACK: _rolled_back,
    Kind.QUARANTINED: _quarantined,
    Kind.GOLD_NAMED: _gold_named,
    Kind.MONITORED: _monitored,
    Kind.VOTED: _by_hand,
    Kind.CLOCK_CORRECTED: _by_hand,
    Kind.TRADE_SIGNED: _by_hand,
    Kind.TRADE_REVOKED: _by_hand,
    Kind.TRIAL_STARTED: _trial_started,
    Kind.TRIAL_STOPPED: _trial_stopped,
}
