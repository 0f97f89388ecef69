"""Put an import into data/: its two files, its clips, and the manifest that follows from them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile
from tqdm import tqdm

from voxgate.audio.encoding import encode_file
from voxgate.corpus.consent import Consent, dump_consents
from voxgate.corpus.cutting.composition import Trim, compose
from voxgate.corpus.cutting.decisions import read_decisions
from voxgate.corpus.cutting.records import (
    Import,
    clip_path,
    import_folder,
    read_imports,
    write_import,
)
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.data_folder import merge_consent, recordings_of, rewrite_data
from voxgate.corpus.manifest import Recording, write_manifest
from voxgate.files import canonical_json, write_bytes, write_text
from voxgate.lease import data_lease
from voxgate.stage import Workspace
from voxgate.types import HEARING_RATE_HZ

__all__ = [
    "EncodeClip",
    "EncodedClip",
    "find_import",
    "publish_import",
    "put_originals_back",
    "recompose",
]

_ORIGINALS = "originals"
_CLEANING_FILE = "cleaning.jsonl"


@dataclass(frozen=True, kw_only=True)
class EncodedClip:
    """A clip as FLAC, at the recording's own rate.

    original: the clip as it was, where `flac` is a cleaned one; it stays in the data version.
    cleaning: what cleaning found and did, where it changed anything.
    """

    flac: bytes
    original: bytes | None = None
    cleaning: Mapping[str, Any] | None = None


EncodeClip = Callable[[str, Span], EncodedClip]
"""Encodes the clip of that recording id, a span of the recording."""


def find_import(data_dir: Path, *, speaker_id: str, sha256: str, settings: str) -> Import | None:
    """Return the import of the same recording with the same settings, if all its clips are there.

    The recording is known by its bytes: under another name it is the same.

    Raises:
        CorpusError: the files of an import are damaged.
    """
    for imported in read_imports(data_dir):
        source = imported.source
        asked = (speaker_id, sha256, settings)
        if (source.speaker_id, source.sha256, source.settings) == asked and all(
            (data_dir / clip_path(clip)).is_file() for clip in imported.clips
        ):
            return imported
    return None


def publish_import(
    imported: Import, encode: EncodeClip, workspace: Workspace, *, consent: Consent | None
) -> None:
    """Put an import in the place of an earlier one of the same recording and speaker, if any.

    Decisions stay; those about a clip that is cut the same still count. Afterwards data/ is wholly
    new, or untouched.

    Raises:
        LockHeldError: another command writes data/, still after two minutes.
        ConsentError: the speaker has no consent record and none is given, or has another one.
        StorageError: the disk refused.
    """
    source, data_dir = imported.source, workspace.data_dir
    own = (f"{import_folder(source)}/", f"audio/{source.speaker_id}/{source.source_id}/")
    with data_lease(workspace, purpose=f"corpus import of {source.source_id}"):
        consents = merge_consent(data_dir, source.speaker_id, consent)
        existing = recordings_of(data_dir)
        with rewrite_data(data_dir, leave_out=lambda path: path.startswith(own)) as folder:
            write_import(folder / import_folder(source), imported)
            _write_clips(folder, imported, encode)
            write_bytes(folder / "consent.yaml", dump_consents(consents).encode())
            _write_composition(folder, existing)


def put_originals_back(data_dir: Path) -> int:
    """Undo the cleaning of all imports; returns of how many clips. Who calls it holds the lease.

    What cleaning found stays in `cleaning.jsonl`. Trimmed clips are cut again.

    Raises:
        CorpusError: decisions, imports or the manifest are damaged.
        StorageError: the disk refused; doing it again makes it whole.
    """
    count = 0
    for imported in read_imports(data_dir):
        for clip in imported.clips:
            original = _original(data_dir, imported, clip)
            if original.is_file():
                original.replace(data_dir / clip_path(clip))
                count += 1
    existing = recordings_of(data_dir)
    for path in compose(existing, read_imports(data_dir), read_decisions(data_dir)).trims:
        (data_dir / path).unlink(missing_ok=True)
    _write_composition(data_dir, existing)
    return count


def recompose(data_dir: Path) -> None:
    """Bring the manifest and the trimmed clips up to the decisions; who calls it holds the lease.

    Raises:
        CorpusError: decisions, imports or the manifest are damaged.
        StorageError: the disk refused; doing it again makes it whole.
    """
    _write_composition(data_dir, recordings_of(data_dir))


def _write_clips(folder: Path, imported: Import, encode: EncodeClip) -> None:
    found: list[Mapping[str, Any]] = []
    for clip, stretch in tqdm(imported.clips.items(), desc="write", unit="clip", disable=None):
        encoded = encode(clip, stretch.span)
        write_bytes(folder / clip_path(clip), encoded.flac, durable=False)
        if encoded.original is not None:
            write_bytes(_original(folder, imported, clip), encoded.original, durable=False)
        if encoded.cleaning is not None:
            found.append(encoded.cleaning)
    if found:
        lines = "".join(f"{canonical_json(row)}\n" for row in found)
        write_text(folder / import_folder(imported.source) / _CLEANING_FILE, lines)


def _original(data_dir: Path, imported: Import, clip: str) -> Path:
    name = clip.rsplit("/", maxsplit=1)[-1]
    return data_dir / import_folder(imported.source) / _ORIGINALS / f"{name}.flac"


def _write_composition(folder: Path, existing: list[Recording]) -> None:
    imports = read_imports(folder)
    composition = compose(existing, imports, read_decisions(folder))
    for path, trim in composition.trims.items():
        if not (folder / path).is_file():
            write_bytes(folder / path, _cut_clip(folder / trim.path, trim), durable=False)
    # The manifest names a clip only while it is there: first the new ones, last the old ones.
    write_manifest(folder / "manifest.csv", composition.recordings)
    needed = {clip_path(clip) for imported in imports for clip in imported.clips}
    needed |= set(composition.trims)
    for imported in imports:
        source = imported.source
        for clip in (folder / "audio" / source.speaker_id / source.source_id).glob("*.flac"):
            if clip.relative_to(folder).as_posix() not in needed:
                clip.unlink()


def _cut_clip(path: Path, trim: Trim) -> bytes:
    pcm, rate_hz = soundfile.read(io.BytesIO(path.read_bytes()), dtype="int16")
    start, end = (
        round(at * rate_hz / HEARING_RATE_HZ) for at in (trim.within.start, trim.within.end)
    )
    return encode_file(pcm[start:end], rate_hz, "flac")
