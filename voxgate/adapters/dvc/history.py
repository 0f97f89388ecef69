"""Who changed a file of a checkout last, and when, as Git has it."""

from __future__ import annotations

from pathlib import Path

from voxgate.adapters.dvc.repository import run_git
from voxgate.errors import DataVersionError
from voxgate.printable import printable

__all__ = ["describe_change"]

_FORMAT = "%H%x00%an%x00%aI"


def describe_change(root: Path, name: str) -> str:
    """Say it in words: the last commit of the file, and whether it was changed since.

    Where Git does not answer, that is what is said: nobody knows who changed it then.
    """
    try:
        last = run_git(root, "log", "-1", f"--format={_FORMAT}", "--", f"./{name}")
        changed = run_git(root, "status", "--porcelain", "--", f"./{name}")
    except DataVersionError as error:
        return f"who changed {name} is not known: {error}"
    if not last:
        return f"{name} was never committed"
    commit, author, date = (str(printable(part)) for part in last.strip().split("\0"))
    said = f"last commit of {name}: {commit[:12]} by {author}, {date}"
    return f"{name} has changes that are not committed; {said}" if changed else said
