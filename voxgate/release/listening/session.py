"""What is heard beside what, in which order, and how a vote enters the ledger."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voxgate.files import canonical_json
from voxgate.release.book import Book
from voxgate.release.events import Draft, Kind
from voxgate.release.people import person_id
from voxgate.release.policy import require_person, require_words
from voxgate.release.votes import Ballot

__all__ = ["Trial", "cast", "plan_trials", "rival_of"]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One prompt as it is heard. `order` are the versions as A and B, or the one alone."""

    prompt_id: str
    seed_index: int
    order: tuple[int, ...]


def rival_of(book: Book, version: int) -> int | None:
    """Return what a version is heard beside: what is live, else gold, else nothing.

    The base that is gold until a person names another was never a candidate: it was measured, and
    its recordings were not kept.

    Raises:
        UnknownVersionError: there is no such version.
    """
    book.require(version)
    gold = book.gold
    recorded = gold is not None and book.require(gold).judgement is not None
    named = (book.live, gold if recorded else None)
    return next((v for v in named if v not in (None, version)), None)


def plan_trials(
    key: bytes,
    *,
    version: int,
    rival: int | None,
    listener: str,
    prompts: Mapping[str, Sequence[int]],
) -> tuple[Trial, ...]:
    """Return the trials of a listener, shuffled, each with its side and its sample.

    All of it follows from a keyed hash, so that a reload shows the same again, and nobody without
    the key can tell A from B.

    Args:
        key: secret of this checkout.
        version: the version under decision.
        rival: what it is heard beside; None is alone.
        listener: who listens.
        prompts: by prompt id, the seed indices that can be heard of both.
    """
    ranked = []
    for prompt_id, seeds in prompts.items():
        name = [version, rival, person_id(listener), prompt_id]
        digest = hmac.digest(key, canonical_json(name).encode(), "sha256")
        pair = (version,) if rival is None else (version, rival)
        trial = Trial(
            prompt_id=prompt_id,
            seed_index=seeds[int.from_bytes(digest[1:9]) % len(seeds)],
            order=pair[::-1] if digest[0] & 1 else pair,
        )
        ranked.append((digest[9:], trial))
    return tuple(trial for _, trial in sorted(ranked, key=lambda entry: entry[0]))


def cast(book: Book, ballot: Ballot) -> Draft | None:
    """Enter a vote; the same answer again changes nothing, another one takes its place.

    Raises:
        UnknownVersionError: a version that was heard is not in the ledger.
        ReleaseError: the answer does not answer what was asked, or nobody gives it.
        ApproverError: it is given under a policy's name.
    """
    require_words(ballot.listener, "a vote")
    require_person(ballot.listener)
    for version in (ballot.version, *ballot.order):
        book.require(version)
    ballot.require_valid()
    standing = book.require(ballot.version).votes.get(ballot.key)
    if standing is not None and standing.answer == ballot.answer:
        return None
    return book.draft(
        Kind.VOTED,
        ballot.version,
        by=ballot.listener,
        reason=_said(ballot),
        facts=ballot.as_facts(),
    )


def _said(ballot: Ballot) -> str:
    if ballot.rating is not None:
        return f"{ballot.prompt_id}: rated {ballot.rating}"
    if ballot.preferred is None:
        return f"{ballot.prompt_id}: no difference to version {ballot.rival}"
    return f"{ballot.prompt_id}: prefers version {ballot.preferred} of {sorted(ballot.order)}"
