"""manifest.csv: one line a recording, UTF-8, RFC 4180, sorted by recording id."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from voxgate.errors import ManifestError
from voxgate.files import write_text
from voxgate.spreadsheets import unguard_cell, write_table

__all__ = [
    "MANIFEST_HEADER",
    "SPEAKER_ID",
    "Recording",
    "dump_manifest",
    "read_manifest",
    "write_manifest",
]

MANIFEST_HEADER = ("recording_id", "path", "speaker_id", "language", "text")

_MAX_ID_LENGTH = 200
SPEAKER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True)
class Recording:
    """One line of the manifest, in the order of its columns.

    `path` is POSIX and relative to the folder of the manifest. `text` is empty where nothing is
    spoken or nobody wrote down what is. `language` is an ISO 639 code.
    """

    recording_id: str
    path: str
    speaker_id: str
    language: str
    text: str

    def faults(self) -> list[str]:
        """Say what is wrong with the fields; the file itself is looked at when it is read."""
        found = []
        if not self.recording_id or self.recording_id != self.recording_id.strip():
            found.append(f"recording_id {self.recording_id!r} is empty or has blanks around it")
        if len(self.recording_id) > _MAX_ID_LENGTH:
            found.append(f"recording_id has {len(self.recording_id)} characters, at most 200")
        if not self.path:
            found.append("path is empty")
        if not SPEAKER_ID.fullmatch(self.speaker_id):
            found.append(
                f"speaker_id {self.speaker_id!r}: expected 1 to 64 letters, digits, '_' or '-'"
            )
        if not _LANGUAGE.fullmatch(self.language):
            found.append(f"language {self.language!r}: expected an ISO 639 code such as en")
        if _CONTROL.search("".join(self.cells())):
            for name, value in zip(MANIFEST_HEADER, self.cells(), strict=True):
                if _CONTROL.search(value):
                    found.append(f"{name} contains a line break or another control character")
        return found

    def cells(self) -> tuple[str, ...]:
        """Return the fields in the order of the columns."""
        return self.recording_id, self.path, self.speaker_id, self.language, self.text


def read_manifest(path: Path, seen: dict[str, Recording] | None = None) -> list[Recording]:
    """Read a manifest, sorted by recording id.

    `seen` are lines of another version of it, which are not parsed again; those of this one are
    added.

    Raises:
        ManifestError: the file is absent, its header is wrong, lines are broken or ids are
            duplicated; every fault is listed with its line number.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ManifestError(
            path.name,
            [f"{path} is missing; `voxgate corpus fetch` or `voxgate corpus add` writes it"],
        ) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ManifestError(
            path.name, [f"line {line}: expected UTF-8, got byte 0x{data[error.start]:02x}"]
        ) from None
    faults: list[str] = []
    recordings = list(_parse(text, faults, {} if seen is None else seen))
    if faults:
        raise ManifestError(path.name, faults)
    return sorted(recordings, key=lambda recording: recording.recording_id)


def dump_manifest(recordings: Iterable[Recording]) -> str:
    """Return the text of a manifest; the same recordings give the same bytes.

    A cell that a spreadsheet would run has an apostrophe before it, which reading takes off.
    """
    ordered = sorted(recordings, key=lambda recording: recording.recording_id)
    return write_table(MANIFEST_HEADER, map(Recording.cells, ordered))


def write_manifest(path: Path, recordings: Iterable[Recording]) -> None:
    """Replace a manifest in one step."""
    write_text(path, dump_manifest(recordings))


def _parse(text: str, faults: list[str], seen: dict[str, Recording]) -> Iterator[Recording]:
    # Fields hold no line breaks, so every line is parsed by itself: one stray quotation mark
    # must not hide the faults of the lines after it.
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if tuple(_fields(lines[0]) or ()) != MANIFEST_HEADER:
        faults.append(f"line 1: expected {','.join(MANIFEST_HEADER)}, got {lines[0]!r}")
        return
    first: dict[str, int] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        recording = seen.get(line) or _parse_line(line, number, faults, seen)
        if recording is None:
            continue
        earlier = first.setdefault(recording.recording_id, number)
        if earlier != number:
            faults.append(
                f"line {number}: recording_id {recording.recording_id!r} is on line {earlier} "
                "already; ids must be unique"
            )
        yield recording


def _parse_line(
    line: str, number: int, faults: list[str], seen: dict[str, Recording]
) -> Recording | None:
    fields = _fields(line)
    if fields is None or len(fields) != len(MANIFEST_HEADER):
        got = "unbalanced quotation marks" if fields is None else f"{len(fields)} fields"
        faults.append(
            f"line {number}: expected {len(MANIFEST_HEADER)} fields, got {got}; put quotation "
            "marks around a field that contains a comma, and double those inside it"
        )
        return None
    recording = Recording(*map(unguard_cell, fields)) if "'" in line else Recording(*fields)
    found = recording.faults()
    if found:
        faults += [f"line {number}: {fault}" for fault in found]
    else:
        seen[line] = recording
    return recording


def _fields(line: str) -> list[str] | None:
    if '"' not in line and "\r" not in line:
        return line.split(",") if line else []
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None
