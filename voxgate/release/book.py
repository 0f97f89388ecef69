"""What stands after a number of events: a fold, and nothing else is ever stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from voxgate.errors import LedgerTamperedError, UnknownVersionError
from voxgate.release.events import Draft, Event, Kind
from voxgate.release.health import Check, Health
from voxgate.release.records import (
    OFFERED,
    UNDECIDED,
    Approval,
    Judgement,
    Look,
    Origin,
    Release,
    evidence_name,
)
from voxgate.release.states import State, allows
from voxgate.release.trades import Signature
from voxgate.release.trials import Trial
from voxgate.release.votes import Vote

__all__ = ["Book"]


@dataclass(frozen=True, kw_only=True)
class Book:
    """The releases of one model. `lives` are the versions in the order in which they became live.

    `nominated` is the version that the last finished retraining registered. `looks` are all that
    were taken at figures, in order.
    """

    model: str
    releases: Mapping[int, Release] = field(default_factory=dict)
    lives: tuple[int, ...] = ()
    nominated: int | None = None
    gold: int | None = None
    looks: tuple[Look, ...] = ()
    measured: Mapping[str, str] = field(default_factory=dict)
    """The sha256 of evidence that was made here, by the voice and the frame that it is about."""

    trade: Signature | None = None
    """The rule of `gate.trade` that a person signed, unless it was revoked."""

    trials: tuple[Trial, ...] = ()
    """All that were started, in order."""

    trial: Trial | None = None
    """The last one, unless it was stopped, decided, or what is live changed; its time may be over:
    `trial_at` asks for that too."""

    last_change: Event | None = None
    """The event that decided what is live."""

    last_event: Event | None = None

    @staticmethod
    def of(model: str, events: Iterable[Event]) -> Book:
        """Fold the events of one model, oldest first.

        Raises:
            LedgerTamperedError: an event claims a transition that the rules do not have.
        """
        book = Book(model=model)
        for event in events:
            book = book.after(event)
        return book

    @property
    def live(self) -> int | None:
        """The version that users hear."""
        return next((v for v, r in self.releases.items() if r.state is State.LIVE), None)

    @property
    def challenger(self) -> int | None:
        """The nominated version while it is undecided."""
        nominated = self.nominated
        if nominated is None or self.releases[nominated].state not in UNDECIDED:
            return None
        return nominated

    @property
    def previous(self) -> int | None:
        """The version that a rollback goes to: it was live last, and no rollback has left it."""
        return next(
            (
                version
                for version in reversed(self.lives)
                if self.releases[version].state is State.RETIRED
                and not self.releases[version].withdrawn
            ),
            None,
        )

    def trial_at(self, now: datetime) -> Trial | None:
        """Return the trial that is on at a time."""
        return None if self.trial is None or self.trial.is_over(now) else self.trial

    def require(self, version: int) -> Release:
        """Return a version.

        Raises:
            UnknownVersionError: the ledger does not have it.
        """
        if version not in self.releases:
            known = ", ".join(map(str, sorted(self.releases))) or "none"
            raise UnknownVersionError(
                f"{self.model} version {version} is not in the ledger; it has {known}. "
                "`voxgate status` shows what waits for a decision."
            )
        return self.releases[version]

    def place(self, version: int, *, champion: int | None, benchmark_digest: str) -> int:
        """Count the candidates that were set against a champion on a benchmark up to this one.

        One that was looked at before keeps its place; a HOLD saw no figure that counts.
        """
        seen = [
            look.version
            for look in self.looks
            if (look.champion, look.benchmark_digest) == (champion, benchmark_digest)
            and look.verdict != "HOLD"
        ]
        order = list(dict.fromkeys([*seen, version]))
        return order.index(version) + 1

    def find(self, candidate_digest: str) -> Release | None:
        """Return the version that was made from a candidate."""
        found = (r for r in self.releases.values() if r.origin.candidate_digest == candidate_digest)
        return next(found, None)

    def after(self, event: Event) -> Book:
        """Return what stands after one more event.

        Raises:
            LedgerTamperedError: it claims a transition that the rules do not have, or its facts
                are not those of its kind.
        """
        try:
            book = _FOLDS[event.kind](self, event)
        except _MALFORMED as error:
            raise _malformed(event, error) from error
        if book.trial is not None and not _goes_on(book, book.trial):
            book = replace(book, trial=None)
        return replace(book, last_event=event)

    def draft(
        self, kind: Kind, version: int, *, by: str, reason: str, facts: Mapping[str, Any]
    ) -> Draft:
        """Return an event about a version that is still to be appended."""
        return Draft(
            kind=kind, model=self.model, version=version, actor=by, reason=reason, facts=facts
        )

    def with_release(self, event: Event, **changes: object) -> Book:
        """Return the book with the event's version changed; a new state must be reachable."""
        assert event.version is not None
        before = self.releases.get(event.version)
        if before is None:
            raise LedgerTamperedError(
                f"event {event.sequence}: version {event.version} was never registered"
            )
        release = replace(before, **changes)  # type: ignore[arg-type]  # names of Release's fields
        if "state" in changes and not allows(before.state, release.state):
            raise LedgerTamperedError(
                f"event {event.sequence}: version {event.version} cannot go from {before.state} "
                f"to {release.state}"
            )
        return replace(self, releases={**self.releases, event.version: release})


