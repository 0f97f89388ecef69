from __future__ import annotations

from collections.abc import Mapping

import pytest

from voxgate.errors import ExternalServiceError
from voxgate.release.trial_tally import Counts, Share, TrialTally
from voxgate.serving.releases.tallying import TallyBook

ONE = Counts(answers=1)


class Memory:
    """Implements `Tallies` in memory; `away` refuses."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int, Share], Counts] = {}
        self.writes = 0
        self.away = False

    def keep(self, writer: str, counts: Mapping[tuple[int, Share], Counts]) -> None:
        if self.away:
            raise ExternalServiceError("the database does not answer")
        self.writes += 1
        self.rows.update({(writer, *key): counted for key, counted in counts.items()})

    def read(self, trial: int) -> TrialTally:
        return TrialTally.sum((s, c) for (_, t, s), c in self.rows.items() if t == trial)


def test_sums_are_written_whole_and_only_where_they_changed() -> None:
    memory = Memory()
    book = TallyBook(memory)
    book.keep()
    assert memory.writes == 0
    book.add(7, Share.LIVE, ONE)
    book.add(7, Share.LIVE, ONE)
    book.keep()
    book.keep()
    assert memory.writes == 1
    book.add(7, Share.LIVE, ONE)
    book.keep()
    assert memory.read(7).of(Share.LIVE) == Counts(answers=3)


def test_an_outage_loses_nothing_and_two_processes_share_no_row() -> None:
    memory = Memory()
    first, second = TallyBook(memory), TallyBook(memory)
    memory.away = True
    first.add(7, Share.CANARY, ONE)
    with pytest.raises(ExternalServiceError):
        first.keep()
    memory.away = False
    first.add(7, Share.CANARY, ONE)
    second.add(7, Share.CANARY, ONE)
    first.keep()
    second.keep()
    assert memory.read(7).of(Share.CANARY) == Counts(answers=3)
