"""What changed between two versions of the data: files, and what that means for recordings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from voxgate.adapters.dvc.data import (
    cache_dir,
    cached_object,
    data_version,
    object_path,
    read_registered_tree,
    version_at,
)
from voxgate.adapters.dvc.tree import FolderTree, TreeDiff, compare_trees, read_tree
from voxgate.corpus.manifest import Recording, read_manifest
from voxgate.errors import DataVersionError
from voxgate.stage import Workspace

__all__ = ["DataDiff", "DataVersion", "diff_data", "diff_versions", "open_version"]


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
class DataVersion:
    """The files of one version, and its manifest, wherever that lies."""

    root: Path
    digest: str
    tree: FolderTree
    manifest: Path

    def recordings(self) -> dict[str, Recording]:
        """Return the lines of the manifest by recording_id."""
        return {r.recording_id: r for r in read_manifest(self.manifest)}

    def digest_of(self, recording: Recording) -> str | None:
        """Return the md5 of a recording's file; None where the version has no such file."""
        return self.tree.files.get(recording.path)

    def files(self, recordings: Iterable[Recording]) -> Iterator[tuple[Recording, Path]]:
        """Yield where each recording lies: in DVC's cache or in data/; what is in neither is not.

        A file of the cache has no suffix.
        """
        data, cache = Workspace(self.root).data_dir, cache_dir(self.root)
        in_place = read_tree(data).files if data.is_dir() else {}
        for recording in recordings:
            md5 = self.digest_of(recording)
            if md5 is None:
                continue
            if in_place.get(recording.path) == md5:
                yield recording, data / recording.path
            elif (path := object_path(cache, md5)).is_file():
                yield recording, path


def diff_data(root: Path, old_revision: str = "HEAD", new_revision: str | None = None) -> DataDiff:
    """Compare data/ at two Git revisions; without `new_revision`, with what is in data/ now.

    Raises:
        DataVersionError: a revision is unknown, or its files are not in DVC's cache.
        ManifestError: one of the manifests is broken.
    """
    return _compare(open_version(root, old_revision), open_version(root, new_revision))


def open_version(root: Path, revision: str | None) -> DataVersion:
    """Return the data version at a Git revision; None is what is in data/ now.

    Raises:
        DataVersionError: the revision is unknown, or its files are not in DVC's cache.
    """
    if revision is None:
        return _in_place(root)
    return _registered(root, version_at(root, revision))


def diff_versions(root: Path, old_version: str, new_version: str) -> DataDiff:
    """Compare two data versions by their digests, wherever Git has them.

    Raises:
        DataVersionError: the files of a version are not in DVC's cache.
        ManifestError: one of the manifests is broken.
    """
    return _compare(_registered(root, old_version), _registered(root, new_version))


def _compare(old: DataVersion, new: DataVersion) -> DataDiff:
    return DataDiff(
        old_version=old.digest,
        new_version=new.digest,
        files=compare_trees(old.tree, new.tree),
        **_compare_recordings(old, new),
    )


def _in_place(root: Path) -> DataVersion:
    data = Workspace(root).data_dir
    if not data.is_dir():
        raise DataVersionError(
            f"{data} is missing: data.dvc names {data_version(root)[:8]}; run `voxgate data pull`"
        )
    tree = read_tree(data)
    return DataVersion(root, tree.digest, tree, Workspace(root).manifest)


def _registered(root: Path, digest: str) -> DataVersion:
    tree = read_registered_tree(root, digest)
    md5 = tree.files.get("manifest.csv")
    if md5 is None:
        raise DataVersionError(f"data version {digest[:8]} has no manifest.csv")
    path = cached_object(root, md5)
    if not path.is_file():
        workspace = Workspace(root)
        path = workspace.manifest
        if not path.is_file() or read_tree(workspace.data_dir).files.get("manifest.csv") != md5:
            raise DataVersionError(
                f"the manifest of data version {digest[:8]} is not in DVC's cache; `git checkout` "
                "its data.dvc and run `voxgate data pull`"
            )
    return DataVersion(root, digest, tree, path)


def _compare_recordings(old: DataVersion, new: DataVersion) -> Mapping[str, tuple[str, ...]]:
    before, after = old.recordings(), new.recordings()

    def differs(name: str) -> bool:
        one, other = before[name], after[name]
        return one != other or old.tree.files.get(one.path) != new.tree.files.get(other.path)

    return {
        "added": tuple(sorted(after.keys() - before.keys())),
        "changed": tuple(sorted(name for name in before.keys() & after.keys() if differs(name))),
        "removed": tuple(sorted(before.keys() - after.keys())),
    }
