"""From the lines of a list to recordings that could be added, with every fault named."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from voxgate.corpus.languages import language_code
from voxgate.corpus.line_faults import LineFaults
from voxgate.corpus.list_entries import Entry
from voxgate.corpus.manifest import Recording
from voxgate.corpus.paths import SHOWN_PATH
from voxgate.corpus.source_files import FoundFile, SourceFolder, group_notes, shown_path
from voxgate.errors import CorpusError, ManifestError, UnsafePathError
from voxgate.excerpts import excerpt

__all__ = ["Candidate", "Checked", "check_entries", "select_speaker"]


_SHOWN_SPEAKERS = 20


@dataclass(frozen=True)
class Candidate:
    """A recording as it would stand in the manifest, and the file that it would be copied from."""

    recording: Recording
    source: Path


@dataclass(frozen=True, kw_only=True)
class Checked:
    """All candidates of a list, and what was taken otherwise than it is written there."""

    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...]


def select_speaker(entries: Sequence[Entry], only: str | None, where: str) -> list[Entry]:
    """Return the lines of one speaker: the only one there is, or the one that `only` names.

    Raises:
        ManifestError: several speakers and no choice, lines of nobody beside those of somebody, or
            no line of the chosen one.
    """
    speakers = sorted({entry.speaker for entry in entries if entry.speaker is not None})
    if only is not None:
        chosen = [entry for entry in entries if entry.speaker == only]
        if not chosen:
            raise ManifestError(
                where, [f"no line of speaker {only!r}; there are {speakers[:_SHOWN_SPEAKERS]}"]
            )
        return chosen
    if len(speakers) > 1:
        raise ManifestError(
            where,
            [
                f"lines of {len(speakers)} speakers ({', '.join(speakers[:_SHOWN_SPEAKERS])}); "
                "add one at a time with --only NAME, each with a consent record"
            ],
        )
    nameless = [entry.line for entry in entries if entry.speaker is None]
    if speakers and nameless:
        faults = LineFaults()
        for line in nameless:
            faults.add(line, f"no speaker, in a list that names one ({excerpt(speakers[0])})")
        raise ManifestError(where, faults.messages())
    return list(entries)


def check_entries(
    entries: Iterable[Entry], folder: SourceFolder, *, speaker_id: str, language: str, where: str
) -> Checked:
    """Turn lines into candidates.

    Raises:
        ManifestError: a path is unsafe, a file is missing or no audio, a language is another one,
            an id or a file is taken; all faults are listed, equal ones together.
    """
    faults = LineFaults()
    checked: list[Candidate] = []
    found: list[tuple[str, FoundFile]] = []
    first: dict[str, int] = {}
    files: dict[Path, int] = {}
    for entry in entries:
        file = _find(entry, folder, language, faults)
        if file is None:
            continue
        found.append((entry.path, file))
        recording = _recording(entry, file, speaker_id, language)
        for fault in recording.faults():
            faults.add(entry.line, fault)
        recording_id = recording.recording_id
        earlier = first.setdefault(recording_id, entry.line)
        same = files.setdefault(file.source, entry.line)
        if earlier != entry.line:
            faults.add(
                entry.line,
                f"recording_id {recording_id!r} is on line {earlier} "
                "already; ids must be unique (the suffix of a file is no part of its id)",
            )
        elif same != entry.line:
            faults.add(entry.line, f"means the same file as line {same}", subject=_shown(entry))
        checked.append(Candidate(recording, file.source))
    if faults:
        raise ManifestError(where, faults.messages())
    return Checked(candidates=tuple(checked), notes=tuple(group_notes(found)))


def _find(
    entry: Entry, folder: SourceFolder, language: str, faults: LineFaults
) -> FoundFile | None:
    try:
        file = folder.find(entry)
    except UnsafePathError as error:
        path, what = f"path {excerpt(entry.path, SHOWN_PATH)}", str(error)
        is_own = what.startswith(f"{path}: ")
        subject, what = (path, what[len(path) + 2 :]) if is_own else ("", what)
        faults.add(entry.line, what, subject=subject)
        return None
    except CorpusError as error:
        faults.add(entry.line, str(error), subject=_shown(entry))
        return None
    if entry.language is not None and language_code(entry.language) != language:
        faults.add(
            entry.line,
            f"language {excerpt(entry.language)}, but --language is {language}; add one language "
            "at a time",
        )
        return None
    return file


def _shown(entry: Entry) -> str:
    return shown_path(entry.path)


def _recording(entry: Entry, file: FoundFile, speaker_id: str, language: str) -> Recording:
    # Composed: the names that one system writes decomposed are found on every other.
    relative = PurePosixPath(unicodedata.normalize("NFC", file.relative))
    name = entry.name or relative.with_suffix("").as_posix()
    return Recording(
        recording_id=f"{speaker_id}/{name}",
        path=f"audio/{speaker_id}/{relative.as_posix()}",
        speaker_id=speaker_id,
        language=language,
        text=entry.text,
    )
