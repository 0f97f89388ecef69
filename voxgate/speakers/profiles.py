"""What a profile is: a reference, whose it is, what she agreed to, and in which state it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from voxgate.corpus.consent import Consent, ConsentScope
from voxgate.files import digest_json
from voxgate.speakers.quality import QualityScore

__all__ = ["ConsentTerms", "ProfileInputs", "ProfileVersion", "State", "allows"]


class State(StrEnum):
    """Whether a profile version may be spoken with."""

    DRAFT = "draft"
    USABLE = "usable"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


_NEXT: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.USABLE, State.REVOKED}),
    State.USABLE: frozenset({State.SUSPENDED, State.REVOKED}),
    State.SUSPENDED: frozenset({State.USABLE, State.REVOKED}),
    State.REVOKED: frozenset(),
}


def allows(before: State, after: State) -> bool:
    """Tell whether a version may go from one state to another; nothing leads out of revoked."""
    return after in _NEXT[before]


@dataclass(frozen=True, kw_only=True)
class ConsentTerms:
    """What every use is held against, and the digest of the whole record that says so."""

    digest: str
    scope: ConsentScope
    expires_on: date | None

    @staticmethod
    def of(consent: Consent) -> ConsentTerms:
        """Take the terms of a record."""
        record = consent.model_dump(mode="json", exclude_none=True)
        return ConsentTerms(
            digest=digest_json(record), scope=consent.scope, expires_on=consent.expires_on
        )

    def as_json(self) -> dict[str, Any]:
        """Return the terms as JSON values."""
        expires = None if self.expires_on is None else self.expires_on.isoformat()
        return {"digest": self.digest, "scope": self.scope.value, "expires_on": expires}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> ConsentTerms:
        """Read what `as_json` gave.

        Raises:
            TypeError, KeyError, ValueError: these are no terms.
        """
        expires = document["expires_on"]
        return ConsentTerms(
            digest=str(document["digest"]),
            scope=ConsentScope(document["scope"]),
            expires_on=None if expires is None else date.fromisoformat(expires),
        )


@dataclass(frozen=True, kw_only=True)
class ProfileInputs:
    """Everything that a version is made of.

    `reference_sha256` is of the samples of the reference; `text` what it says, None where only the
    timbre is to be taken from it.
    """

    name: str
    speaker_id: str
    recipe_digest: str
    reference_sha256: str
    text: str | None
    consent: ConsentTerms

    @property
    def digest(self) -> str:
        """Name the inputs; the same ones are the same version."""
        return digest_json(self.as_json())

    def as_json(self) -> dict[str, Any]:
        """Return the inputs as JSON values."""
        return {**vars(self), "consent": self.consent.as_json()}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> ProfileInputs:
        """Read what `as_json` gave.

        Raises:
            TypeError, KeyError, ValueError: these are no inputs.
        """
        text = document["text"]
        return ProfileInputs(
            name=str(document["name"]),
            speaker_id=str(document["speaker_id"]),
            recipe_digest=str(document["recipe_digest"]),
            reference_sha256=str(document["reference_sha256"]),
            text=None if text is None else str(text),
            consent=ConsentTerms.from_json(document["consent"]),
        )


@dataclass(frozen=True, kw_only=True)
class ProfileVersion:
    """One version of a profile as it stands.

    `consent` is what holds today: that of the inputs until it was changed. `why` is the reason of
    the last change of state.
    """

    version: int
    inputs: ProfileInputs
    consent: ConsentTerms
    duration_s: float
    checks: Mapping[str, float | None] = field(hash=False)
    state: State = State.DRAFT
    activated: bool = False
    """Whether it ever was usable."""

    why: str = ""
    scores: tuple[QualityScore, ...] = ()
    """In the order in which they were measured."""

    @property
    def name(self) -> str:
        """Name of the profile."""
        return self.inputs.name

    @property
    def label(self) -> str:
        """Name the version: `name@version`."""
        return f"{self.name}@{self.version}"

    @property
    def digest(self) -> str:
        """Name what is heard, and whose; consent may change without a change of this."""
        return self.inputs.digest

    def score(self, *, model_digest: str, preset_digest: str) -> QualityScore | None:
        """Return the newest score of a model version and a preset; None where it is not measured.

        A score of another model version does not stand in for it.
        """
        wanted = (model_digest, preset_digest)
        found = (s for s in reversed(self.scores) if (s.model_digest, s.preset_digest) == wanted)
        return next(found, None)

    def is_stale(self, *, model_digest: str, preset_digest: str) -> bool:
        """Tell whether the preset was scored, but only with other versions of the model."""
        measured = any(score.preset_digest == preset_digest for score in self.scores)
        return (
            measured and self.score(model_digest=model_digest, preset_digest=preset_digest) is None
        )
