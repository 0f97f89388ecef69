"""What changed between two versions of the data: files, and what that means for recordings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from voxgate.adapters.dvc.cache import cache_dir, cached_object, object_path
from voxgate.adapters.dvc.data import data_version, read_registered_tree, version_at
from voxgate.adapters.dvc.known_files import read_data_tree
from voxgate.adapters.dvc.tree import FolderTree, TreeDiff, compare_trees
from voxgate.corpus.manifest import Recording, read_manifest
from voxgate.errors import DataVersionError
from voxgate.stage import Workspace

__all__ = ["DataDiff", "DataVersion", "compare_data", "diff_data", "diff_versions", "open_versions"]


@dataclass(frozen=True, kw_only=True)
class DataDiff:
    """`files` in data/; recordings by id. A recording is changed when its line or its audio is."""

    old_version: str
    new_version: str
    files: TreeDiff
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """A manifest, wherever it lies; read when it is asked for, and once.

    `seen` are the lines that were parsed already: versions have nearly all of them in common.
    """

    path: Path
    seen: dict[str, Recording]

    @cached_property
    def recordings(self) -> Mapping[str, Recording]:
        """The lines by recording_id."""
        return {r.recording_id: r for r in read_manifest(self.path, self.seen)}


@dataclass(frozen=True)
class DataVersion:
    """The files of one version, and its manifest."""

    root: Path
    digest: str
    tree: FolderTree
    manifest: Manifest

    @property
    def recordings(self) -> Mapping[str, Recording]:
        """The lines of the manifest by recording_id.

        Raises:
            ManifestError: it is broken.
        """
        return self.manifest.recordings

    def digest_of(self, recording: Recording) -> str | None:
        """Return the md5 of a recording's file; None where the version has no such file."""
        return self.tree.files.get(recording.path)

    def files(self, recordings: Iterable[Recording]) -> Iterator[tuple[Recording, Path]]:
        """Yield where each recording lies: in DVC's cache or in data/; what is in neither is not.

        A file of the cache has no suffix.
        """
        data, cache = Workspace(self.root).data_dir, cache_dir(self.root)
        in_place = read_data_tree(self.root).files if data.is_dir() else {}
        for recording in recordings:
            md5 = self.digest_of(recording)
            if md5 is None:
                continue
            if in_place.get(recording.path) == md5:
                yield recording, data / recording.path
            elif (path := object_path(cache, md5)).is_file():
                yield recording, path


def diff_data(root: Path, old_revision: str = "HEAD", new_revision: str | None = None) -> DataDiff:
    """Compare data/ at two Git revisions; raises what `open_versions` and `compare_data` raise."""
    return compare_data(*open_versions(root, old_revision, new_revision))


def open_versions(root: Path, *revisions: str | None) -> tuple[DataVersion, ...]:
    """Return the data versions at Git revisions; None is what is in data/ now.

    Raises:
        DataVersionError: a revision is unknown, or its files are not in DVC's cache.
    """
    return _open(root, [r if r is None else version_at(root, r) for r in revisions])


def diff_versions(root: Path, old_version: str, new_version: str) -> DataDiff:
    """Compare two data versions by their digests, wherever Git has them.

    Raises:
        DataVersionError: the files of a version are not in DVC's cache.
        ManifestError: one of the manifests is broken.
    """
    return compare_data(*_open(root, [old_version, new_version]))


def compare_data(old: DataVersion, new: DataVersion) -> DataDiff:
    """Say what turns one version into the other.

    Raises:
        ManifestError: one of the manifests is broken.
    """
    return DataDiff(
        old_version=old.digest,
        new_version=new.digest,
        files=compare_trees(old.tree, new.tree),
        **_compare_recordings(old, new),
    )


def _open(root: Path, digests: Iterable[str | None]) -> tuple[DataVersion, ...]:
    """Open versions by their digests; data/ is looked at once, and each manifest is one."""
    data = Workspace(root).data_dir
    here = read_data_tree(root) if data.is_dir() else None
    manifests: dict[str, Manifest] = {}
    seen: dict[str, Recording] = {}
    found = []
    for digest in digests:
        if digest is None and here is None:
            raise DataVersionError(
                f"{data} is missing: data.dvc names {data_version(root)[:8]}; run "
                "`voxgate data pull`"
            )
        tree = here if digest is None else read_registered_tree(root, digest, here)
        assert tree is not None
        version = digest or tree.digest
        md5 = tree.files.get("manifest.csv", "")
        if md5 not in manifests:
            manifests[md5] = Manifest(_find_manifest(root, version, md5, here), seen)
        found.append(DataVersion(root, version, tree, manifests[md5]))
    return tuple(found)


def _find_manifest(root: Path, version: str, md5: str, here: FolderTree | None) -> Path:
    in_place = Workspace(root).manifest
    if here is not None and here.files.get("manifest.csv", "") == md5:
        return in_place  # or nowhere: who reads it says so
    if not md5:
        raise DataVersionError(f"data version {version[:8]} has no manifest.csv")
    path = cached_object(root, md5)
    if not path.is_file():
        raise DataVersionError(
            f"the manifest of data version {version[:8]} is not in DVC's cache; `git checkout` "
            "its data.dvc and run `voxgate data pull`"
        )
    return path


def _compare_recordings(old: DataVersion, new: DataVersion) -> Mapping[str, tuple[str, ...]]:
    before, after = old.recordings, new.recordings
    audio_before, audio_after = old.tree.files, new.tree.files

    def differs(name: str) -> bool:
        one, other = before[name], after[name]
        same = one is other or one == other
        return not same or audio_before.get(one.path) != audio_after.get(other.path)

    return {
        "added": tuple(sorted(after.keys() - before.keys())),
        "changed": tuple(sorted(name for name in before.keys() & after.keys() if differs(name))),
        "removed": tuple(sorted(before.keys() - after.keys())),
    }
