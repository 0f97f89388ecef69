"""Processes that take turns at campaigns, as whoever runs a campaign holds them.

A hand is a fresh interpreter with one thread, never a fork, and ends with this process however that
ends (`voxgate.tether`). One that dies at a turn costs that turn: what it had claimed is given back
at once, and counts as what a worker died with unless it was told to end. Where this process ends
too, nobody gives it back, and it is claimed again when its lease is over.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from voxgate.campaigns.ports import CampaignStore
from voxgate.campaigns.records import CampaignState
from voxgate.campaigns.work.turns import Turn
from voxgate.errors import ExternalServiceError, LedgerError, WorkerLostError
from voxgate.module_process import PipedModule, told_error

__all__ = ["HAND", "CampaignHand"]

HAND = "voxgate.wiring.campaign_hand"
_START_S = 300.0
_LOGGER = logging.getLogger(__name__)


class CampaignHand:
    """One process; used by one thread. It is started at its first turn, and again after a death."""

    def __init__(
        self, root: Path, store: CampaignStore, *, turn_s: float = 900.0, program: str = HAND
    ) -> None:
        """Take turns in the checkout at `root`; a turn that takes longer than `turn_s` is ended.

        `store` has the rows that it takes, and `program` is the module that runs in the process.
        """
        self._program = program
        self._root = root
        self._store = store
        self._turn_s = turn_s
        self._process: PipedModule | None = None
        self._worker = ""
        self._told_to_end = False

    @property
    def pid(self) -> int | None:
        """The keeper's process id, which leads the group; None while there is none."""
        return None if self._process is None else self._process.keeper.pid

    def take_turn(self, campaign_id: str | None = None) -> Turn | None:
        """Do one claim's work; see `CampaignWorker.take_turn`.

        Raises:
            WorkerLostError: the process died, or took too long; the next turn starts another.
            VoxgateError: as the turn.
        """
        process = self._started()
        try:
            process.pipe.send_bytes(json.dumps({"campaign": campaign_id}).encode())
            answer = _answer(process, self._turn_s)
        except (EOFError, OSError) as error:
            how = self.close()
            self._give_back()
            raise WorkerLostError(f"a hand died at campaign {campaign_id} ({how})") from error
        if "error" in answer:
            raise told_error(answer)
        turn = answer["turn"]
        return None if turn is None else Turn(**{**turn, "state": CampaignState(turn["state"])})

    def end(self) -> None:
        """Let the process end, whatever it is at; from any thread. The turn then raises."""
        process = self._process
        if process is not None:
            self._told_to_end = True
            process.keeper.terminate()

    def close(self) -> str:
        """End the process and wait for it; says how it went. May be called again."""
        process, self._process = self._process, None
        if process is None:
            return "it was not started"
        process.pipe.close()
        return process.end()

    def _started(self) -> PipedModule:
        if self._process is not None:
            return self._process
        self._told_to_end = False
        self._process = process = PipedModule(self._program, str(self._root))
        try:
            said = _answer(process, _START_S)
        except (EOFError, OSError) as error:
            how = self.close()
            raise WorkerLostError(f"a hand did not start ({how}); its log says why") from error
        if "error" in said:
            self.close()
            raise told_error(said)
        self._worker = said["worker"]
        return process

    def _give_back(self) -> None:
        """Only after the process has ended: it can then settle nothing any more."""
        try:
            self._store.release(self._worker, died=not self._told_to_end)
        except (ExternalServiceError, LedgerError) as error:
            _LOGGER.warning("what %s held is left to its lease: %s", self._worker, error)


def _answer(process: PipedModule, within_s: float) -> dict[str, Any]:
    if not process.pipe.poll(within_s):
        raise OSError(f"a hand said nothing for {within_s:g} s")
    answer: dict[str, Any] = json.loads(process.pipe.recv_bytes())
    return answer
