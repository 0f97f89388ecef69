"""A cache of per-clip results, named by everything that they depend on."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxgate.files import digest_json, write_bytes

__all__ = ["ContentCache"]


@dataclass(frozen=True)
class ContentCache:
    """Files under `folder/namespace`, keyed by the digest of their inputs.

    The key must hold everything that changes the result: the clip's content, parameters, the
    sha256 of weights, a version number of the code. Deleting the folder is always safe; a damaged
    entry counts as absent.
    """

    folder: Path
    namespace: str

    def get_json(self, key: Mapping[str, object]) -> Any | None:
        """Return the stored JSON value, or None."""
        try:
            return json.loads(self._path(key, "json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def put_json(self, key: Mapping[str, object], value: object) -> None:
        """Store a JSON value under `key`."""
        data = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        write_bytes(self._path(key, "json"), data, durable=False)

    def get_arrays(self, key: Mapping[str, object]) -> dict[str, NDArray[Any]] | None:
        """Return the stored arrays by name, or None."""
        try:
            data = self._path(key, "npz").read_bytes()
            with np.load(io.BytesIO(data), allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
        except (FileNotFoundError, ValueError, EOFError, zipfile.BadZipFile):
            return None

    def put_arrays(self, key: Mapping[str, object], arrays: Mapping[str, NDArray[Any]]) -> None:
        """Store named arrays under `key`."""
        buffer = io.BytesIO()
        np.savez(buffer, **dict(arrays))  # type: ignore[arg-type]  # numpy types its kwargs as bool
        write_bytes(self._path(key, "npz"), buffer.getvalue(), durable=False)

    def _path(self, key: Mapping[str, object], suffix: str) -> Path:
        digest = digest_json(dict(key))
        return self.folder / self.namespace / digest[:2] / f"{digest}.{suffix}"
