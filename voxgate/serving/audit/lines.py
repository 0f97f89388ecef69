"""Lines of a segment: records, and notes of answers that are under way.

An answer has a note before its first sentence leaves (`begun`: the whole record, as it is if its
end is never written) and a short one before each further sentence (`said`: what changes by it).
The record at its end names the note whose place it takes. A record alone has no note.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from typing import Literal

from voxgate.files import canonical_json

__all__ = ["Kind", "Line", "frame", "merged", "read_line"]

Kind = Literal["record", "begun", "said", "ended"]

_NOTED = re.compile(r"(begun|said|ended) ([0-9a-f]+) (\{.*)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line; `name` is that of the answer, and empty for a record alone. `content` is JSON."""

    kind: Kind
    name: str = ""
    content: str


def frame(content: str, *, kind: Kind = "record", name: str = "") -> bytes:
    """Return a line that tells whether it is whole; JSON has no line breaks."""
    body = (content if kind == "record" else f"{kind} {name} {content}").encode()
    return b"%08x %b\n" % (zlib.crc32(body), body)


def read_line(line: bytes) -> Line | None:
    """Return what a line says, without its break; None where it is not what was written."""
    checksum, _, body = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(body):
        return None
    text = body.decode("utf-8", "strict")
    noted = _NOTED.fullmatch(text)
    if noted is None:
        return Line(kind="record", content=text)
    kind, name, content = noted.groups()
    return Line(kind=kind, name=name, content=content)  # type: ignore[arg-type]  # as the pattern


def merged(note: str, progress: str) -> str:
    """Return a note as it is after a further sentence."""
    return canonical_json({**json.loads(note), **json.loads(progress)})
