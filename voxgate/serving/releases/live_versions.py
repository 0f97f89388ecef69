"""Follow the ledger: which version of each model is served, and which must not be any more.

A new request sees the state before a change or the one after, and one in flight keeps the voice
that it began with. Reading the ledger is quick and takes effect at once (a quarantine waits for
nothing); fetching and warming a version takes seconds, and only a warm one is served.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from voxgate.clock import utc_now
from voxgate.errors import UnknownVersionError, VersionLostError, VoxgateError
from voxgate.release.book import Book
from voxgate.release.ports.ledger import Ledger
from voxgate.release.records import Release
from voxgate.release.states import State
from voxgate.serving.releases.routing import Challenger, OnTrial, RoutingRules
from voxgate.serving.releases.served_state import ModelState, ServedVersion, StaleLedgerError
from voxgate.serving.requests import PackagedVoice

__all__ = ["Fetch", "LiveVersions", "Warm"]

Fetch = Callable[[str, Release], PackagedVoice]
"""Given a model and a version of it, the package on this machine; raises a VoxgateError."""

Warm = Callable[[PackagedVoice], None]
"""Returns when a worker has spoken with this voice; raises a VoxgateError."""

_LOGGER = logging.getLogger(__name__)


class LiveVersions:
    """What is served of each model; the questions cost no input or output.

    Args:
        ledger: what is followed.
        models: their names in the ledger.
        fetch: brings a package to this machine.
        warm: makes a voice ready.
        max_stale_s: how long the last known state is served where the ledger cannot be read, and
            how long a version that a rollback left, where its successor cannot be made ready.
        with_challenger: whether a version on trial is kept warm and takes part here.
        clock: seconds, never running back.
        now: the time of day, by which a trial ends.
    """

    def __init__(
        self,
        ledger: Ledger,
        models: Sequence[str],
        *,
        fetch: Fetch,
        warm: Warm,
        max_stale_s: float,
        with_challenger: bool = False,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._ledger, self._fetch, self._warm = ledger, fetch, warm
        self._max_stale_s, self._clock, self._now = max_stale_s, clock, now
        self._models, self._with_challenger = tuple(models), with_challenger
        self._states: dict[str, ModelState] = {}
        self._unread: dict[str, str] = {}
        self._unready: dict[str, str] = {}
        self._changing, self._preparing = threading.Lock(), threading.Lock()

    def current(self, model: str, version: int | None = None) -> ServedVersion:
        """Return the version that answers a new request: what is live, or the one that it names.

        A named one that is not warm is refused, and made ready for the next try.

        Raises:
            UnknownVersionError: no such model or version, it was never live, or nothing is live.
            QuarantinedVersionError: it is quarantined.
            OverloadedError: it is being made ready.
            StaleLedgerError: the ledger could not be followed for longer than `max_stale_s`.
        """
        state = self._fresh(model)
        if version is None:
            return state.answering(now_s=self._clock(), max_stale_s=self._max_stale_s)
        released = state.book.require(version).state in (State.LIVE, State.RETIRED)
        if released and state.wanted[:1] != (version,):
            self._change(model, lambda state: state.with_wanted(version))
        return state.named(version)

    def on_trial(self, model: str) -> OnTrial | None:
        """Return the version on trial while its time lasts, and it and what is live are warm.

        Raises:
            UnknownVersionError, StaleLedgerError: as `current`.
        """
        state = self._fresh(model)
        trial = state.book.trial_at(self._now())
        if not self._with_challenger or trial is None or trial.version not in state.warm:
            return None
        if state.served is None or state.served.version != trial.against:
            return None  # what answers is not what is live: its figures would be those of another
        return OnTrial(
            number=trial.number,
            challenger=Challenger(version=trial.version, hearable=trial.is_heard),
            rules=RoutingRules(
                canary_per_mille=trial.canary_per_mille, shadow_per_mille=trial.shadow_per_mille
            ),
            ready=state.warm[trial.version],
        )

    def release(self, model: str, version: int) -> Release:
        """Return what the ledger has of a version.

        Raises:
            UnknownVersionError, StaleLedgerError: as `current`.
        """
        return self._fresh(model).book.require(version)

    def live_since(self, model: str, version: int) -> datetime | None:
        """Return when a version became live; None where another one is, or none.

        Raises:
            UnknownVersionError, StaleLedgerError: as `current`.
        """
        book = self._fresh(model).book
        change = book.last_change
        return change.at if change is not None and book.live == version else None

    def quarantined(self, model: str) -> frozenset[int]:
        """Return the versions that must not be heard: a cache asks this at each hit.

        Raises:
            UnknownVersionError, StaleLedgerError: as `current`.
        """
        return self._fresh(model).quarantined

    def kept(self) -> tuple[ServedVersion, ...]:
        """Return what workers should stay warm for; requests in flight may need more."""
        return tuple(ready for state in self._states.values() for ready in state.warm.values())

    def problems(self) -> tuple[str, ...]:
        """Say what keeps the service from following the ledger, for readiness."""
        found = [*self._unread.items(), *self._unready.items()]
        return tuple(f"{model}: {problem}" for model, problem in found)

    def read(self) -> None:
        """Read the ledger once; what it says takes effect with the next request."""
        for model in self._models:
            try:
                self._take(model, self._ledger.read(model))
            except VoxgateError as error:
                self._unread[model] = f"the ledger cannot be read: {error}"
                _LOGGER.warning("%s: %s", model, self._unread[model])
            else:
                self._unread.pop(model, None)

    def prepare(self) -> None:
        """Fetch and warm what is to be served; returns when all of it was tried."""
        with self._preparing:
            for model, state in list(self._states.items()):
                problems = [
                    problem
                    for version in state.to_prepare(challenger=self._with_challenger)
                    if (problem := self._make_ready(model, version)) is not None
                ]
                self._change(model, ModelState.without_the_rest)
                self._unready.pop(model, None)
                if problems:
                    self._unready[model] = "; ".join(problems)

    async def follow(self, *, period_s: float) -> None:
        """Read every `period_s` seconds until cancelled, and prepare beside that."""
        preparing: asyncio.Task[None] | None = None
        while True:
            await asyncio.to_thread(self.read)
            if preparing is None or preparing.done():
                if preparing is not None:
                    preparing.result()
                preparing = asyncio.create_task(asyncio.to_thread(self.prepare))
            await asyncio.sleep(period_s)

    def _fresh(self, model: str) -> ModelState:
        if model not in self._models:
            known = ", ".join(sorted(self._models))
            raise UnknownVersionError(f"no model {model!r} is served here; there are {known}")
        why = self._unread.get(model, "try again in a moment")
        state = self._states.get(model)
        if state is None:
            raise StaleLedgerError(f"{model}: the ledger has not been read yet; {why}")
        age_s = self._clock() - state.read_at_s
        if age_s > self._max_stale_s:
            raise StaleLedgerError(
                f"{model}: the ledger was read {age_s:.0f} s ago; after {self._max_stale_s:.0f} s "
                f"nobody knows what is live; {why}"
            )
        return state

    def _take(self, model: str, book: Book) -> None:
        now_s = self._clock()
        with self._changing:
            before = self._states.get(model, ModelState(book=book, read_at_s=now_s))
            self._states[model] = before.after_reading(book, now_s=now_s)

    def _make_ready(self, model: str, version: int) -> str | None:
        """Fetch and warm a version; returns what is in the way, None when it is ready."""
        release = self._states[model].book.require(version)
        try:
            voice = self._fetch(model, release)
            _require_registered(model, release, voice)
            self._warm(voice)
        except VoxgateError as error:
            problem = f"version {version} cannot be made ready: {error}"
            _LOGGER.warning("%s: %s", model, problem)
            return problem
        ready = ServedVersion(model=model, version=version, voice=voice)
        # The ledger may have moved on meanwhile: only what is live by now answers.
        self._change(model, partial(ModelState.with_warm, ready=ready))
        _LOGGER.info("%s: version %d is ready", model, version)
        return None

    def _change(self, model: str, change: Callable[[ModelState], ModelState]) -> None:
        with self._changing:
            self._states[model] = change(self._states[model])


def _require_registered(model: str, release: Release, voice: PackagedVoice) -> None:
    if voice.digest != release.origin.model_digest:
        raise VersionLostError(
            f"{model} version {release.version}: the package that was fetched is {voice.digest}, "
            f"the ledger has {release.origin.model_digest}; it is not served"
        )
