"""What a listener said about one prompt, in the ledger for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from voxgate.errors import ReleaseError
from voxgate.files import digest_json
from voxgate.release.events import Event
from voxgate.release.people import person_id, require_line

__all__ = ["RATINGS", "Ballot", "Choice", "Vote", "VoteKey", "votes_digest"]

RATINGS = (1, 2, 3, 4, 5)
"""Absolute category rating, bad to excellent (ITU-T P.800, Annex B)."""

MAX_NOTE = 500

VoteKey = tuple[str, str, int | None]
"""Listener, prompt and rival: of the votes that share them the last one stands."""


class Choice(StrEnum):
    """What a vote says about the version, beside its rival."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "no_difference"


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """One answer. `order` are the versions as A and B; a single one was rated alone.

    `preferred` is a version, or None for no difference; `audio_sha256` is by the same order.
    """

    listener: str
    version: int
    prompt_id: str
    seed_index: int
    order: tuple[int, ...]
    audio_sha256: tuple[str, ...]
    preferred: int | None = None
    rating: int | None = None
    note: str = ""

    @property
    def rival(self) -> int | None:
        """The version that it was heard beside."""
        return next((version for version in self.order if version != self.version), None)

    @property
    def key(self) -> VoteKey:
        """Identify what this is an answer to."""
        return person_id(self.listener), self.prompt_id, self.rival

    @property
    def choice(self) -> Choice:
        """Say it from the version's point of view."""
        if self.preferred is None:
            return Choice.SAME
        return Choice.BETTER if self.preferred == self.version else Choice.WORSE

    @property
    def answer(self) -> tuple[int | None, int | None, str]:
        """What was said."""
        return self.preferred, self.rating, self.note

    def require_valid(self) -> None:
        """Stop an answer that does not answer what was asked.

        Raises:
            ReleaseError: it prefers what was not heard, its rating is off the scale, or its note
                is too long.
        """
        if self.rival is None:
            if self.rating not in RATINGS or self.preferred is not None:
                raise ReleaseError(f"a version alone is rated 1 to 5, got {self.rating!r}")
        elif self.rating is not None or self.preferred not in (None, *self.order):
            raise ReleaseError(
                f"{self.prompt_id}: versions {self.order} were heard, {self.preferred!r} was named"
            )
        require_line(self.note, option="note", limit=MAX_NOTE)

    def as_facts(self) -> dict[str, Any]:
        """Return JSON values; listener and version are columns of the event."""
        facts = {n: v for n, v in asdict(self).items() if n not in ("listener", "version")}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in facts.items()}


@dataclass(frozen=True, kw_only=True)
class Vote(Ballot):
    """A ballot that was cast. `digest` is its event's.

    `blind` is false when the listener had voted on the same pair before: which was which had been
    revealed by then.
    """

    blind: bool
    digest: str

    @staticmethod
    def from_event(event: Event, earlier: Mapping[VoteKey, Vote]) -> Vote:
        """Parse an event; `earlier` are the version's votes before it."""
        assert event.version is not None
        names = Ballot.__dataclass_fields__.keys() - _COLUMNS
        facts: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in event.facts.items()
            if name in names
        }
        ballot = Ballot(listener=event.actor, version=event.version, **facts)
        return Vote(**vars(ballot), blind=ballot.key not in earlier, digest=event.digest)


def votes_digest(votes: Mapping[VoteKey, Vote], rival: int | None) -> str | None:
    """Name the standing votes beside one rival; None when there are none."""
    digests = sorted(vote.digest for vote in votes.values() if vote.rival == rival)
    return digest_json(digests) if digests else None


_COLUMNS = {"listener", "version"}
