"""From the lines of a list to recordings that could be added, with every fault named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from voxgate.corpus.layouts import AUDIO_SUFFIXES, Entry
from voxgate.corpus.manifest import Recording
from voxgate.corpus.paths import resolve_inside
from voxgate.errors import CorpusError, ManifestError

__all__ = ["Candidate", "check_entries", "select_speaker"]


@dataclass(frozen=True)
class Candidate:
    """A recording as it would stand in the manifest, and the file that it would be copied from."""

    recording: Recording
    source: Path


def select_speaker(entries: Sequence[Entry], only: str | None, where: str) -> list[Entry]:
    """Return the lines of one speaker: the only one there is, or the one that `only` names.

    Raises:
        ManifestError: several speakers and no choice, or no line of the chosen one.
    """
    speakers = sorted({entry.speaker for entry in entries if entry.speaker is not None})
    if only is not None:
        chosen = [entry for entry in entries if entry.speaker == only]
        if not chosen:
            raise ManifestError(where, [f"no line of speaker {only!r}; there are {speakers}"])
        return chosen
    if len(speakers) > 1:
        raise ManifestError(
            where,
            [
                f"lines of {len(speakers)} speakers ({', '.join(speakers)}); add one at a time "
                "with --only NAME, each with a consent record"
            ],
        )
    return list(entries)


def check_entries(
    entries: Iterable[Entry], folder: Path, *, speaker_id: str, language: str, where: str
) -> list[Candidate]:
    """Turn lines into candidates.

    Raises:
        ManifestError: a path is unsafe, a file is missing or no audio, a language is another one,
            an id is taken; all faults are listed.
    """
    faults: list[str] = []
    checked: list[Candidate] = []
    first: dict[str, int] = {}
    for entry in entries:
        try:
            candidate = _check_entry(entry, folder, speaker_id, language)
        except CorpusError as error:
            faults.append(f"line {entry.line}: {error}")
            continue
        recording_id = candidate.recording.recording_id
        faults += [f"line {entry.line}: {fault}" for fault in candidate.recording.faults()]
        earlier = first.setdefault(recording_id, entry.line)
        if earlier != entry.line:
            faults.append(
                f"line {entry.line}: recording_id {recording_id!r} is on line {earlier} "
                "already; ids must be unique (the suffix of a file is no part of its id)"
            )
        checked.append(candidate)
    if faults:
        raise ManifestError(where, faults)
    return checked


def _check_entry(entry: Entry, folder: Path, speaker_id: str, language: str) -> Candidate:
    source = resolve_inside(folder, entry.path)
    if source.suffix.lower() not in AUDIO_SUFFIXES:
        raise CorpusError(
            f"{entry.path}: expected one of {', '.join(sorted(AUDIO_SUFFIXES))}; export it again"
        )
    if not source.is_file():
        raise CorpusError(f"{entry.path}: no such file below {folder.name}/")
    if entry.language is not None and entry.language.lower() != language:
        raise CorpusError(
            f"language {entry.language!r}, but --language is {language}; add one language at a time"
        )
    relative = PurePosixPath(entry.path)
    name = entry.name or relative.with_suffix("").as_posix()
    recording = Recording(
        recording_id=f"{speaker_id}/{name}",
        path=f"audio/{speaker_id}/{relative.as_posix()}",
        speaker_id=speaker_id,
        language=language,
        text=entry.text,
    )
    return Candidate(recording, source)