_MALFORMED = (
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    UnknownVersionError,
)


def _malformed(event: Event, error: Exception) -> LedgerTamperedError:
    return LedgerTamperedError(
        f"event {event.sequence}: its facts are not those of the kind {event.kind.value} "
        f"({type(error).__name__}: {error}). It was not written by voxgate: restore the ledger "
        "from a backup."
    )


def _registered(book: Book, event: Event) -> Book:
    assert event.version is not None
    if event.version in book.releases:
        raise LedgerTamperedError(
            f"event {event.sequence}: version {event.version} was registered before"
        )
    origin = Origin.from_facts(event.facts)
    release = Release(
        version=event.version,
        state=State.CANDIDATE,
        origin=origin,
        registry_version=origin.registry_version,
        parent_run_id=origin.parent_run_id,
        login=dict(event.facts.get("login", {})),
    )
    return replace(
        book, releases={**book.releases, event.version: release}, nominated=event.version
    )


def _restored(book: Book, event: Event) -> Book:
    return book.with_release(
        event,
        registry_version=event.facts["registry_version"],
        parent_run_id=event.facts["parent_run_id"],
    )


def _nominated(book: Book, event: Event) -> Book:
    return replace(_restored(book, event), nominated=event.version)


def _judged(book: Book, event: Event) -> Book:
    judgement = Judgement.from_facts(event.facts)
    state = State.PENDING if judgement.verdict in OFFERED else State.CANDIDATE
    book = _with_look(book, event)
    # An approval is bound to the evidence that it saw; new evidence ends it.
    return book.with_release(event, state=state, judgement=judgement, approval=None)


def _looked(book: Book, event: Event) -> Book:
    return _with_look(book.with_release(event), event)


def _with_look(book: Book, event: Event) -> Book:
    assert event.version is not None
    look = Look.of(event.version, Judgement.from_facts(event.facts))
    return book if look in book.looks else replace(book, looks=(*book.looks, look))


def _approved(book: Book, event: Event) -> Book:
    approval = Approval.from_facts(event.actor, event.facts)
    return book.with_release(event, state=State.APPROVED, approval=approval)


def _rejected(book: Book, event: Event) -> Book:
    return book.with_release(event, state=State.REJECTED, condemned=_words(event))


