"""What stands of all profiles after a number of events: a fold, and nothing else is ever stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from voxgate.errors import LedgerTamperedError, UnknownProfileError
from voxgate.excerpts import excerpt, some_of
from voxgate.hash_chain import find_breaks
from voxgate.speakers.events import Event, Kind, Row, parse_row
from voxgate.speakers.profiles import ConsentTerms, ProfileInputs, ProfileVersion, State
from voxgate.speakers.quality import QualityScore

__all__ = ["Register"]

_SHOWN_NAMES = 10


@dataclass(frozen=True, kw_only=True)
class Register:
    """The versions of every profile, by name, oldest first."""

    profiles: Mapping[str, tuple[ProfileVersion, ...]] = field(default_factory=dict)
    head: str | None = None
    """The last event, `SEQUENCE:SHA256`; None of an empty register."""

    @staticmethod
    def of_rows(rows: Sequence[Row], heads: Iterable[str] = ()) -> Register:
        """Fold the stored rows; `heads` are what is remembered of the chain outside.

        Raises:
            LedgerTamperedError: the chain is not whole, or an event claims what cannot be.
        """
        findings = find_breaks(rows, heads)
        if findings:
            raise LedgerTamperedError(
                f"{findings[0].message}: the speakers' register was altered, cut off, or restored "
                "from an old backup. No profile is used: check VOXGATE_LEDGER_URL, restore the "
                "database from a backup."
            )
        return Register.of(map(parse_row, rows))

    @staticmethod
    def of(events: Iterable[Event]) -> Register:
        """Fold events, oldest first.

        Raises:
            LedgerTamperedError: an event claims a transition that the rules do not have.
        """
        register = Register()
        for event in events:
            register = register.after(event)
        return register

    def after(self, event: Event) -> Register:
        """Return what stands after one more event.

        Raises:
            LedgerTamperedError: it claims a transition that the rules do not have, or its facts
                are not those of its kind.
        """
        try:
            versions = _FOLDS[event.kind](self, event)
        except (AttributeError, LookupError, TypeError, ValueError, UnknownProfileError) as error:
            raise LedgerTamperedError(
                f"event {event.sequence} of the speakers' register: its facts are not those of "
                f"the kind {event.kind} ({type(error).__name__}: {error}). It was not written by "
                "voxgate: restore the database from a backup."
            ) from error
        return Register(profiles={**self.profiles, event.profile: versions}, head=event.head)

    def require(self, name: str, version: int | None = None) -> ProfileVersion:
        """Return a version of a profile; None is its newest that was ever usable, else its newest.

        A new recording that nobody has activated does not take the place of one that is in use.

        Raises:
            UnknownProfileError: there is no such profile, or no such version of it.
        """
        versions = self.profiles.get(name)
        if not versions:
            known = some_of(sorted(self.profiles), _SHOWN_NAMES) or "none"
            raise UnknownProfileError(
                f"there is no speaker profile {excerpt(name)}; there are: {known}. `voxgate "
                "speakers list` shows them."
            )
        if version is None:
            activated = [each for each in versions if each.activated]
            return (activated or versions)[-1]
        if not 1 <= version <= len(versions):
            raise UnknownProfileError(
                f"profile {name} has the versions 1 to {len(versions)}, not {version}"
            )
        return versions[version - 1]


Versions = tuple[ProfileVersion, ...]


def _enrolled(register: Register, event: Event) -> Versions:
    versions = register.profiles.get(event.profile, ())
    inputs = ProfileInputs.from_json(event.facts["inputs"])
    if event.version != len(versions) + 1 or inputs.name != event.profile:
        raise LedgerTamperedError(
            f"event {event.sequence}: enrols {inputs.name}@{event.version} as {event.profile}, "
            f"which has {len(versions)} versions"
        )
    made = ProfileVersion(
        version=event.version,
        inputs=inputs,
        consent=inputs.consent,
        duration_s=float(event.facts["duration_s"]),
        checks=dict(event.facts["checks"]),
    )
    return (*versions, made)


def _scored(register: Register, event: Event) -> Versions:
    score = QualityScore.from_json(event.facts["score"])
    scores = register.require(event.profile, event.version).scores
    return _changed(register, event, scores=(*scores, score))


def _consent_changed(register: Register, event: Event) -> Versions:
    consent = ConsentTerms.from_json(event.facts["consent"])
    return _changed(register, event, consent=consent)


def _moved(*before: State, to: State) -> Callable[[Register, Event], Versions]:
    def fold(register: Register, event: Event) -> Versions:
        found = register.require(event.profile, event.version)
        if found.state not in before:
            raise LedgerTamperedError(
                f"event {event.sequence}: {found.label} is {found.state} and cannot be {event.kind}"
            )
        activated = found.activated or to is State.USABLE
        why = f"{event.actor}: {event.reason}"
        return _changed(register, event, state=to, activated=activated, why=why)

    return fold


def _changed(register: Register, event: Event, **changes: object) -> Versions:
    before = register.require(event.profile, event.version)
    after = replace(before, **changes)  # type: ignore[arg-type]  # names of its fields
    versions = register.profiles[event.profile]
    return (*versions[: event.version - 1], after, *versions[event.version :])


_FOLDS: Mapping[Kind, Callable[[Register, Event], Versions]] = {
    Kind.ENROLLED: _enrolled,
    Kind.SCORED: _scored,
    Kind.ACTIVATED: _moved(State.DRAFT, to=State.USABLE),
    Kind.SUSPENDED: _moved(State.USABLE, to=State.SUSPENDED),
    Kind.RESUMED: _moved(State.SUSPENDED, to=State.USABLE),
    Kind.REVOKED: _moved(State.DRAFT, State.USABLE, State.SUSPENDED, to=State.REVOKED),
    Kind.CONSENT_CHANGED: _consent_changed,
}
