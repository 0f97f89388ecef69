"""Read the lists in which people keep recordings: GPT-SoVITS `.list`, CSV, LJSpeech.

Every reader reports all broken lines at once and reads nothing but the list: the files are looked
at by `voxgate.corpus.source_files`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from voxgate.corpus.columns import ID, LANGUAGE, PATH, SPEAKER, TEXT, header_roles, infer_roles
from voxgate.corpus.line_faults import LineFaults
from voxgate.corpus.list_entries import Entry, read_entry, with_speakers
from voxgate.corpus.list_files import find_list, read_lines
from voxgate.corpus.list_rows import Rows, split_rows
from voxgate.errors import ManifestError

__all__ = ["Layout", "SourceList", "read_list"]

_GPT_SOVITS = (PATH, SPEAKER, LANGUAGE, TEXT)
_PIPER = (ID, SPEAKER, TEXT)
_SEPARATORS = ("|", ",", "\t", ";")


class Layout(StrEnum):
    """How a folder of recordings lists them."""

    GPT_SOVITS = "gpt-sovits"
    CSV = "csv"
    LJSPEECH = "ljspeech"


_SUFFIXES = {
    Layout.GPT_SOVITS: (".list",),
    Layout.CSV: (".csv", ".tsv"),
    Layout.LJSPEECH: (".csv",),
}


@dataclass(frozen=True, kw_only=True)
class SourceList:
    """A list as it was read; `notes` say what was understood that the list does not say itself."""

    path: Path
    layout: Layout
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


def read_list(
    folder: Path, *, layout: Layout | None = None, chosen: Path | None = None
) -> SourceList:
    """Read the one list of `folder`, or the `chosen` one; `layout` None is told by its lines.

    Raises:
        ManifestError: there is not exactly one list, it is not UTF-8, it is empty, its columns
            could be a speaker's or a text's, or lines are broken; every broken line is named.
    """
    path = find_list(folder, _SUFFIXES[layout] if layout else (), chosen)
    lines = read_lines(path)
    faults = LineFaults()
    found, separator, roles = _tell(path, lines, layout)
    notes = []
    if roles and lines:
        notes.append(f"line {lines[0][0]} names the columns: {', '.join(roles)}")
        lines = lines[1:]
    elif found is Layout.CSV and lines:
        raise ManifestError(path.name, [_not_a_header(lines[0])])
    roles = roles or (_GPT_SOVITS if found is Layout.GPT_SOVITS else None)
    rows = split_rows(lines, separator, len(roles) if roles else None, faults, roles or ())
    if roles is None:
        roles = _ljspeech_roles(rows, path, faults)
        if SPEAKER in roles:
            notes.append(f"its columns were read as {', '.join(roles)}")
    entries = [read_entry(number, cells, roles) for number, cells in rows]
    if not entries and not faults:
        raise ManifestError(path.name, ["the list has no line that names a recording"])
    if faults:
        raise ManifestError(path.name, faults.messages())
    return SourceList(
        path=path, layout=found, entries=tuple(with_speakers(entries, notes)), notes=tuple(notes)
    )


def _tell(
    path: Path, lines: Sequence[tuple[int, str]], layout: Layout | None
) -> tuple[Layout, str, tuple[str, ...] | None]:
    """The layout, its separator, and the roles that the first line names, if it does."""
    first = lines[0][1] if lines else ""
    for separator in _SEPARATORS:
        if roles := header_roles(first.split(separator)):
            return layout or Layout.CSV, separator, roles
    if layout is None:
        piped = "|" in first or path.name.lower() == "metadata.csv"
        fields = [field.strip() for field in first.split("|")]
        listed = len(fields) >= len(_GPT_SOVITS) and PurePosixPath(fields[0]).suffix
        if path.suffix.lower() == ".list" or (listed and path.suffix.lower() == ".txt"):
            layout = Layout.GPT_SOVITS
        else:
            layout = Layout.LJSPEECH if piped else Layout.CSV
    return layout, "," if layout is Layout.CSV else "|", None


def _not_a_header(first: tuple[int, str]) -> str:
    return (
        f"line {first[0]}: expected a header with path and text, and optionally recording_id, "
        f"speaker, language, got {first[1][:100]!r}; no other columns"
    )


def _ljspeech_roles(rows: Rows, path: Path, faults: LineFaults) -> tuple[str, ...]:
    three = [cells for _, cells in rows if len(cells) == len(_PIPER)]
    roles = infer_roles(three)
    if roles is None:
        first = next(cells for cells in three if all(cells))
        raise ManifestError(
            path.name,
            [
                f"the second column ({first[1][:40]!r}) is no transcript of the third: a name of a "
                "speaker there would bring other people's recordings under one consent. Say what "
                "the columns are in a first line, such as id|speaker|text"
            ],
        )
    if SPEAKER in roles:
        for number, cells in rows:
            if len(cells) != len(roles) or not all(cells[: roles.index(TEXT)]):
                faults.add(number, f"expected {'|'.join(roles)}, got {len(cells)} fields")
    return roles
