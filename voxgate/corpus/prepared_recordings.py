"""Prepare recordings wherever an executor works: digest, look up, decode; each content once."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.isolation import DECODER_FAILED, PreparationWorker
from voxgate.audio.preparation import PREPARATION_VERSION, PreparationTarget, PreparedAudio
from voxgate.content_cache import ContentCache
from voxgate.corpus.ingested_clips import Fault
from voxgate.corpus.paths import resolve_inside
from voxgate.errors import RecordingError, StageError
from voxgate.files import canonical_json, digest_file

__all__ = ["Prepare", "Prepared", "PreparingRecordings", "preparation_key", "unreadable"]

Prepare = Callable[[Path, PreparationTarget], PreparedAudio]
"""`prepare_recording`, or the same in a process of its own (`PreparationWorker.prepare`)."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What became of one file: prepared audio, or why there is none."""

    source_sha256: str | None
    """None where the file cannot even be read."""

    result: PreparedAudio | Fault


@dataclass(frozen=True)
class PreparingRecordings:
    """The work: its items are paths below `data_dir` as the manifest has them, and known to be.

    Both folders are absolute: a worker may be started elsewhere. Each worker decodes in a process
    of its own, which starts with the first recording that the cache does not know.
    """

    data_dir: Path
    target: PreparationTarget
    cache: ContentCache

    @contextmanager
    def open(self) -> Iterator[Callable[[str], Prepared]]:
        """Make ready to decode."""
        with PreparationWorker() as worker:
            yield partial(self.prepare, decode=worker.prepare)

    def prepare(self, path: str, *, decode: Prepare) -> Prepared:
        """Prepare one recording; what is wrong with it is a fault, not an error.

        Raises:
            StageError: it is not on this machine, or no process could be started.
            UnsafePathError: on this machine the path leads out of the folder.
            StorageError: the cache cannot be written.
        """
        digest = None
        file = resolve_inside(self.data_dir, path)
        try:
            digest = digest_file(file)
            return Prepared(source_sha256=digest, result=self._look_up(file, digest, decode))
        except FileNotFoundError:
            raise _absent_here(path, file) from None
        except OSError as error:
            return Prepared(source_sha256=digest, result=unreadable(path, error))

    def _look_up(self, file: Path, digest: str, decode: Prepare) -> PreparedAudio | Fault:
        key = preparation_key(file.name, digest, self.target)
        stored = self.cache.get_arrays(key)
        if stored is None:
            result = _try_prepare(decode, file, self.target)
            stored = _pack(result)
            # How long a decoder took, or that it crashed, says as much of this machine as of the
            # file.
            if not (isinstance(result, Fault) and result.code == DECODER_FAILED):
                self.cache.put_arrays(key, stored)
        return _unpack(stored)


def preparation_key(
    path: str, source_sha256: str | None, target: PreparationTarget
) -> dict[str, object]:
    """Return everything that decides what a recording becomes."""
    # The name is part of it: a suffix decides how a file without a header is read, and messages
    # quote the name.
    return {
        "version": PREPARATION_VERSION,
        "source_sha256": source_sha256,
        "name": PurePosixPath(path).name,
        "target": asdict(target),
    }


def unreadable(path: str, error: OSError) -> Fault:
    """Return the fault of a file that the operating system does not give."""
    return Fault(
        "unreadable", f"{path}: the file cannot be read ({error.strerror}); check its permissions"
    )


def _absent_here(path: str, file: Path) -> StageError:
    """Not a fault of the recording: it must not be quarantined for where it was looked for."""
    return StageError(
        f"{path}: the machine that runs ingest saw this recording, but a worker on "
        f"{platform.node()} finds nothing at {file}; give every worker the same checkout with its "
        "data/ under the same path, or set VOXGATE_EXECUTOR=processes, and run ingest again"
    )


def _try_prepare(prepare: Prepare, path: Path, target: PreparationTarget) -> PreparedAudio | Fault:
    try:
        return prepare(path, target)
    except RecordingError as error:
        return Fault(error.code, str(error))


def _pack(result: PreparedAudio | Fault) -> dict[str, NDArray[Any]]:
    # Figures and samples in one file: a cached clip is complete or absent.
    figures = {name: value for name, value in vars(result).items() if name != "pcm"}
    pcm = result.pcm if isinstance(result, PreparedAudio) else np.zeros(0, dtype=np.int16)
    text = canonical_json(figures).encode()
    return {"pcm": pcm, "figures": np.frombuffer(text, dtype=np.uint8)}


def _unpack(stored: Mapping[str, NDArray[Any]]) -> PreparedAudio | Fault:
    figures = json.loads(stored["figures"].tobytes())
    if "code" in figures:
        return Fault(**figures)
    figures["actions"] = tuple(figures["actions"])
    return PreparedAudio(pcm=stored["pcm"], **figures)
