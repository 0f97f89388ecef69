"""Add somebody's own recordings to data/: plan everything, refuse everything together, then write.

Planning touches nothing. Writing builds the new data/ beside the old one (unchanged files are
hard links) and puts it in place in one step. Both happen under one lease, so that of two additions
at once the second plans upon what the first has written.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from voxgate.corpus.candidates import Candidate, check_entries, select_speaker
from voxgate.corpus.consent import Consent, dump_consents
from voxgate.corpus.data_folder import merge_consent, recordings_of, rewrite_data
from voxgate.corpus.languages import language_code
from voxgate.corpus.layouts import Layout, read_list
from voxgate.corpus.list_entries import Entry
from voxgate.corpus.manifest import Recording, write_manifest
from voxgate.corpus.source_files import SourceFolder
from voxgate.errors import CorpusError, ManifestError
from voxgate.excerpts import excerpt
from voxgate.files import digest_file
from voxgate.lease import data_lease
from voxgate.stage import Workspace
from voxgate.text.languages import require_language

__all__ = ["Addition", "AdditionRequest", "add_recordings", "plan_addition", "write_addition"]


@dataclass(frozen=True, kw_only=True)
class AdditionRequest:
    """What to add: the recordings of one speaker in `folder`, in one language.

    `layout` None is told by the list, `list_file` None finds it by itself. `consent` may be None
    for a speaker with a record. `only_speaker` takes the lines of one speaker of a list that has
    several. `replace` lets a recording take the place of another one with the same id.
    """

    folder: Path
    speaker_id: str
    language: str
    layout: Layout | None = None
    list_file: Path | None = None
    consent: Consent | None = None
    only_speaker: str | None = None
    replace: bool = False


@dataclass(frozen=True, kw_only=True)
class Addition:
    """What adding would do.

    `copies` maps a path in data/ to the file that it is copied from, `removed` are paths whose
    recording is replaced by one of another name. `unlisted` are audio files in the source folder
    that its list does not name; they are not added. `notes` say what was understood that the list
    does not say itself.
    """

    recordings: tuple[Recording, ...]
    consents: Mapping[str, Consent]
    copies: Mapping[str, Path]
    removed: frozenset[str]
    added: int
    replaced: int
    unchanged: int
    unlisted: tuple[str, ...]
    other_speakers: int
    notes: tuple[str, ...] = ()


def add_recordings(request: AdditionRequest, workspace: Workspace) -> Addition:
    """Plan an addition to the checkout's data/ and carry it out; nobody else writes meanwhile.

    Raises:
        LockHeldError: another command writes data/, still after two minutes.
        ConsentError, ManifestError, CorpusError: as `plan_addition`; nothing was written.
        StorageError: the disk refused; nothing was written.
    """
    with data_lease(workspace, purpose=f"corpus add of {request.speaker_id}"):
        addition = plan_addition(request, workspace.data_dir)
        if addition.copies:
            write_addition(addition, workspace.data_dir)
    return addition


def plan_addition(request: AdditionRequest, data_dir: Path) -> Addition:
    """Find out what adding does to `data_dir`, without doing it.

    Raises:
        ConsentError: the speaker has no consent record and none is given, or another one.
        ManifestError: lines are broken, files are missing or unsafe, ids are duplicated; all of
            them are listed.
        CorpusError: the folder cannot be a source.
        TextError: no front end reads the language.
    """
    folder = request.folder
    if not folder.is_dir():
        raise CorpusError(f"{folder}: expected a folder of recordings, found none")
    if folder.resolve().is_relative_to(data_dir.resolve()):
        raise CorpusError(f"{folder} lies in {data_dir}; add recordings from a folder outside it")
    language = language_code(request.language) or request.language
    require_language(language)
    consents = merge_consent(data_dir, request.speaker_id, request.consent)
    listed = read_list(folder, layout=request.layout, chosen=request.list_file)
    where = listed.path.name
    entries = select_speaker(listed.entries, request.only_speaker, where)
    source = SourceFolder(folder)
    checked = check_entries(
        entries, source, speaker_id=request.speaker_id, language=language, where=where
    )
    existing = recordings_of(data_dir)
    comparison = _compare(checked.candidates, existing, data_dir)
    _refuse_conflicts(comparison, replace=request.replace, where=where)
    return Addition(
        recordings=tuple(comparison.merged.values()),
        consents=consents,
        copies={c.recording.path: c.source for c in comparison.added + comparison.replaced},
        removed=frozenset(r.path for r in existing) - {r.path for r in comparison.merged.values()},
        added=len(comparison.added),
        replaced=len(comparison.replaced),
        unchanged=comparison.unchanged,
        unlisted=_find_unlisted(source, listed.entries),
        other_speakers=len(listed.entries) - len(entries),
        notes=(*listed.notes, *checked.notes, *_other_name(entries, request.speaker_id)),
    )


def write_addition(addition: Addition, data_dir: Path) -> None:
    """Carry out a plan: afterwards `data_dir` is wholly new, or untouched.

    Raises:
        StorageError: the disk refused.
    """
    gone = {"manifest.csv", "consent.yaml", *addition.copies, *addition.removed}
    with rewrite_data(data_dir, leave_out=gone.__contains__) as folder:
        for relative, source in tqdm(addition.copies.items(), desc="copy", unit="file"):
            target = folder / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        (folder / "consent.yaml").write_bytes(dump_consents(addition.consents).encode())
        write_manifest(folder / "manifest.csv", addition.recordings)


@dataclass(frozen=True, kw_only=True)
class _Comparison:
    """Candidates against what is there; `merged` is the manifest afterwards, by id."""

    added: list[Candidate]
    replaced: list[Candidate]
    unchanged: int
    merged: Mapping[str, Recording]
    taken: list[str]


def _compare(
    candidates: Sequence[Candidate], existing: Sequence[Recording], data_dir: Path
) -> _Comparison:
    merged = {recording.recording_id: recording for recording in existing}
    owners = {recording.path: recording.recording_id for recording in existing}
    added: list[Candidate] = []
    replaced: list[Candidate] = []
    taken: list[str] = []
    unchanged = 0
    for candidate in candidates:
        recording = candidate.recording
        old = merged.get(recording.recording_id)
        if owners.get(recording.path, recording.recording_id) != recording.recording_id:
            taken.append(f"{recording.path} belongs to recording {owners[recording.path]!r}")
        elif old is None:
            added.append(candidate)
        elif old == recording and _same_content(data_dir / old.path, candidate.source):
            unchanged += 1
        else:
            replaced.append(candidate)
        merged[recording.recording_id] = recording
    return _Comparison(
        added=added, replaced=replaced, unchanged=unchanged, merged=merged, taken=taken
    )


def _refuse_conflicts(comparison: _Comparison, *, replace: bool, where: str) -> None:
    faults = [f"{fault}; rename the file" for fault in comparison.taken]
    if not replace:
        faults += [
            f"{candidate.recording.recording_id!r} is in data/manifest.csv already, with other "
            "audio or text; give it another id, or pass --replace"
            for candidate in comparison.replaced
        ]
    if faults:
        raise ManifestError(where, faults)


def _same_content(one: Path, other: Path) -> bool:
    return one.is_file() and digest_file(one) == digest_file(other)


def _other_name(entries: Sequence[Entry], speaker_id: str) -> list[str]:
    """What a person should notice who mistook one folder for another's."""
    names = {entry.speaker for entry in entries if entry.speaker}
    others = sorted(name for name in names if name.casefold() != speaker_id.casefold())
    return [
        f"the list names the speaker {excerpt(name)}; its lines are added as {speaker_id!r}"
        for name in others
    ]


def _find_unlisted(source: SourceFolder, entries: Iterable[Entry]) -> tuple[str, ...]:
    listed = set()
    for entry in entries:
        with suppress(CorpusError):
            listed.add(source.find(entry).source)
    return tuple(f.as_posix() for f in source.files if source.folder / f not in listed)
