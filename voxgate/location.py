"""Where a checkout lies: found from every folder in it, under a path that libraries can read."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from voxgate.errors import ConfigError

__all__ = ["enclosing_checkout", "find_checkout", "require_usable"]

_MARKS = ("params.yaml", "dvc.yaml")

_MISREAD = frozenset('?"{}$\\')
"""SQLite URLs end at `?`, DVC formats `{}`, Great Expectations substitutes `$x`, MLflow quotes `"`
and a backslash by Python's rules in SQL."""


def find_checkout(start: Path) -> Path:
    """Return the checkout that `start` lies in, absolute.

    Raises:
        ConfigError: it lies in none.
    """
    found = enclosing_checkout(start)
    if found is None:
        raise ConfigError(
            str(start.resolve()),
            [
                f"no checkout of voxgate: neither this folder nor one above it has "
                f"{' and '.join(_MARKS)}. Change into a checkout, or name it by --root"
            ],
        )
    return found


def enclosing_checkout(start: Path) -> Path | None:
    """Return the nearest folder from `start` upwards that has the marks of a checkout.

    A folder with all of them comes before one with some: another project may lie in a checkout,
    and a checkout may have lost a file.
    """
    folder = start.resolve()
    folders = (folder, *folder.parents)
    for enough in (len(_MARKS), 1):
        for each in folders:
            if sum((each / mark).is_file() for mark in _MARKS) >= enough:
                return each
    return None


def require_usable(root: Path) -> None:
    """Stop before anything is written under a path that some library would misread.

    Raises:
        ConfigError: the path has a character that is not to be used.
    """
    path = str(root.resolve())
    wrong = sorted({each for each in path if each in _MISREAD or _is_control(each)})
    if wrong:
        named = " ".join(each if each in _MISREAD else ascii(each)[1:-1] for each in wrong)
        raise ConfigError(
            "".join(each if each.isprintable() else ascii(each)[1:-1] for each in path),
            [f"this path has {named}, which SQLite or DVC would misread; move the checkout"],
        )


def _is_control(character: str) -> bool:
    # Bytes that are no UTF-8 are surrogates in Python's paths.
    return unicodedata.category(character) in {"Cc", "Cs"}
