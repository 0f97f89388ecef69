"""`voxgate.wiring.campaign_messenger` with the studio of `campaign_child`."""

from __future__ import annotations

import sys

from tests.fakes.campaign_child import open_tools
from voxgate.wiring.campaign_messenger import main

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:], tools=open_tools))
