"""The options and arguments that several commands share, each said once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from voxgate.errors import ConfigError
from voxgate.location import enclosing_checkout, find_checkout, require_usable

__all__ = ["AnyRoot", "AsJson", "By", "DryRun", "Override", "Reason", "Root", "Until", "Version"]


def _checkout(context: typer.Context, given: Path) -> Path:
    """Take --root as it is given; without it, the checkout that the current folder lies in."""
    root = given if _is_given(context) else find_checkout(_current())
    require_usable(root)
    return root


def _checkout_or_folder(context: typer.Context, given: Path) -> Path:
    """Do the same; outside of a checkout it is the current folder."""
    root = given if _is_given(context) else enclosing_checkout(_current()) or _current()
    require_usable(root)
    return root


def _is_given(context: typer.Context) -> bool:
    source = context.get_parameter_source("root")
    return source is not None and source.name != "DEFAULT"


def _current() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise ConfigError(".", ["the current folder was removed; change into another"]) from None


_AROUND = "the checkout around the current folder"
Root = Annotated[
    Path,
    typer.Option(help="The checkout to work in.", show_default=_AROUND, callback=_checkout),
]
AnyRoot = Annotated[
    Path,
    typer.Option(
        help="The checkout, or another folder, to work in.",
        show_default=f"{_AROUND}, else that folder",
        callback=_checkout_or_folder,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Check everything, say what would be, write nothing.")
]
Version = Annotated[int, typer.Argument(help="Version, as `voxgate status` shows it.")]
By = Annotated[str, typer.Option(help="Who decides; goes into the audit.")]
Reason = Annotated[str, typer.Option(help="Why; goes into the audit.")]
Override = Annotated[
    bool, typer.Option("--override", help="Release against the verdict; needs --until.")
]
Until = Annotated[
    datetime | None, typer.Option(help="When the override ends, UTC; only with --override.")
]
