"""A process that writes records of speech as fast as it can, or delivers them, until it is killed.

    python -m tests.fakes.speech_spool_child write FOLDER FIRST
    python -m tests.fakes.speech_spool_child deliver FOLDER DATABASE-URL

The writer has some answers under way at any time, and ends its segment all the time. It prints the
number of each answer after `note` has returned.
"""

from __future__ import annotations

import itertools
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tests.fakes.speech_records import make_record
from voxgate.serving.audit.record import Outcome, SpeechRecord
from voxgate.serving.audit.spool import SpeechSpool

UNDER_WAY = 3
PAUSE_S = 0.0005


def write(folder: Path, first: int) -> None:
    spool = SpeechSpool(folder, max_bytes=1 << 30, segment_records=40)
    threading.Thread(target=seal_for_ever, args=(spool,), daemon=True).start()
    for number in itertools.count(first):
        spool.note(f"{number:x}", record_of(number, outcome=Outcome.DIED, sentences=1))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        spool.note(f"{number:x}", record_of(number, outcome=Outcome.DIED, sentences=2))
        time.sleep(PAUSE_S)
        if number - first >= UNDER_WAY:
            ended = number - UNDER_WAY
            spool.append(record_of(ended), f"{ended:x}")


def record_of(number: int, **changes: Any) -> SpeechRecord:
    return make_record(number, text="what was said, at some length " * 20, **changes)


def seal_for_ever(spool: SpeechSpool) -> None:
    while True:
        time.sleep(0.02)
        spool.seal()


def deliver_for_ever(folder: Path, url: str) -> None:
    from pydantic import SecretStr

    from voxgate.adapters.sql.database import open_database
    from voxgate.adapters.sql.speech_audit import SqlSpeechAudit
    from voxgate.serving.audit.delivery import deliver
    from voxgate.settings import Settings

    audit = SqlSpeechAudit(open_database(Settings(ledger_url=SecretStr(url)), folder))
    while True:
        done = deliver(folder, audit)
        sys.stdout.write(f"{done.batches}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _, what, place, argument = sys.argv
    if what == "write":
        write(Path(place), int(argument))
    else:
        deliver_for_ever(Path(place), argument)
