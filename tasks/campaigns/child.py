"""A process that does one slow thing of a campaign.

`python -m tasks.campaigns.child ROOT BY ACTION …`: `elsewhere` starts it, for a server whose own
process must not wait or compute. The answer is one JSON document on standard output: the result, or
the error with its kind.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tasks.campaigns.create import add_recipients
from tasks.campaigns.desk import CampaignDesk, open_campaign_desk
from tasks.campaigns.output import write_output
from tasks.campaigns.plan import plan
from voxgate.errors import VoxgateError
from voxgate.module_process import tell_error
from voxgate.politeness import leave_the_processor_to_others

__all__ = ["ACTIONS", "main"]

Answer = Mapping[str, Any]


def _plan(desk: CampaignDesk, campaign_id: str) -> Answer:
    return plan(desk, campaign_id).as_json()


def _recipients(desk: CampaignDesk, campaign_id: str, file: str) -> Answer:
    return add_recipients(desk, campaign_id, Path(file)).as_json()


def _report(desk: CampaignDesk, campaign_id: str) -> Answer:
    return write_output(desk, campaign_id).as_json()


ACTIONS: Mapping[str, Callable[..., Answer]] = {
    "plan": _plan,
    "recipients": _recipients,
    "report": _report,
}


def main(root: str, by: str, action: str, *arguments: str) -> int:
    """Do it, and print what came of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it says what that means
    leave_the_processor_to_others()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)  # what libraries print is no answer
        json.dump(_answer(root, by, action, arguments), answers, allow_nan=False)
    return 0


def _answer(root: str, by: str, action: str, arguments: tuple[str, ...]) -> Answer:
    try:
        return {"answer": ACTIONS[action](open_campaign_desk(Path(root), by=by), *arguments)}
    except VoxgateError as error:
        return tell_error(error)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
