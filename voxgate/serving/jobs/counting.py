"""How many things stand where, as it was counted a moment ago: for those who must not wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from voxgate.serving.jobs.records import JobStatus

__all__ = ["JobCounts", "RowCounts"]

MAX_STALE_S = 60.0

_State = TypeVar("_State")


class RowCounts(Generic[_State]):
    """The newest count of the rows; `refresh` asks the database, `latest` asks nobody.

    A count that is older than `max_stale_s`, or was followed by one that failed, is none: a figure
    of an hour ago reads like one of now.
    """

    def __init__(
        self,
        count: Callable[[], Mapping[_State, int]],
        states: Iterable[_State],
        *,
        max_stale_s: float = MAX_STALE_S,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what counts the rows, and all the states there are.

        `now_s` counts seconds and never goes back.
        """
        self._count, self._states = count, tuple(states)
        self._max_stale_s, self._now_s = max_stale_s, now_s
        self._found: tuple[float, dict[_State, int]] | None = None

    def refresh(self) -> None:
        """Count again; from any thread.

        Raises:
            LedgerError, ExternalServiceError: the database is away; nothing is known from now on.
        """
        asked_s = self._now_s()
        try:
            found = self._count()
        except BaseException:
            self._found = None
            raise
        self._found = (asked_s, {state: found.get(state, 0) for state in self._states})

    def latest(self) -> Mapping[_State, int] | None:
        """Return the rows by state, each state there is; None where nobody knows by now."""
        found = self._found
        return None if found is None or self._is_old(found) else found[1]

    def _is_old(self, found: tuple[float, dict[_State, int]]) -> bool:
        return self._now_s() - found[0] > self._max_stale_s


class JobCounts(RowCounts[JobStatus]):
    """The newest count of jobs by status."""

    def __init__(
        self,
        count: Callable[[], Mapping[JobStatus, int]],
        *,
        max_stale_s: float = MAX_STALE_S,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what counts the rows; `now_s` counts seconds and never goes back."""
        super().__init__(count, JobStatus, max_stale_s=max_stale_s, now_s=now_s)
