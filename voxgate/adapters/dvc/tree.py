"""DVC's name for the content of a folder, without starting DVC.

DVC 3 names a folder by the md5 of a JSON list of its files (relative path and md5 each, sorted by
path) and adds `.dir`; the list itself lies in the cache under that name. DVC's start-up takes a
second, this takes milliseconds; a test holds the two equal. Patterns in .dvcignore are not
applied: an ignored file inside data/ counts as a change. `known_files` spares the reading of what
nobody touched.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from json.encoder import encode_basestring_ascii
from pathlib import Path

from voxgate.excerpts import some_of

__all__ = [
    "FolderTree",
    "TreeDiff",
    "compare_trees",
    "find_files",
    "md5_of",
    "name_listing",
    "parse_tree",
    "read_tree",
]

_BLOCK_BYTES = 1 << 20
_IGNORED_NAMES = frozenset({".git", ".hg", ".dvc"})  # as DVC's own default


@dataclass(frozen=True)
class FolderTree:
    """The files of a folder: relative POSIX path to md5."""

    files: Mapping[str, str]

    @cached_property
    def digest(self) -> str:
        """The folder's md5 as data.dvc has it, with `.dir` at its end."""
        # What json.dumps makes of the list, in a third of its time.
        rows = (
            f'{{"md5": "{self.files[path]}", "relpath": {encode_basestring_ascii(path)}}}'
            for path in sorted(self.files)
        )
        return name_listing(f"[{', '.join(rows)}]".encode())


@dataclass(frozen=True, kw_only=True)
class TreeDiff:
    """What differs between two trees, each sorted by path."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def describe(self, *, limit: int = 10) -> str:
        """Name the files, at most `limit` a kind."""
        kinds = {"added": self.added, "changed": self.changed, "removed": self.removed}
        parts = []
        for kind, paths in kinds.items():
            if paths:
                parts.append(f"{len(paths)} {kind}: {some_of(paths, limit)}")
        return "; ".join(parts) or "nothing"


def read_tree(folder: Path) -> FolderTree:
    """Hash every file below `folder`; symbolic links count as what they lead to."""
    return FolderTree({path: md5_of(entry) for path, entry in find_files(folder)})


def find_files(folder: Path, below: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield every file that counts, with its relative POSIX path; links to folders do not."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name in _IGNORED_NAMES:
                continue
            path = f"{below}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from find_files(folder / entry.name, f"{path}/")
            elif entry.is_file():
                yield path, entry


def name_listing(listing: bytes) -> str:
    """Return the name that DVC gives to a folder of which this is the list."""
    return hashlib.md5(listing, usedforsecurity=False).hexdigest() + ".dir"


def parse_tree(listing: str) -> FolderTree:
    """Parse the JSON list that DVC keeps in its cache for a folder."""
    return FolderTree({entry["relpath"]: entry["md5"] for entry in json.loads(listing)})


def compare_trees(old: FolderTree, new: FolderTree) -> TreeDiff:
    """Say what turns `old` into `new`."""
    both = old.files.keys() & new.files.keys()
    return TreeDiff(
        added=tuple(sorted(new.files.keys() - old.files.keys())),
        changed=tuple(sorted(path for path in both if old.files[path] != new.files[path])),
        removed=tuple(sorted(old.files.keys() - new.files.keys())),
    )


def md5_of(entry: os.DirEntry[str]) -> str:
    """Return the md5 of a file in hex, read in blocks."""
    digest = hashlib.md5(usedforsecurity=False)
    # One byte more than there should be: most recordings are then read in one piece.
    block_bytes = min(entry.stat().st_size + 1, _BLOCK_BYTES)
    with open(entry, "rb", buffering=0) as stream:  # noqa: PTH123  # 100,000 of them: no Path
        while block := stream.read(block_bytes):
            digest.update(block)
    return digest.hexdigest()
