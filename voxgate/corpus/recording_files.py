"""The long recordings among what a person names, and the transcript that belongs to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voxgate.audio.containers import RECORDING_SUFFIXES
from voxgate.corpus.list_files import is_hidden
from voxgate.errors import CorpusError
from voxgate.excerpts import excerpt

__all__ = ["FoundRecordings", "find_recordings", "match_transcripts"]

_SHOWN = 5


@dataclass(frozen=True)
class FoundRecordings:
    """Recordings in the order in which they were named, each once.

    `ignored` are files of the folders that are no recordings by their names.
    """

    paths: tuple[Path, ...]
    ignored: tuple[Path, ...]


def find_recordings(named: Sequence[Path], *, outside: Path) -> FoundRecordings:
    """Return the files among `named`, and the recordings in its folders and all below them.

    A file that is named is taken whatever it is called.

    Raises:
        CorpusError: one does not exist, lies in the folder `outside`, or has no recording.
    """
    paths: dict[Path, None] = {}
    ignored: list[Path] = []
    for name in named:
        if name.resolve().is_relative_to(outside.resolve()):
            raise CorpusError(f"{name} lies in {outside}; import recordings from outside it")
        if name.is_dir():
            found = _below(name)
            known = [path for path in found if path.suffix.lower() in RECORDING_SUFFIXES]
            if not known:
                kinds = ", ".join(sorted(RECORDING_SUFFIXES))
                raise CorpusError(f"{name}: expected recordings ({kinds}), found none")
            paths |= dict.fromkeys(known)
            ignored += [path for path in found if path not in paths]
        elif name.is_file():
            paths[name] = None
        else:
            raise CorpusError(f"{name}: expected a recording or a folder of them, found nothing")
    return FoundRecordings(tuple(paths), tuple(ignored))


def match_transcripts(
    recordings: Sequence[Path], transcripts: Path | None, suffixes: frozenset[str]
) -> dict[Path, Path]:
    """Return which file has the text of which recording: one file, or those of equal names.

    Args:
        recordings: that are imported.
        transcripts: a file, where there is one recording, or a folder of them.
        suffixes: of the formats of transcripts that can be read.

    Raises:
        CorpusError: it does not exist, fits no recording, or it is not clear which one is meant.
    """
    if transcripts is None:
        return {}
    if transcripts.is_file():
        if len(recordings) != 1:
            raise CorpusError(
                f"--transcripts {transcripts} is one file for {len(recordings)} recordings; name "
                "a folder that has one for each, of the same name but for the suffix"
            )
        return {recordings[0]: transcripts}
    if not transcripts.is_dir():
        raise CorpusError(f"--transcripts {transcripts}: expected a file or a folder, found none")
    by_stem: dict[str, list[Path]] = defaultdict(list)
    for path in _below(transcripts):
        if path.suffix.lower() in suffixes:
            by_stem[path.stem.casefold()].append(path)
    return _match(recordings, by_stem, transcripts, suffixes)


def _match(
    recordings: Sequence[Path],
    by_stem: dict[str, list[Path]],
    folder: Path,
    suffixes: frozenset[str],
) -> dict[Path, Path]:
    matched: dict[Path, Path] = {}
    for recording in recordings:
        found = by_stem.get(recording.stem.casefold(), [])
        # Discs have tracks of equal names: then their folders must be called the same.
        near = [path for path in found if path.parent.name == recording.parent.name]
        chosen = near if len(found) > 1 and near else found
        if len(chosen) > 1:
            names = ", ".join(path.name for path in chosen[:_SHOWN])
            raise CorpusError(f"{excerpt(recording.name)}: several transcripts fit: {names}")
        if chosen:
            matched[recording] = chosen[0]
    shared = len(matched) - len(set(matched.values()))
    if shared:
        raise CorpusError(
            f"{folder}: {shared} recordings have a name that another one has too, and it is not "
            "clear whose transcript is meant; put both into folders of the same names"
        )
    if not matched:
        kinds = ", ".join(sorted(suffixes))
        raise CorpusError(
            f"{folder}: expected a transcript ({kinds}) of the same name as a recording, such as "
            f"{recordings[0].stem}.srt, found none"
        )
    return matched


def _below(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not is_hidden(path.relative_to(folder))
    )
