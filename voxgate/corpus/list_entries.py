"""One line of a list, as an entry: a path or what an id means, a text, perhaps a speaker."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from voxgate.audio.containers import EXPECTED_CONTAINERS, HEADERLESS_SUFFIXES
from voxgate.corpus.columns import ID, LANGUAGE, NAME, PATH, SPEAKER, SPOKEN, TEXT, speaker_of_id

__all__ = ["AUDIO_SUFFIXES", "Entry", "read_entry", "with_speakers"]

AUDIO_SUFFIXES = frozenset(EXPECTED_CONTAINERS) | frozenset(HEADERLESS_SUFFIXES)

_BY_USE = [".wav", *sorted(AUDIO_SUFFIXES - {".wav"})]
_SHOWN_SPEAKERS = 5


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a list. `path` is as written; `name`, `speaker`, `language` where given.

    `alternatives` are other paths that the line may mean where it gives an id, not a path.
    """

    line: int
    path: str
    text: str
    name: str | None = None
    speaker: str | None = None
    language: str | None = None
    alternatives: tuple[str, ...] = ()


def read_entry(number: int, cells: Sequence[str], roles: Sequence[str]) -> Entry:
    """Return the entry of line `number`, whose cells mean what `roles` says."""
    values = dict(zip(roles, cells, strict=False))
    if PATH in values:
        paths = [_unquoted(values[PATH])]
    else:
        paths = _paths_of_id(_unquoted(values.get(ID, "")))
    return Entry(
        line=number,
        path=paths[0],
        # Spelled-out numbers and abbreviations are what was said.
        text=values.get(SPOKEN) or values.get(TEXT, ""),
        name=values.get(NAME) or None,
        speaker=values.get(SPEAKER) or None,
        language=values.get(LANGUAGE) or None,
        alternatives=tuple(paths[1:]),
    )


def _paths_of_id(name: str) -> list[str]:
    """Where LJSpeech keeps an id, then where others do; an id may carry its suffix and folder."""
    suffixes = [""] if PurePosixPath(name).suffix.lower() in AUDIO_SUFFIXES else _BY_USE
    folders = (
        ["", "wavs/"] if name.startswith(("wavs/", "/", "~")) or "\\" in name else ["wavs/", ""]
    )
    return [f"{folder}{name}{suffix}" for folder in folders for suffix in suffixes]


def _unquoted(field: str) -> str:
    if len(field) > 1 and field[0] == field[-1] and field[0] in "\"'":
        return field[1:-1].strip()
    return field


def with_speakers(entries: Sequence[Entry], notes: list[str]) -> Sequence[Entry]:
    """Return the entries with the speakers that their file names tell, where no column does."""
    if any(entry.speaker for entry in entries):
        return entries
    speakers = speaker_of_id(entry.path.removeprefix("wavs/") for entry in entries)
    if speakers is None:
        return entries
    shown = ", ".join(sorted(set(speakers))[:_SHOWN_SPEAKERS])
    notes.append(f"the names of its files tell the speakers: {shown}")
    return [
        dataclasses.replace(entry, speaker=speaker)
        for entry, speaker in zip(entries, speakers, strict=True)
    ]
