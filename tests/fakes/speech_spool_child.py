"""A process that writes records of speech as fast as it can, or delivers them, until it is killed.

    python -m tests.fakes.speech_spool_child write FOLDER FIRST
    python -m tests.fakes.speech_spool_child deliver FOLDER DATABASE-URL

The writer prints the number of each record after `append` has returned.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from tests.fakes.speech_records import make_record
from voxgate.serving.audit.spool import SpeechSpool


def write(folder: Path, first: int) -> None:
    spool = SpeechSpool(folder, max_bytes=1 << 30, segment_records=40)
    for number in itertools.count(first):
        spool.append(make_record(number, text="what was said, at some length " * 20))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


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
