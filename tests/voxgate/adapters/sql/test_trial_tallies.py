"""Sums of trials in both databases: each writer's last word counts, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from voxgate.adapters.sql.database import open_database
from voxgate.adapters.sql.trial_tallies import SqlTallies
from voxgate.release.trial_tally import Counts, Share, TrialTally
from voxgate.settings import Settings


@pytest.fixture
def tallies(ledger_url: str) -> SqlTallies:
    return SqlTallies(open_database(Settings(ledger_url=SecretStr(ledger_url)), Path()))


def test_the_last_sums_of_each_writer_are_added(tallies: SqlTallies) -> None:
    assert tallies.read(7) == TrialTally()
    tallies.keep("a", {(7, Share.LIVE): Counts(answers=1, timed=1, first_audio_s=0.25)})
    tallies.keep("b", {(7, Share.LIVE): Counts(answers=5)})
    newest = {
        (7, Share.LIVE): Counts(answers=3, timed=2, first_audio_s=0.75),
        (7, Share.SHADOW): Counts(answers=1, alone=1, faulty=1, silent=1),
        (8, Share.LIVE): Counts(answers=90),
    }
    tallies.keep("a", newest)
    tallies.keep("a", newest)
    tally = tallies.read(7)
    assert tally.of(Share.LIVE) == Counts(answers=8, timed=2, first_audio_s=0.75)
    assert tally.of(Share.SHADOW) == Counts(answers=1, alone=1, faulty=1, silent=1)
    assert tally.of(Share.CANARY) == Counts()
    assert tallies.read(8).of(Share.LIVE).answers == 90
