"""A speech service that is killed: one answer was heard to its end, two are under way.

    python -m tests.fakes.speech_killed_child FOLDER

It prints a line when a caller of each of these has heard the first sentence, and waits.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.fakes.speaking_house import House


async def speak(folder: Path) -> None:
    house = House(folder)
    async for _ in (await house.say(request_id="whole")).sentences:
        pass
    older = await house.say(request_id="older", rights=frozenset({"speak", "audit:text"}))
    await anext(older.sentences)
    house.spool.seal()  # as it is done every second: the older answer goes on in the next segment
    newer = await house.say(request_id="newer")
    await anext(newer.sentences)
    sys.stdout.write("heard\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(speak(Path(sys.argv[1])))
