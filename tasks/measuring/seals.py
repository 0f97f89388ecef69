"""Seals on evidence that is kept in files which anybody can edit: its digest in the ledger."""

from __future__ import annotations

import getpass
from pathlib import Path

from voxgate.files import digest_file
from voxgate.release.desk import Desk
from voxgate.release.statements import is_sealed, seal_evidence

__all__ = ["holds_seal", "seal"]


def seal(desk: Desk, model_digest: str, frame_digest: str, path: Path) -> None:
    """Enter the digest of what was measured just now; raises what `Desk.append` raises."""
    desk.append(
        lambda book, _now: seal_evidence(
            book,
            model_digest=model_digest,
            frame_digest=frame_digest,
            evidence_sha256=digest_file(path),
            by=desk.actor or getpass.getuser(),
        )
    )


def holds_seal(desk: Desk, model_digest: str, frame_digest: str, path: Path) -> bool:
    """Tell whether a file is what was measured last of this voice in this frame."""
    book = desk.ledger.read(desk.model)
    return is_sealed(book, model_digest, frame_digest, digest_file(path))
