"""Seals on evidence that is kept in files which anybody can edit: its digest in the ledger."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from pathlib import Path

from voxgate.files import digest_file
from voxgate.release.desk import Desk
from voxgate.release.statements import is_sealed, seal_evidence

__all__ = ["LedgerSeals"]


@dataclass(frozen=True)
class LedgerSeals:
    """Seals in the ledger of a desk; each method raises what the ledger raises."""

    desk: Desk

    def put(self, model_digest: str, frame_digest: str, path: Path) -> None:
        """Enter the digest of what was measured just now."""
        self.desk.append(
            lambda book, _now: seal_evidence(
                book,
                model_digest=model_digest,
                frame_digest=frame_digest,
                evidence_sha256=digest_file(path),
                by=self.desk.actor or getpass.getuser(),
            )
        )

    def holds(self, model_digest: str, frame_digest: str, path: Path) -> bool:
        """Tell whether a file is what was measured last of this voice in this frame."""
        book = self.desk.ledger.read(self.desk.model)
        return is_sealed(book, model_digest, frame_digest, digest_file(path))
