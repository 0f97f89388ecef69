"""Processes of `voxgate campaign work` whose studio is none: `hand`, `messenger`, and both's chief.

    python -m tests.fakes.campaign_child ROOT WORKERS follow|until-done [BROKER]

`studio.json` in ROOT says what the studio does; ROOT has rows and files too.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from pathlib import Path

from tests.fakes.campaign_work import make_tools
from tests.fakes.studio import FakeStudio
from voxgate.campaigns.planning.messages import Piece
from voxgate.campaigns.work.tools import CampaignTools
from voxgate.wiring.campaign_worker import Workplace, ending_softly, serve_messages, take_turns

STUDIO = "studio.json"


def open_tools(root: Path, worker: str) -> CampaignTools:
    """Open small claims with short leases, so that a death costs little."""
    facts = json.loads((root / STUDIO).read_text("utf-8"))
    pause_s, lease_s = facts.get("pause_s", 0.0), facts.get("lease_s", 1.0)

    def wait(_piece: Piece) -> None:
        time.sleep(pause_s)

    studio = FakeStudio(
        bad=facts.get("bad", {}), deadly=frozenset(facts.get("deadly", ())), before=wait
    )
    return make_tools(
        root, studio, worker=worker, lease_s=lease_s, claim_size=4, render_claim_size=5
    )


def main(root: str, workers: str, how_long: str, broker: str = "") -> None:
    tools = open_tools(Path(root), "chief")
    with ending_softly(partial(_say, "ending")) as stop:
        place = Workplace(
            root=Path(root),
            tools=tools,
            workers=int(workers),
            stop=stop,
            tell=lambda: None,
            every_s=0.3,
            hand="tests.fakes.campaign_hand_child",
            messenger="tests.fakes.campaign_messenger_child",
        )
        _say("ready")
        if broker:
            serve_messages(place, broker)
        else:
            take_turns(place, follow=how_long == "follow", idle_s=0.1)
    _say("ended")


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
