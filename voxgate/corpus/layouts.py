"""Read the lists in which people keep recordings: GPT-SoVITS `.list`, CSV, LJSpeech.

Every reader reports all broken lines at once and reads nothing but the list: the files are looked
at by `voxgate.corpus.addition`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from voxgate.audio.containers import EXPECTED_CONTAINERS, HEADERLESS_SUFFIXES
from voxgate.errors import ManifestError

__all__ = ["AUDIO_SUFFIXES", "Entry", "Layout", "detect_layout", "read_layout"]

AUDIO_SUFFIXES = frozenset(EXPECTED_CONTAINERS) | frozenset(HEADERLESS_SUFFIXES)

_CSV_COLUMNS = ("path", "text", "recording_id", "speaker", "language")
_LIST_FIELDS = 4
_LJSPEECH_FIELDS = (2, 3)


class Layout(StrEnum):
    """How a folder of recordings lists them."""

    GPT_SOVITS = "gpt-sovits"
    CSV = "csv"
    LJSPEECH = "ljspeech"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a list. `path` is as written; `name`, `speaker`, `language` where given."""

    line: int
    path: str
    text: str
    name: str | None = None
    speaker: str | None = None
    language: str | None = None


def detect_layout(folder: Path) -> tuple[Layout, Path]:
    """Find the one list in `folder` and tell its layout.

    Raises:
        ManifestError: there is no list, or more than one.
    """
    found = [(Layout.GPT_SOVITS, path) for path in sorted(folder.glob("*.list"))]
    for path in sorted(folder.glob("*.csv")):
        is_pipe = path.name == "metadata.csv" and not _has_csv_header(path)
        found.append((Layout.LJSPEECH if is_pipe else Layout.CSV, path))
    if len(found) != 1:
        names = ", ".join(path.name for _, path in found) or "none"
        raise ManifestError(
            str(folder),
            [
                "expected one list beside the recordings (NAME.list, NAME.csv or LJSpeech's "
                f"metadata.csv), found {names}; keep one, or say which with --layout"
            ],
        )
    return found[0]


def read_layout(folder: Path, layout: Layout) -> tuple[Path, list[Entry]]:
    """Read the list of `folder` in the given layout.

    Raises:
        ManifestError: there is not exactly one list of that layout, it is not UTF-8, it is empty,
            or lines are broken; every broken line is named.
    """
    path = _find_list(folder, layout)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ManifestError(path.name, [f"expected UTF-8: {error}; save it as UTF-8"]) from None
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    faults: list[str] = []
    readers = {
        Layout.GPT_SOVITS: _read_gpt_sovits,
        Layout.CSV: _read_csv,
        Layout.LJSPEECH: _read_ljspeech,
    }
    entries = list(readers[layout](lines, faults))
    if not entries and not faults:
        faults.append("the list has no line that names a recording")
    if faults:
        raise ManifestError(path.name, faults)
    return path, entries


def _find_list(folder: Path, layout: Layout) -> Path:
    patterns = {Layout.GPT_SOVITS: "*.list", Layout.CSV: "*.csv", Layout.LJSPEECH: "metadata.csv"}
    found = sorted(folder.glob(patterns[layout]))
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise ManifestError(
            str(folder), [f"layout {layout}: expected one {patterns[layout]}, found {names}"]
        )
    return found[0]


def _has_csv_header(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        names = [name.strip().lower() for name in stream.readline().split(",")]
    return {"path", "text"} <= set(names)


def _read_gpt_sovits(lines: list[tuple[int, str]], faults: list[str]) -> Iterator[Entry]:
    for number, line in lines:
        # The text is the last field and may contain the separator.
        fields = [field.strip() for field in line.split("|", _LIST_FIELDS - 1)]
        if len(fields) < _LIST_FIELDS:
            faults.append(
                f"line {number}: expected path|speaker|LANG|text, got {len(fields)} fields"
            )
            continue
        path, speaker, language, text = fields
        yield Entry(line=number, path=path, text=text, speaker=speaker, language=language)


def _read_ljspeech(lines: list[tuple[int, str]], faults: list[str]) -> Iterator[Entry]:
    for number, line in lines:
        fields = [field.strip() for field in line.split("|")]
        if len(fields) not in _LJSPEECH_FIELDS or not fields[0]:
            faults.append(
                f"line {number}: expected id|text or id|text|normalised text, got {len(fields)} "
                "fields; a text that contains '|' needs the CSV layout"
            )
            continue
        # The third field spells out numbers and abbreviations: it is what was said.
        yield Entry(line=number, path=f"wavs/{fields[0]}.wav", text=fields[-1] or fields[1])


def _read_csv(lines: list[tuple[int, str]], faults: list[str]) -> Iterator[Entry]:
    header = [name.strip().lower() for name in _split(lines[0][1]) or []] if lines else []
    unknown = [name for name in header if name not in _CSV_COLUMNS]
    if not {"path", "text"} <= set(header) or unknown or len(set(header)) != len(header):
        faults.append(
            "line 1: expected a header with path and text, and optionally recording_id, speaker, "
            f"language, got {','.join(header)!r}"
        )
        return
    for number, line in lines[1:]:
        fields = _split(line)
        if fields is None or len(fields) != len(header):
            got = "unbalanced quotation marks" if fields is None else f"{len(fields)} fields"
            faults.append(
                f"line {number}: expected {len(header)} fields, got {got}; put quotation marks "
                "around a text that contains a comma"
            )
            continue
        values = {name: value.strip() for name, value in zip(header, fields, strict=True)}
        yield Entry(
            line=number,
            path=values["path"],
            text=values["text"],
            name=values.get("recording_id") or None,
            speaker=values.get("speaker") or None,
            language=values.get("language") or None,
        )


def _split(line: str) -> list[str] | None:
    try:
        return next(csv.reader(io.StringIO(line), strict=True), [])
    except csv.Error:
        return None
