"""Keep every path that comes from outside inside the folder that it belongs to."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PurePosixPath

from voxgate.errors import UnsafePathError
from voxgate.excerpts import excerpt

__all__ = ["SHOWN_PATH", "resolve_inside"]

SHOWN_PATH = 120
"""Characters of a path in a message."""

_LONGEST_NAME = 255
_LONGEST = 4000


def resolve_inside(folder: Path, relative: str) -> Path:
    """Return the file that `relative` names below `folder`; it need not exist.

    Symbolic links are followed, so that a link which leaves the folder is caught like a `../`.

    Raises:
        UnsafePathError: the path is empty, absolute, climbs, is not POSIX, or its target lies
            outside `folder`.
    """
    pure = PurePosixPath(relative)
    where = f"path {excerpt(relative, SHOWN_PATH)}"
    if not relative.strip() or "\0" in relative:
        raise UnsafePathError(f"{where}: expected a file below {folder.name}/, got nothing usable")
    if pure.is_absolute() or "\\" in relative or relative[1:2] == ":":
        raise UnsafePathError(
            f"{where}: expected a path relative to {folder.name}/ with '/' between its parts, got "
            "an absolute or Windows path; write it relative to that folder"
        )
    if ".." in pure.parts:
        raise UnsafePathError(
            f"{where}: '..' leaves {folder.name}/; move the file into that folder"
        )
    if any(len(part.encode()) > _LONGEST_NAME for part in pure.parts) or len(relative) > _LONGEST:
        raise UnsafePathError(f"{where}: longer than a file name can be; rename the file")
    try:
        resolved = (folder / pure).resolve()
    except (OSError, RuntimeError):
        raise UnsafePathError(
            f"{where}: a symbolic link leads in a circle; copy the file into that folder"
        ) from None
    if not resolved.is_relative_to(folder.resolve()):
        raise UnsafePathError(
            f"{where}: a symbolic link leads out of {folder.name}/; copy the file into that folder"
        )
    # Some systems write names decomposed: the file counts, however its accents are written.
    forms = (relative, *(unicodedata.normalize(form, relative) for form in ("NFC", "NFD")))
    return next((folder / form for form in forms if (folder / form).exists()), folder / pure)
