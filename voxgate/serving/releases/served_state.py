"""What is known of one model: what the ledger says, what is warm, what answers.

Values that are replaced as a whole and never changed, so that whoever reads one sees a state that
was there at one moment. `live_versions` keeps the newest one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from voxgate.errors import (
    LedgerError,
    OverloadedError,
    QuarantinedVersionError,
    UnknownVersionError,
)
from voxgate.release.book import Book
from voxgate.release.states import State
from voxgate.serving.requests import PackagedVoice

__all__ = ["ModelState", "ServedVersion", "StaleLedgerError"]

RETRY_AFTER_S = 2.0
_MAX_WANTED = 2
"""How many versions are kept warm because callers name them."""

_RELEASED = frozenset({State.LIVE, State.RETIRED})


class StaleLedgerError(LedgerError):
    """What the ledger says could not be read, or put into force, for too long."""


@dataclass(frozen=True, kw_only=True)
class ServedVersion:
    """A version that a worker is warm for."""

    model: str
    version: int
    voice: PackagedVoice


@dataclass(frozen=True, kw_only=True)
class ModelState:
    """What stands for a model. Times are of one clock, in seconds.

    `served` answers what names no version; `left_at_s` is since when a rollback has left it;
    `wanted` are versions that callers named, the last one first.
    """

    book: Book
    read_at_s: float
    served: ServedVersion | None = None
    left_at_s: float | None = None
    warm: Mapping[int, ServedVersion] = field(default_factory=dict)
    wanted: tuple[int, ...] = ()

    def after_reading(self, book: Book, *, now_s: float) -> ModelState:
        """Return the state with what the ledger says now; a version that is warm answers at once.

        Raises:
            UnknownVersionError: the version that is served was taken out of the ledger.
        """
        state = replace(self, book=book, read_at_s=now_s)
        if book.live is not None and book.live in self.warm:
            return replace(state, served=self.warm[book.live], left_at_s=None)
        left = self.served is not None and book.require(self.served.version).withdrawn
        since_s = now_s if self.left_at_s is None else self.left_at_s
        return replace(state, left_at_s=since_s if left else None)

    def with_warm(self, ready: ServedVersion) -> ModelState:
        """Return the state with one more warm version; the live one answers from now on."""
        state = replace(self, warm={**self.warm, ready.version: ready})
        if ready.version != self.book.live:
            return state
        return replace(state, served=ready, left_at_s=None)

    def with_wanted(self, version: int) -> ModelState:
        """Return the state in which a version is the one that was named last."""
        others = tuple(v for v in self.wanted if v != version)
        return replace(self, wanted=(version, *others)[:_MAX_WANTED])

    def to_prepare(self, *, challenger: bool) -> tuple[int, ...]:
        """Return what shall be warm and is not, the most urgent first."""
        asked = (self.book.live, *self.wanted, self.on_trial if challenger else None)
        return tuple(
            dict.fromkeys(
                v
                for v in asked
                if v is not None and v not in self.warm and v not in self.quarantined
            )
        )

    def without_the_rest(self) -> ModelState:
        """Return the state without warm versions that nobody asks for.

        The version that a rollback would go to stays: it can answer at once then.
        """
        keep = {*self.wanted, self.book.live, self.book.previous, self.on_trial}
        if self.served is not None:
            keep.add(self.served.version)
        kept = {v: ready for v, ready in self.warm.items() if v in keep - self.quarantined}
        return replace(self, warm=kept)

    @property
    def on_trial(self) -> int | None:
        """The version of the trial that nobody has ended; its time may be over."""
        return None if self.book.trial is None else self.book.trial.version

    @property
    def quarantined(self) -> frozenset[int]:
        """The versions that must not be heard."""
        found = self.book.releases.items()
        return frozenset(v for v, release in found if release.state is State.QUARANTINED)

    def answering(self, *, now_s: float, max_stale_s: float) -> ServedVersion:
        """Return the version that answers a new request that names none.

        Raises:
            QuarantinedVersionError: it is quarantined, and nothing took its place.
            OverloadedError: what is live is being made ready.
            StaleLedgerError: a rollback left it longer ago than `max_stale_s`, and what is live
                cannot be made ready.
            UnknownVersionError: nothing is live.
        """
        model, served = self.book.model, self.served
        if served is not None and served.version not in self.quarantined:
            if self.left_at_s is not None and now_s - self.left_at_s > max_stale_s:
                raise StaleLedgerError(
                    f"{model}: a rollback left version {served.version}, and version "
                    f"{self.book.live} cannot be made ready; `/readyz` says why"
                )
            return served
        if self.book.live is not None:
            raise _being_readied(model, self.book.live)
        if served is not None:
            raise QuarantinedVersionError(
                f"{model} version {served.version} is quarantined and nothing took its place; "
                "`voxgate rollback` makes an earlier version live"
            )
        raise UnknownVersionError(f"nothing of {model} is live; `voxgate approve` releases one")

    def named(self, version: int) -> ServedVersion:
        """Return a version that a request names: one that is, or was, live.

        Raises:
            UnknownVersionError: there is no such version, or it was never live.
            QuarantinedVersionError: it is quarantined.
            OverloadedError: it is not warm yet.
        """
        model, state = self.book.model, self.book.require(version).state
        if state is State.QUARANTINED:
            raise QuarantinedVersionError(f"{model} version {version} is quarantined")
        if state not in _RELEASED:
            raise UnknownVersionError(f"{model} version {version} is {state.value}, never was live")
        if version not in self.warm:
            raise _being_readied(model, version)
        return self.warm[version]


def _being_readied(model: str, version: int) -> OverloadedError:
    return OverloadedError(
        f"{model} version {version} is being made ready; try again", retry_after_s=RETRY_AFTER_S
    )
