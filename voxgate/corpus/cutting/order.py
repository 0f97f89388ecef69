"""What is asked of one recording, and the digest of everything that decides the answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from voxgate.files import digest_bytes, digest_file, digest_json
from voxgate.types import Wave

__all__ = ["CutOrder", "digest_settings", "source_id_of"]

CUTTING_VERSION = 1
"""Raise it when the same sound, settings and instruments may give other stretches."""

_LONGEST_STEM = 60
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, kw_only=True)
class CutOrder:
    """One recording, and how it is to be cut.

    name, sha256: of the file.
    reference: the speaker alone, at 16 kHz; None takes who speaks most.
    transcript: a file with what is said; None lets it be recognised.
    one_aligner: keep clips whose words one aligner alone has placed.
    """

    name: str
    sha256: str
    speaker_id: str
    language: str
    reference: Wave | None = None
    transcript: Path | None = None
    one_aligner: bool = False

    @property
    def source_id(self) -> str:
        """What the recording is called from now on."""
        return source_id_of(self.name, self.sha256)


def source_id_of(name: str, sha256: str) -> str:
    """Return a name for a recording that is safe in paths and lists, and not used twice.

    >>> source_id_of("Zoë, part 1.mp3", "1a2b3c4d5e6f")
    'Zoe-part-1-1a2b3c4d'
    """
    plain = unicodedata.normalize("NFKD", Path(name).stem).encode("ascii", "ignore").decode()
    stem = _UNSAFE.sub("-", plain).strip("-_")[:_LONGEST_STEM].rstrip("-_")
    return f"{stem or 'recording'}-{sha256[:8]}"


def digest_settings(
    order: CutOrder, *, params: Mapping[str, object], instruments: Mapping[str, object]
) -> str:
    """Return the digest of what decides the stretches of a recording, but the recording."""
    reference = None if order.reference is None else digest_bytes(order.reference.tobytes())
    return digest_json(
        {
            "version": CUTTING_VERSION,
            "language": order.language,
            "one_aligner": order.one_aligner,
            "reference": reference,
            "transcript": None if order.transcript is None else digest_file(order.transcript),
            "params": params,
            "instruments": instruments,
        }
    )
