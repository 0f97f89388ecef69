"""A process that counts answers of trial 7 and keeps the sums as often as it can, until killed.

    python -m tests.fakes.trial_tally_child DATABASE-URL

It prints how many it has kept, after `keep` has returned.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pydantic import SecretStr

from voxgate.release.trial_tally import Counts, Share
from voxgate.serving.releases.tallying import TallyBook
from voxgate.settings import Settings
from voxgate.wiring.trials import open_tallies

AT_A_TIME = 5


def count_for_ever(url: str) -> None:
    book = TallyBook(open_tallies(Settings(ledger_url=SecretStr(url)), Path()))
    kept = 0
    while True:
        for _ in range(AT_A_TIME):
            book.add(7, Share.LIVE, Counts(answers=1))
        book.keep()
        kept += AT_A_TIME
        sys.stdout.write(f"{kept}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    count_for_ever(sys.argv[1])
