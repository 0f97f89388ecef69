"""Seals without a ledger."""

from __future__ import annotations

from pathlib import Path

from voxgate.files import digest_file


class MemorySeals:
    """Implements tasks.measuring.extension.Seals."""

    def __init__(self) -> None:
        self._digests: dict[tuple[str, str], str] = {}

    def holds(self, model_digest: str, frame_digest: str, path: Path) -> bool:
        return self._digests.get((model_digest, frame_digest)) == digest_file(path)

    def put(self, model_digest: str, frame_digest: str, path: Path) -> None:
        self._digests[model_digest, frame_digest] = digest_file(path)