def _made_live(book: Book, event: Event, *, withdraw: bool) -> Book:
    assert event.version is not None
    if event.facts["replaced"] != book.live:
        raise LedgerTamperedError(
            f"event {event.sequence}: replaces {event.facts['replaced']}, live was {book.live}"
        )
    if book.live is not None:
        leaving = replace(event, version=book.live)
        book = book.with_release(leaving, state=State.RETIRED, withdrawn=withdraw)
    book = book.with_release(event, state=State.LIVE, withdrawn=False, failures=0)
    return replace(book, lives=(*book.lives, event.version), last_change=event)


def _promoted(book: Book, event: Event) -> Book:
    return _made_live(book, event, withdraw=False)


def _rolled_back(book: Book, event: Event) -> Book:
    return _made_live(book, event, withdraw=True)


def _quarantined(book: Book, event: Event) -> Book:
    was_live = book.live == event.version
    book = book.with_release(event, state=State.QUARANTINED, condemned=_words(event))
    gold = None if book.gold == event.version else book.gold
    return replace(book, gold=gold, last_change=event if was_live else book.last_change)


def _words(event: Event) -> str:
    return f"{event.actor}: {event.reason}"


def _gold_named(book: Book, event: Event) -> Book:
    return replace(book.with_release(event), gold=event.version)


def _voted(book: Book, event: Event) -> Book:
    assert event.version is not None
    release = book.releases.get(event.version)
    known = {} if release is None else release.votes
    vote = Vote.from_event(event, known)
    return book.with_release(event, votes={**known, vote.key: vote})


def _monitored(book: Book, event: Event) -> Book:
    assert event.version is not None
    check = Check.from_facts(event.facts)
    release = book.require(event.version)
    before = release.failures
    failures = {Health.OK: 0, Health.FAILED: before + 1, Health.HOLD: before}[check.health]
    # A HOLD may be tried again: the day's last word counts.
    earlier = tuple(other for other in release.checks if other.day != check.day)
    return book.with_release(event, checks=(*earlier, check), failures=failures)


def _measured(book: Book, event: Event) -> Book:
    facts = event.facts
    name = evidence_name(facts["model_digest"], facts["frame_digest"])
    return replace(book, measured={**book.measured, name: facts["evidence_sha256"]})


def _trade_signed(book: Book, event: Event) -> Book:
    return replace(book, trade=Signature.from_event(event))


def _trade_revoked(book: Book, _event: Event) -> Book:
    return replace(book, trade=None)


def _trial_started(book: Book, event: Event) -> Book:
    trial = Trial.from_event(event)
    return replace(book.with_release(event), trials=(*book.trials, trial), trial=trial)


def _trial_stopped(book: Book, event: Event) -> Book:
    assert isinstance(event.facts["trial"], int)
    return replace(book.with_release(event), trial=None)


def _goes_on(book: Book, trial: Trial) -> bool:
    """What is heard ends with its approval, and every trial with the comparison that it is."""
    state = book.releases[trial.version].state
    allowed = (State.APPROVED,) if trial.is_heard else UNDECIDED
    return state in allowed and book.live == trial.against


def _unchanged(book: Book, _event: Event) -> Book:
    return book


_FOLDS: dict[Kind, Callable[[Book, Event], Book]] = {
    Kind.REGISTERED: _registered,
    Kind.NOMINATED: _nominated,
    Kind.LOOKED: _looked,
    Kind.JUDGED: _judged,
    Kind.APPROVED: _approved,
    Kind.REJECTED: _rejected,
    Kind.PROMOTED: _promoted,
    Kind.ROLLED_BACK: _rolled_back,
    Kind.QUARANTINED: _quarantined,
    Kind.GOLD_NAMED: _gold_named,
    Kind.RESTORED: _restored,
    Kind.MONITORED: _monitored,
    Kind.CLOCK_CORRECTED: _unchanged,
    Kind.VOTED: _voted,
    Kind.MEASURED: _measured,
    Kind.TRADE_SIGNED: _trade_signed,
    Kind.TRADE_REVOKED: _trade_revoked,
    Kind.TRIAL_STARTED: _trial_started,
    Kind.TRIAL_STOPPED: _trial_stopped,
}
