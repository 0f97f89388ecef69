"""`make campaign`: the campaign of `examples/campaign/` with the voice that is live, to its report.

Every step is the command that a person would give. It may be interrupted and run again: what is
done is not done twice.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts.campaign.commands import VOXGATE, campaign_state

EXAMPLE = Path("examples/campaign")
CAMPAIGN = "spring-reminders"
_REFUSED = "NotCalibratedError"


def main() -> int:
    """Run what is left of the example; returns the exit status of the first step that fails."""
    steps = {
        None: _create,
        "draft": _plan,
        "planned": lambda: _voxgate("start", CAMPAIGN),
        "proofing": _resume,
        "proofed": lambda: _voxgate("approve", CAMPAIGN, "--reason", "an example asks nobody"),
        "running": _resume,
    }
    while (state := campaign_state(CAMPAIGN)) in steps:
        status = steps[state]()
        if status or campaign_state(CAMPAIGN) == state:
            return status or 1
    return _voxgate("report", CAMPAIGN)


def _create() -> int:
    return _voxgate("create", str(EXAMPLE / "campaign.yaml"))


def _plan() -> int:
    status = _voxgate("recipients", CAMPAIGN, str(EXAMPLE / "recipients.csv"))
    if status:
        return status
    planned = subprocess.run(
        [VOXGATE, "campaign", "plan", CAMPAIGN], capture_output=True, text=True, check=False
    )
    if _REFUSED not in planned.stderr:
        sys.stdout.write(planned.stdout)
        sys.stderr.write(planned.stderr)
        return planned.returncode
    sys.stdout.write("the check has no limits for this voice yet; to set them takes minutes\n")
    return _voxgate("calibrate", CAMPAIGN) or _voxgate("plan", CAMPAIGN)


def _resume() -> int:
    return _voxgate("resume", CAMPAIGN, "--reason", "it was interrupted")


def _voxgate(*words: str) -> int:
    sys.stdout.write(f"$ voxgate campaign {' '.join(words)}\n")
    sys.stdout.flush()
    return subprocess.run([VOXGATE, "campaign", *words], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
