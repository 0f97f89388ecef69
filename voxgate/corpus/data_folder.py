"""Data/ as a whole: whose consent it holds, and how it is replaced in one step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from voxgate.corpus.consent import Consent, load_consents
from voxgate.corpus.manifest import Recording, read_manifest
from voxgate.errors import ConsentError
from voxgate.files import publish_directory

__all__ = ["merge_consent", "recordings_of", "rewrite_data"]


def recordings_of(data_dir: Path) -> list[Recording]:
    """Return the lines of the manifest; none of a folder that holds no file yet.

    Raises:
        ManifestError: the folder is begun, and its manifest is absent or broken.
    """
    return read_manifest(data_dir / "manifest.csv") if _is_begun(data_dir) else []


def merge_consent(data_dir: Path, speaker_id: str, given: Consent | None) -> dict[str, Consent]:
    """Return the records of `data_dir` with the one of a speaker whose recordings come to it.

    Raises:
        ConsentError: the speaker has no record and none is given, or has another one.
    """
    consents = load_consents(data_dir / "consent.yaml") if _is_begun(data_dir) else {}
    known = consents.get(speaker_id)
    if known is None and given is None:
        raise ConsentError(
            f"speaker {speaker_id!r} has no consent record: recordings of a person are not "
            "used without one. Pass --consent FILE.yaml, or --scope with --statement, --source, "
            "--licence and --attribution (docs/corpus.md)."
        )
    if known is not None and given is not None and known != given:
        raise ConsentError(
            f"speaker {speaker_id!r} has another consent record in data/consent.yaml; "
            "leave --consent out to keep it, or correct that file first"
        )
    alike = [name for name in consents if name.casefold() == speaker_id.casefold()]
    if known is None and alike:
        raise ConsentError(
            f"speaker {speaker_id!r} differs from {alike[0]!r} in letter case only; one "
            "person has one record: pass --speaker as data/consent.yaml has it, or another id"
        )
    if given is not None:
        consents[speaker_id] = given
    return consents


@contextmanager
def rewrite_data(data_dir: Path, *, leave_out: Callable[[str], bool]) -> Iterator[Path]:
    """Yield a new data/ that has each file of the old one, as a hard link, but those left out.

    It takes the place of the old one when the block ends; when it raises, nothing has changed.
    Files in it are replaced, never written into: they are the old ones too.

    Raises:
        StorageError: the disk refused.
    """
    with publish_directory(data_dir) as folder:
        for relative in sorted(_files_below(data_dir)):
            if not leave_out(relative):
                _link(data_dir / relative, folder / relative)
        yield folder


def _is_begun(data_dir: Path) -> bool:
    """Say whether there is any file: an empty folder, a mount point say, is like none."""
    return any(path.is_file() for path in data_dir.rglob("*"))


def _files_below(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without hard links
        shutil.copy2(source, target)
