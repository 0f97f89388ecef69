"""Keep every path that comes from outside inside the folder that it belongs to."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PurePosixPath

from voxgate.errors import UnsafePathError

__all__ = ["resolve_inside"]


def resolve_inside(folder: Path, relative: str) -> Path:
    """Return the file that `relative` names below `folder`; it need not exist.

    Symbolic links are followed, so that a link which leaves the folder is caught like a `../`.

    Raises:
        UnsafePathError: the path is empty, absolute, climbs, is not POSIX, or its target lies
            outside `folder`.
    """
    pure = PurePosixPath(relative)
    where = f"path {relative!r}"
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
    resolved = (folder / pure).resolve()
    if not resolved.is_relative_to(folder.resolve()):
        raise UnsafePathError(
            f"{where}: a symbolic link leads out of {folder.name}/; copy the file into that folder"
        )
    # Some systems write names decomposed: the file counts, however its accents are written.
    forms = (relative, *(unicodedata.normalize(form, relative) for form in ("NFC", "NFD")))
    return next((folder / form for form in forms if (folder / form).exists()), folder / pure)
