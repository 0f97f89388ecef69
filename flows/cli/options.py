"""The options and arguments that several commands share, each said once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["AsJson", "By", "Override", "Reason", "Root", "Until", "Version"]

Root = Annotated[Path, typer.Option(help="The checkout to work in.", show_default=".")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Version = Annotated[int, typer.Argument(help="Version, as `voxgate status` shows it.")]
By = Annotated[str, typer.Option(help="Who decides; goes into the audit.")]
Reason = Annotated[str, typer.Option(help="Why; goes into the audit.")]
Override = Annotated[
    bool, typer.Option("--override", help="Release against the verdict; needs --until.")
]
Until = Annotated[
    datetime | None, typer.Option(help="When the override ends, UTC; only with --override.")
]
