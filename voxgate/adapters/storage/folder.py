"""Stored speech in a folder of this machine, with addresses that the service itself signs.

A file is written under a temporary name and renamed; what is known of it (size, sha256, tags) comes
next, in a file beside it, and only then it exists for readers. A kill in between leaves a file that
nobody sees and that the next `put` of the id replaces.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from voxgate.clock import utc_now
from voxgate.errors import StorageError, UnsafePathError
from voxgate.files import digest_bytes, read_json, write_json, write_path
from voxgate.private_files import make_private_folder
from voxgate.serving.jobs.assets import (
    PRIVATE_CACHING,
    ByteRange,
    StoredAsset,
    UnknownAssetError,
    UrlSigner,
    require_asset_id,
    require_caching,
)

__all__ = ["FolderAssets"]

_BLOCK_BYTES = 1 << 16
_REMOVERS = 8


class FolderAssets:
    """Files below `root`, which others on the machine cannot enter; see `AssetStore`."""

    def __init__(
        self, root: Path, signer: UrlSigner, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        """Make the folder where it is missing.

        Raises:
            StorageError: it cannot be made.
        """
        make_private_folder(root)
        self._root = root.resolve()
        self._signer = signer
        self._clock = clock

    def put(
        self,
        asset_id: str,
        content: bytes,
        *,
        media_type: str,
        tags: Sequence[str] = (),
        cache_control: str = PRIVATE_CACHING,
    ) -> StoredAsset:
        """Store a file; see `AssetStore.put`."""
        path = self._path(asset_id)
        facts = StoredAsset(
            asset_id=asset_id,
            media_type=media_type,
            bytes=len(content),
            sha256=digest_bytes(content),
            tags=require_caching(tags, cache_control),
            cache_control=cache_control,
        )
        self.remove(asset_id)  # or new bytes would stand beside the old facts for a moment
        with write_path(path, mode=0o600) as temporary:
            temporary.write_bytes(content)
        write_json(_facts(path), asdict(facts))
        return facts

    def describe(self, asset_id: str) -> StoredAsset:
        """Return what is stored; see `AssetStore.describe`.

        Raises:
            StorageError: the file is not as long as it was when it was stored.
        """
        path = self._path(asset_id)
        with _reporting(path):
            facts = read_json(_facts(path))
            # What was stored before there were tags has none.
            stored = StoredAsset(**{**facts, "tags": tuple(facts.get("tags", ()))})
            size = path.stat().st_size
        if size != stored.bytes:
            raise StorageError(
                f"asset {asset_id}: expected {stored.bytes} bytes, {path} has {size}; it was "
                "altered. Remove it, and make the speech again"
            )
        return stored

    def read(self, asset_id: str, part: ByteRange | None = None) -> Iterator[bytes]:
        """Yield the bytes of a file; see `AssetStore.read`."""
        whole = ByteRange(start=0, stop=self.describe(asset_id).bytes)
        path = self._path(asset_id)
        with _reporting(path):
            # A link would lead out of the root.
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        return _blocks(handle, whole if part is None else part)

    def url(self, asset_id: str, *, ttl_s: int) -> str:
        """Return a signed address; see `AssetStore.url`."""
        return self._signer.url(asset_id, expires_s=int(self._clock().timestamp()) + ttl_s)

    def remove(self, asset_id: str) -> None:
        """Delete a file; see `AssetStore.remove`."""
        path = self._path(asset_id)
        for doomed in (_facts(path), path):  # without its facts it is gone for readers
            if (fault := _unlink(doomed)) is not None:
                raise StorageError(fault)

    def remove_many(self, asset_ids: Sequence[str]) -> None:
        """Delete files; see `AssetStore.remove_many`.

        All of them are gone for readers before the first one's bytes are deleted.
        """
        paths = [self._path(asset_id) for asset_id in asset_ids]
        with ThreadPoolExecutor(_REMOVERS) as threads:  # each waits for the disk
            faults = [
                fault
                for doomed in (map(_facts, paths), paths)
                for fault in threads.map(_unlink, doomed)
                if fault is not None
            ]
        if faults:
            raise StorageError(f"{len(faults)} files of assets are left: {faults[0]}")

    def _path(self, asset_id: str) -> Path:
        # Folders by the first letters, as some file systems are slow with a million names in one.
        path = self._root / require_asset_id(asset_id)[:2] / asset_id
        if not path.parent.resolve().is_relative_to(self._root):
            raise UnsafePathError(f"asset {asset_id}: {path.parent} leads out of {self._root}")
        return path


def _facts(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _unlink(path: Path) -> str | None:
    """Delete a file; what stands in the way is returned."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        return f"cannot remove {path}: {error.strerror or error}"
    return None


@contextmanager
def _reporting(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise UnknownAssetError(f"asset {path.name}: there is no such file (any more)") from None
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise StorageError(f"asset {path.name}: {_facts(path)} is damaged: {error}") from error


def _blocks(handle: int, part: ByteRange) -> Iterator[bytes]:
    with os.fdopen(handle, "rb") as stream:
        stream.seek(part.start)
        left = part.stop - part.start
        while left > 0:
            block = stream.read(min(left, _BLOCK_BYTES))
            if not block:
                raise StorageError(f"{left} bytes are missing at the end: the file was cut")
            left -= len(block)
            yield block
