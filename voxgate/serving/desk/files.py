"""Spoken sentences on disk: what outlives a restart of the service.

Not a `ContentCache`: that one is never too large, forgets nothing and need not, while speech is
personal. Here every file has an age, the folder has a bound, damage is seen by a digest of the
samples, and what a recall or a revocation names is found by its path:

    FOLDER/VOICE DIGEST/REFERENCE DIGEST or own/KEY DIGEST.s16

A file is the sha256 of all that follows, a line of JSON, and the samples as little-endian int16.
One process owns a folder.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voxgate.errors import StorageError
from voxgate.files import canonical_json, digest_bytes, write_path
from voxgate.private_files import make_private_folder
from voxgate.serving.desk.keys import SentenceKey, SentenceOwner
from voxgate.serving.requests import SpokenSentence
from voxgate.temporaries import remove_leftovers

__all__ = ["SentenceFiles"]

_END = ".s16"
_OWN = "own"
_DIGEST = re.compile(r"[0-9a-f]{16,64}")


@dataclass(frozen=True, kw_only=True)
class _File:
    path: Path
    owner: SentenceOwner
    size: int
    made_at_s: float


class SentenceFiles:
    """The files of one folder, the least recently used of which go first; threads may share it."""

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        """Find what is there.

        Raises:
            StorageError: the folder cannot be made or read.
        """
        self._folder = folder
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        make_private_folder(folder)
        if not folder.is_dir():
            raise StorageError(f"{folder}: expected a folder for spoken sentences, found a file")
        try:
            remove_leftovers(folder, deep=True)
            files = sorted(map(_found, folder.glob(f"*/*/*{_END}")), key=lambda f: f.made_at_s)
        except OSError as error:
            raise StorageError(f"{folder} cannot be read: {error.strerror}") from error
        self._files = OrderedDict((file.path.stem, file) for file in files)
        self._bytes = sum(file.size for file in files)
        self.evicted = self.damaged = 0
        self._make_room(0)

    @property
    def bytes(self) -> int:
        """Return how large all files are together."""
        return self._bytes

    def read(self, key: SentenceKey) -> tuple[SpokenSentence, float] | None:
        """Return a sentence and when it was made, in seconds since 1970; None where it is not here.

        A damaged file is removed and counts as absent.
        """
        with self._lock:
            file = self._files.get(key.digest)
            if file is None:
                return None
            self._files.move_to_end(key.digest)
            try:
                sentence = _parse(file.path.read_bytes())
            except (OSError, ValueError, KeyError, TypeError):
                self.damaged += 1
                self._remove(key.digest)
                return None
            return sentence, file.made_at_s

    def write(
        self,
        key: SentenceKey,
        sentence: SpokenSentence,
        *,
        made_at_s: float,
        still: Callable[[], bool],
    ) -> None:
        """Keep a sentence unless `still` says no at the moment of writing.

        Raises:
            StorageError: the disk refused; the folder is as it was, without this sentence.
            ValueError: a digest of the owner is none, and would name another folder.
        """
        data = _packed(sentence)
        if len(data) > self._max_bytes:
            return
        path = self._path(key)
        with self._lock:
            if not still():
                return
            if key.digest in self._files:
                self._remove(key.digest)
            self._make_room(len(data))
            with write_path(path, durable=False, mode=0o600) as temporary:
                temporary.write_bytes(data)
                os.utime(temporary, (made_at_s, made_at_s))
            self._files[key.digest] = _File(
                path=path, owner=key.owner, size=len(data), made_at_s=made_at_s
            )
            self._bytes += len(data)

    def erase(self, doomed: Callable[[SentenceOwner, float], bool]) -> int:
        """Remove what `doomed` says of owner and time of making; returns how many files.

        Raises:
            StorageError: a file cannot be removed; those before it are gone, call it again.
        """
        with self._lock:
            names = [n for n, f in self._files.items() if doomed(f.owner, f.made_at_s)]
            for name in names:
                self._remove(name)
            return len(names)

    def _make_room(self, size: int) -> None:
        while self._files and self._bytes + size > self._max_bytes:
            self._remove(next(iter(self._files)))
            self.evicted += 1

    def _remove(self, name: str) -> None:
        file = self._files[name]
        try:
            file.path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{file.path} cannot be removed: {error.strerror}") from error
        del self._files[name]
        self._bytes -= file.size

    def _path(self, key: SentenceKey) -> Path:
        owner = key.owner
        for digest in filter(None, (owner.voice, owner.reference)):
            if not _DIGEST.fullmatch(digest):
                raise ValueError(f"expected a digest in hex, got {digest!r}")
        return self._folder / owner.voice / (owner.reference or _OWN) / f"{key.digest}{_END}"


def _found(path: Path) -> _File:
    stat, reference = path.stat(), path.parent.name
    owner = SentenceOwner(
        voice=path.parents[1].name, reference=None if reference == _OWN else reference
    )
    return _File(path=path, owner=owner, size=stat.st_size, made_at_s=stat.st_mtime)


def _packed(sentence: SpokenSentence) -> bytes:
    facts = {
        "place": sentence.place,
        "sample_rate_hz": sentence.sample_rate_hz,
        "stopped_by_limit": sentence.stopped_by_limit,
    }
    content = canonical_json(facts).encode() + b"\n" + sentence.pcm.astype("<i2").tobytes()
    return digest_bytes(content).encode() + b"\n" + content


def _parse(data: bytes) -> SpokenSentence:
    """Return what was packed; ValueError, KeyError or TypeError where it is not that."""
    digest, _, content = data.partition(b"\n")
    if digest_bytes(content).encode() != digest:
        raise ValueError("the content is not what was written")
    head, _, samples = content.partition(b"\n")
    # frombuffer gives samples that nobody can change.
    return SpokenSentence(pcm=np.frombuffer(samples, dtype="<i2"), **json.loads(head))
