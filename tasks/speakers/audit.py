"""`audit verify-speakers`: is the register of speakers what was appended?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tasks.heads import verify_chain
from voxgate.settings import load_settings
from voxgate.speakers.register import Register
from voxgate.stage import Workspace
from voxgate.wiring.anchors import open_anchor
from voxgate.wiring.speakers import open_speaker_register

__all__ = ["verify_speakers"]


def verify_speakers(root: Path, head: str | None) -> dict[str, Any]:
    """Check every event of the register as `verify_chain` does, and that the rules allow it.

    Raises:
        ConfigError: `head` is not SEQUENCE:SHA256.
    """
    settings = load_settings()
    return verify_chain(
        open_speaker_register(settings, root).rows,
        Register.of_rows,
        head=head,
        anchor=open_anchor(Workspace(root), settings, "speakers"),
    )
