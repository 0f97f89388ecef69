"""Find the file that a line of a list means, where exactly one can be meant."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from voxgate.corpus.list_entries import AUDIO_SUFFIXES, Entry
from voxgate.corpus.list_files import is_hidden
from voxgate.corpus.paths import SHOWN_PATH, resolve_inside
from voxgate.errors import CorpusError, UnsafePathError
from voxgate.excerpts import excerpt

__all__ = ["FoundFile", "SourceFolder", "group_notes", "shown_path"]

_ELSEWHERE = "path of another machine; the file of that name here was taken"
_SPELLED = (
    "path spelled otherwise (letter case, accents or invisible characters); the file was taken"
)

Parts = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FoundFile:
    """A file of the folder. `relative` is its path there, `note` how it differs from the list."""

    source: Path
    relative: str
    note: str | None = None


class SourceFolder:
    """The audio files below a folder, by the ways in which a list may spell them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = sorted(
            relative
            for path in folder.rglob("*")
            if path.suffix.lower() in AUDIO_SUFFIXES
            and path.is_file()
            and not is_hidden(relative := path.relative_to(folder))
        )
        self._exact = {relative.as_posix() for relative in self.files}
        self._by_parts: dict[Parts, list[Path]] = defaultdict(list)
        self._by_name: dict[str, list[Path]] = defaultdict(list)
        for relative in self.files:
            parts = _parts(relative.as_posix())
            self._by_parts[parts].append(relative)
            self._by_name[parts[-1]].append(relative)

    def find(self, entry: Entry) -> FoundFile:
        """Return the file that `entry` means.

        Raises:
            UnsafePathError: it leaves the folder, or is of another machine and none here fits.
            CorpusError: it is not there, or several files could be meant.
        """
        written = entry.path.replace("\\", "/")
        if _is_absolute(written):
            return self._elsewhere(entry.path, _parts(written))
        exact = resolve_inside(self.folder, written)
        if PurePosixPath(written).suffix.lower() not in AUDIO_SUFFIXES:
            known = ", ".join(sorted(AUDIO_SUFFIXES))
            raise CorpusError(f"expected one of {known}; export it again")
        if is_hidden(Path(written)):
            raise CorpusError("a hidden file, as systems leave them, is no recording")
        there = {
            name: resolve_inside(self.folder, name)
            for name in entry.alternatives
            if name in self._exact
        }
        if exact.is_file():
            there = {written: exact, **there}
        if len(there) > 1:
            listed = ", ".join(map(shown_path, there))
            raise CorpusError(f"several files could be meant ({listed}); name one with its suffix")
        if there:
            name, path = next(iter(there.items()))
            return FoundFile(source=path, relative=PurePosixPath(name).as_posix())
        names = (written, *entry.alternatives)
        alike = [path for name in names for path in self._by_parts.get(_parts(name), ())]
        if len(alike) == 1:
            return self._found(alike[0], _SPELLED)
        if alike:
            listed = ", ".join(shown_path(path.as_posix()) for path in alike)
            raise CorpusError(f"several files differ from it in spelling only ({listed})")
        raise CorpusError(self._absent(_parts(written)))

    def _elsewhere(self, written: str, parts: Parts) -> FoundFile:
        """GPT-SoVITS writes where the files were when it cut them; here they lie as they lie."""
        named = self._by_name.get(parts[-1], []) if parts else []
        fitting = [
            relative
            for relative in named
            if (own := _parts(relative.as_posix())) == parts[-len(own) :]
        ]
        if not fitting and len({relative.parent for relative in self.files}) == 1:
            fitting = named
        if len(fitting) == 1:
            return self._found(fitting[0], _ELSEWHERE)
        where = (
            "no file of that name lies below" if not named else "several files could be meant in"
        )
        if len(named) == 1:
            where = f"only {shown_path(named[0].as_posix())} has that name in"
        raise UnsafePathError(
            f"path {excerpt(written, SHOWN_PATH)}: an absolute or Windows path, and {where} "
            f"{self.folder.name}/; write paths relative to that folder"
        )

    def _absent(self, parts: Parts) -> str:
        named = self._by_name.get(parts[-1], []) if parts else []
        hint = ""
        if named:
            shown = ", ".join(shown_path(path.as_posix()) for path in named[:3])
            hint = f"; {shown} has that name: write its path"
        return f"no such file below {self.folder.name}/{hint}"

    def _found(self, relative: Path, note: str) -> FoundFile:
        path = resolve_inside(self.folder, relative.as_posix())
        return FoundFile(source=path, relative=relative.as_posix(), note=note)


def shown_path(path: str) -> str:
    """Return a path for a message: as it is, or quoted with escapes if it holds what none sees."""
    plain = path.isprintable() and path == path.strip() and len(path) <= SHOWN_PATH
    return path if plain else excerpt(path, SHOWN_PATH)


def _is_absolute(path: str) -> bool:
    return path.startswith(("/", "~/", "file:")) or path[1:2] == ":"


def _parts(path: str) -> Parts:
    """The parts of a path for comparison: composed, without case and invisible characters."""
    composed = unicodedata.normalize("NFC", path).casefold()
    visible = "".join(c for c in composed if unicodedata.category(c) != "Cf")
    return tuple(part for part in visible.split("/") if part not in {"", "."})


def group_notes(found: Sequence[tuple[str, FoundFile]]) -> list[str]:
    """Say once a kind which files were taken though the list spells them otherwise."""
    notes = []
    for kind in dict.fromkeys(file.note for _, file in found if file.note):
        of_kind = [(written, file) for written, file in found if file.note == kind]
        written, file = of_kind[0]
        lines = "1 line has" if len(of_kind) == 1 else f"{len(of_kind)} lines have"
        example = f"{excerpt(written)} is {shown_path(file.relative)}"
        notes.append(f"{lines} a {kind} ({example})")
    return notes
