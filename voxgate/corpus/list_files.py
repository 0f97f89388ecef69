"""Find the list of a folder of recordings, and read its lines as text."""

from __future__ import annotations

import re
from pathlib import Path

from voxgate.errors import ManifestError
from voxgate.excerpts import excerpt

__all__ = ["find_list", "is_hidden", "read_lines"]

_SUFFIXES = (".list", ".csv", ".tsv")
_MAX_BYTES = 1 << 28
_MARK = "\ufeff"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def is_hidden(relative: Path) -> bool:
    """Tell what systems leave beside files: `._a.wav`, `.DS_Store`, all of `__MACOSX/`."""
    return any(part.startswith(".") or part == "__MACOSX" for part in relative.parts)


def find_list(folder: Path, suffixes: tuple[str, ...] = (), chosen: Path | None = None) -> Path:
    """Return the one list of `folder`, or the `chosen` one, relative to the folder or not.

    Raises:
        ManifestError: there is no list, or more than one and none is chosen.
    """
    if chosen is not None:
        for path in (folder / chosen, chosen):
            if path.is_file():
                return path
        raise ManifestError(str(folder), [f"--list {excerpt(str(chosen))}: no such file"])
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in (suffixes or _SUFFIXES)
        and path.is_file()
        and not is_hidden(Path(path.name))
    ]
    if len(found) == 1:
        return found[0]
    names = ", ".join(
        path.name if path.name.isprintable() else excerpt(path.name) for path in found
    )
    remedy = "choose one with --list NAME" if found else "another name needs --list NAME"
    raise ManifestError(
        str(folder),
        [
            "expected one list beside the recordings (NAME.list, NAME.csv or LJSpeech's "
            f"metadata.csv), found {names or 'none'}; {remedy}"
        ],
    )


def read_lines(path: Path) -> list[tuple[int, str]]:
    """Return the lines that are not blank, with their numbers.

    A byte order mark at the start of a line, where files were joined, is dropped.

    Raises:
        ManifestError: the list is not UTF-8, or larger than any list.
    """
    if path.stat().st_size > _MAX_BYTES:
        raise ManifestError(path.name, ["expected a list of at most 256 MiB, got a larger file"])
    data = path.read_bytes()
    if data.startswith(_WIDE_MARKS) or b"\0" in data[:1000]:
        fault = "expected UTF-8, got UTF-16 (what some editors call Unicode); save it as UTF-8"
        raise ManifestError(path.name, [fault])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        fault = (
            f"line {line}: expected UTF-8, got the byte 0x{data[error.start]:02x}, as an older "
            "encoding writes a letter with an accent; save it as UTF-8"
        )
        raise ManifestError(path.name, [fault]) from None
    # Not `splitlines`: a form feed or U+2028 inside a text does not end the line.
    lines = (line.lstrip(_MARK) for line in re.split(r"\r\n|\n|\r", text))
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
