"""Trees of files as parts of a backup: a folder, or a bucket below a prefix."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import Any

from voxgate.errors import ExternalServiceError, StorageError, UnsafePathError
from voxgate.files import publish_directory
from voxgate.temporaries import scratch_directory

__all__ = ["BucketTree", "Content", "FolderTree", "files_below"]


class Content(Enum):
    """What a store holds, compared with a backup of it."""

    NOTHING = "nothing"
    PART = "a part of the backup and nothing else"
    ALL = "exactly the backup"
    OTHER = "something else"


def files_below(folder: Path) -> list[Path]:
    """Return every file below a folder, sorted.

    Raises:
        UnsafePathError: there is a link, which could lead out of the folder.
    """
    found = sorted(folder.rglob("*"))
    for path in found:
        if path.is_symlink():
            raise UnsafePathError(f"{path} is a link; a backup holds files. Replace it by its file")
    return [path for path in found if not path.is_dir()]


@dataclass(frozen=True)
class FolderTree:
    """A local folder."""

    path: Path
    kind = "files"

    @property
    def where(self) -> str:
        """Return the path."""
        return str(self.path)

    def dump(self, folder: Path) -> None:
        """Copy every file."""
        if not self.path.is_dir():
            raise StorageError(f"cannot back up {self.path}: there is no such folder")
        with self._reporting("back up"):
            _copy(self.path, folder)

    def is_empty(self) -> bool:
        """Say whether the folder is missing or has nothing in it."""
        return not self.path.exists() or (self.path.is_dir() and not any(self.path.iterdir()))

    def load(self, folder: Path) -> None:
        """Copy every file beside the place, then put the whole tree in place in one step."""
        with self._reporting("restore"), publish_directory(self.path) as beside:
            _copy(folder, beside)

    def compare(self, folder: Path) -> Content:
        """Compare names and bytes of all files."""
        if self.is_empty():
            return Content.NOTHING
        with self._reporting("look into"):
            there = {path.relative_to(self.path): path for path in files_below(self.path)}
            kept = {path.relative_to(folder): path for path in files_below(folder)}
            same = there.keys() == kept.keys() and all(
                filecmp.cmp(there[name], kept[name], shallow=False) for name in there
            )
        return Content.ALL if same else Content.OTHER

    @contextmanager
    def _reporting(self, action: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(f"cannot {action} {self.path}: {error}") from error


@dataclass(frozen=True)
class BucketTree:
    """The objects of a bucket below a prefix, as files named by the rest of their keys."""

    bucket: str
    prefix: str
    kind = "files"

    @property
    def where(self) -> str:
        """Return the URL."""
        return f"s3://{self.bucket}/{self.prefix}"

    def dump(self, folder: Path) -> None:
        """Download every object."""
        with self._reporting("back up"):
            client = _client()
            for key in self._keys(client):
                path = folder / _safe(key.removeprefix(self._start))
                path.parent.mkdir(parents=True, exist_ok=True)
                client.download_file(self.bucket, key, str(path))

    def is_empty(self) -> bool:
        """Say whether the bucket has no object below the prefix."""
        with self._reporting("look into"):
            return next(self._keys(_client()), None) is None

    def load(self, folder: Path) -> None:
        """Upload every file."""
        with self._reporting("restore"):
            client = _client()
            for path in files_below(folder):
                client.upload_file(str(path), self.bucket, self._key(folder, path))

    def compare(self, folder: Path) -> Content:
        """Compare names, and the bytes of what is there; a killed upload leaves a part."""
        with self._reporting("look into"), scratch_directory() as scratch:
            client = _client()
            kept = {self._key(folder, path): path for path in files_below(folder)}
            there = set(self._keys(client))
            for key in sorted(there & kept.keys()):
                client.download_file(self.bucket, key, str(scratch / "object"))
                if not filecmp.cmp(scratch / "object", kept[key], shallow=False):
                    return Content.OTHER
        if there - kept.keys():
            return Content.OTHER
        if there == kept.keys():
            return Content.ALL
        return Content.PART if there else Content.NOTHING

    def _key(self, folder: Path, path: Path) -> str:
        return f"{self._start}{path.relative_to(folder).as_posix()}"

    @property
    def _start(self) -> str:
        return f"{self.prefix}/" if self.prefix else ""

    def _keys(self, client: Any) -> Iterator[str]:
        pages = client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self._start
        )
        for page in pages:
            yield from (str(row["Key"]) for row in page.get("Contents", ()))

    @contextmanager
    def _reporting(self, action: str) -> Iterator[None]:
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except OSError as error:
            raise StorageError(f"cannot {action} {self.where}: {error}") from error
        except (Boto3Error, BotoCoreError, ClientError) as error:
            raise ExternalServiceError(
                f"cannot {action} {self.where}: {error}. Check the bucket and the AWS_* settings "
                "(AWS_ENDPOINT_URL_S3 for a store that is not Amazon's)."
            ) from error


def _client() -> Any:
    import boto3

    return boto3.client("s3")


def _copy(source: Path, target: Path) -> None:
    for path in files_below(source):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def _safe(name: str) -> str:
    path = PurePosixPath(name)
    if name != str(path) or path.is_absolute() or ".." in path.parts or os.sep != "/":
        raise UnsafePathError(f"object {name!r} cannot be a file below a folder; rename it")
    return name
