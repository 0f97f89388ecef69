"""From a finished retraining to an offer: a candidate is entered, judged, and found again.

Every function here and in `approvals` and `promotions` is pure: from the book it gives the event to
append, or None when that stands already, so that a command which was killed can be given again.
"""

from __future__ import annotations

from datetime import datetime

from voxgate.errors import AlreadyDecidedError, GateError
from voxgate.release.book import Book
from voxgate.release.drills import require_place
from voxgate.release.events import Draft, Kind
from voxgate.release.policy import BASE_ACTOR, Policy, require_person, require_words
from voxgate.release.records import UNDECIDED, Judgement, Look, Origin, Release
from voxgate.release.states import State

__all__ = ["judge", "look", "name_gold", "objections", "recognise", "register", "restore"]

_CONDEMNED = (State.REJECTED, State.QUARANTINED)


def recognise(book: Book, candidate_digest: str, model_digest: str | None) -> Release | None:
    """Return the version that a candidate is, or that people decided against as the same voice.

    Without the second, a voice that was quarantined would come back under a new number as soon as
    a line of code or the way of measuring it changes.
    """
    same = [
        release
        for release in book.releases.values()
        if model_digest is not None and release.origin.model_digest == model_digest
    ]
    states = {release.state: release for release in same}
    return (
        states.get(State.QUARANTINED) or book.find(candidate_digest) or states.get(State.REJECTED)
    )


def objections(book: Book, version: int) -> tuple[str, ...]:
    """Say what people decided against this version, this voice, or one of the same recipe."""
    release = book.require(version)
    if release.state in _CONDEMNED:
        return (
            f"this voice was {release.state} as version {version} by {release.condemned}; nothing "
            "new is offered. Other recordings or parameters make another voice.",
        )
    others = (r for r in book.releases.values() if r.version != version and r.state in _CONDEMNED)
    return tuple(filter(None, (_objection(release.origin, other) for other in others)))


def _objection(origin: Origin, other: Release) -> str | None:
    found = f"was {other.state} as version {other.version} by {other.condemned}"
    if origin.model_digest is not None and origin.model_digest == other.origin.model_digest:
        return f"this voice, to the last bit, {found}"
    if origin.recipe_digest is not None and origin.recipe_digest == other.origin.recipe_digest:
        return (
            f"a voice of the same recordings, parameters and code {found}; this one was trained "
            "again, and its weights differ"
        )
    return None


def register(book: Book, origin: Origin) -> Draft | None:
    """Enter a candidate, or note where the registry keeps a known one today.

    Raises:
        ReleaseError: it is a replay voice, and the model is not for drills.
    """
    require_place(origin.voice_kind, book.model)
    known = recognise(book, origin.candidate_digest, origin.model_digest)
    if known is None:
        taken = origin.registry_version in book.releases
        version = max(book.releases) + 1 if taken else origin.registry_version
        return book.draft(
            Kind.REGISTERED,
            version,
            by=origin.trained_by,
            reason="a candidate was trained and measured",
            facts=origin.as_facts(),
        )
    found = (origin.registry_version, origin.parent_run_id)
    if book.nominated == known.version and found == (known.registry_version, known.parent_run_id):
        return None
    return book.draft(
        Kind.NOMINATED,
        known.version,
        by=origin.trained_by,
        reason="a retraining came to this candidate again",
        facts={
            "registry_version": origin.registry_version,
            "parent_run_id": origin.parent_run_id,
        },
    )


def look(book: Book, version: int, judgement: Judgement, *, by: str, reason: str) -> Draft | None:
    """Note a look that left the verdict open: whoever comes next cannot begin to count anew.

    Raises:
        GateError: another candidate was looked at in the meantime.
    """
    if book.require(version).state not in UNDECIDED:
        return None
    if Look.of(version, judgement) in book.looks:
        return None
    _require_place(book, version, judgement)
    return book.draft(Kind.LOOKED, version, by=by, reason=reason, facts=judgement.as_facts())


def judge(
    book: Book, version: int, judgement: Judgement, *, by: str, reason: str, now: datetime
) -> Draft | None:
    """Bind a verdict to an undecided version; new evidence ends an approval that is not live.

    A decision that expired is opened anew, also by the same evidence.

    Raises:
        GateError: another candidate was looked at in the meantime.
    """
    release = book.require(version)
    if release.state not in UNDECIDED:
        return None
    standing = release.judgement
    same = standing is not None and standing.evidence_digest == judgement.evidence_digest
    if same and not release.is_expired(now):
        return None
    _require_place(book, version, judgement)
    return book.draft(Kind.JUDGED, version, by=by, reason=reason, facts=judgement.as_facts())


def _require_place(book: Book, version: int, judgement: Judgement) -> None:
    """What a candidate may spend of the level follows from those before it."""
    place = book.place(
        version, champion=judgement.champion, benchmark_digest=judgement.benchmark_digest
    )
    if judgement.verdict != "HOLD" and judgement.candidate != place:
        raise GateError(
            f"version {version} was judged as candidate {judgement.candidate} of its champion and "
            f"is candidate {place}: another one was judged in the meantime. Judge it again."
        )


def restore(
    book: Book, version: int, *, registry_version: int, parent_run_id: str | None, by: str
) -> Draft | None:
    """Note under which number the registry keeps a version that was deleted there."""
    release = book.require(version)
    if release.registry_version == registry_version:
        return None
    return book.draft(
        Kind.RESTORED,
        version,
        by=by,
        reason=f"deleted from the registry as {release.registry_version}, restored there",
        facts={"registry_version": registry_version, "parent_run_id": parent_run_id},
    )


def name_gold(book: Book, version: int, policy: Policy, *, by: str, reason: str) -> Draft | None:
    """Freeze a version as gold: every later candidate is compared with it too.

    A person who may approve the version may also name it. The base alone, which nobody trained
    here and no recipe leads to, is named by policy, and only where there is no gold yet.

    Raises:
        UnknownVersionError: there is no such version.
        ApproverError: this person or policy may not name it.
        AlreadyDecidedError: it was rejected or quarantined.
    """
    require_words(by, reason)
    release = book.require(version)
    if by != BASE_ACTOR or book.gold is not None or not _is_base(release):
        require_person(by)
        policy.require_approver(by, release)
    if release.state in _CONDEMNED:
        raise AlreadyDecidedError(
            f"version {version} is {release.state.value}; gold is a version to be proud of"
        )
    if book.gold == version:
        return None
    return book.draft(Kind.GOLD_NAMED, version, by=by, reason=reason, facts={"replaced": book.gold})


def _is_base(release: Release) -> bool:
    return release.judgement is None and release.origin.recipe_digest is None
