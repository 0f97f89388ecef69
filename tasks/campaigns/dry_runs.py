"""Dry runs that a door asked for: one at a time, each in a process of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from voxgate.campaigns.service import DryRun, DryRunStatus
from voxgate.errors import OverloadedError, VoxgateError

__all__ = ["DryRuns"]

_MOST_WAITING = 8
_AGAIN_S = 60.0
_OPEN = frozenset({DryRunStatus.QUEUED, DryRunStatus.RUNNING})


class DryRuns:
    """The newest dry run of each campaign, in memory: the plan itself is in the rows.

    `make` plans a campaign and returns the plan as JSON values; it is called in one thread, as a
    second studio beside the first needs its memory again.
    """

    def __init__(
        self, make: Callable[[str, str], Mapping[str, Any]], *, most_waiting: int = _MOST_WAITING
    ) -> None:
        self._make = make
        self._most = most_waiting
        self._lock = threading.Lock()
        self._found: dict[str, DryRun] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="dry-run")

    def begin(self, campaign_id: str, *, by: str) -> DryRun:
        """Plan a campaign some time soon; one that waits or is under way is the answer.

        Raises:
            OverloadedError: too many wait.
        """
        with self._lock:
            found = self._found.get(campaign_id)
            if found is not None and found.status in _OPEN:
                return found
            waiting = sum(one.status is DryRunStatus.QUEUED for one in self._found.values())
            if waiting >= self._most:
                raise OverloadedError(
                    f"{waiting} dry runs wait already, at most {self._most} may; try again",
                    retry_after_s=_AGAIN_S,
                )
            begun = DryRun(campaign=campaign_id, status=DryRunStatus.QUEUED)
            self._found[campaign_id] = begun
            self._thread.submit(self._run, begun, by)
            return begun

    def find(self, campaign_id: str) -> DryRun | None:
        """Return the newest dry run of a campaign."""
        with self._lock:
            return self._found.get(campaign_id)

    def close(self) -> None:
        """Begin none of those that wait; end what `make` is at first."""
        self._thread.shutdown(cancel_futures=True)

    def _run(self, begun: DryRun, by: str) -> None:
        self._note(replace(begun, status=DryRunStatus.RUNNING))
        try:
            plan = self._make(begun.campaign, by)
        except VoxgateError as error:
            self._note(replace(begun, status=DryRunStatus.FAILED, error=error))
        except BaseException:
            self._note(
                replace(begun, status=DryRunStatus.FAILED, error=VoxgateError("a fault of ours"))
            )
            raise
        else:
            self._note(replace(begun, status=DryRunStatus.SUCCEEDED, plan=plan))

    def _note(self, found: DryRun) -> None:
        with self._lock:
            self._found[found.campaign] = found
