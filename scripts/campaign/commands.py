"""Commands that a person would give, and what they say of a campaign."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

__all__ = ["VOXGATE", "campaign_state"]

VOXGATE = str(Path(sys.executable).with_name("voxgate"))


def campaign_state(campaign: str, root: Path = Path()) -> str | None:
    """Return the state of a campaign of the checkout at `root`; None where there is none."""
    command = [VOXGATE, "campaign", "status", "--root", str(root), "--json"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(listed.stdout)
    return next((one["state"] for one in found if one["campaign"] == campaign), None)
