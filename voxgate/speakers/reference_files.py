"""Where the references lie: FLAC files named by the digest of their samples.

The digest is of the samples, not of the file: two versions of an encoder may write other bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from voxgate.errors import AssetError
from voxgate.files import digest_bytes, write_path
from voxgate.private_files import make_private_folder
from voxgate.types import HEARING_RATE_HZ

__all__ = ["digest_pcm", "read_reference", "reference_path", "write_reference"]

Pcm16 = NDArray[np.int16]


def digest_pcm(pcm: Pcm16) -> str:
    """Return the sha256 of (T,) samples as little-endian 16-bit integers."""
    return digest_bytes(pcm.astype("<i2").tobytes())


def reference_path(folder: Path, sha256: str) -> Path:
    """Return where a reference lies in `folder`."""
    return folder / f"{sha256}.flac"


def write_reference(folder: Path, pcm: Pcm16) -> Path:
    """Keep (T,) int16 samples at 16 kHz for nobody else on this machine to read.

    Raises:
        StorageError: the disk refused; nothing is left under the name.
    """
    make_private_folder(folder)
    path = reference_path(folder, digest_pcm(pcm))
    with write_path(path, mode=0o600) as temporary:
        # Named by hand: a temporary file has no suffix to tell the format from.
        soundfile.write(temporary, pcm, HEARING_RATE_HZ, format="FLAC", subtype="PCM_16")
    return path


def read_reference(folder: Path, sha256: str) -> Pcm16:
    """Return the samples of a reference: (T,) int16 at 16 kHz.

    Raises:
        AssetError: the file is absent, damaged, or not what was enrolled.
    """
    path = reference_path(folder, sha256)
    remedy = "nothing is spoken with it; restore it from a backup, or enrol the speaker again"
    if not path.is_file():
        raise AssetError(f"reference {path}: there is no such file; {remedy}")
    try:
        pcm, rate = soundfile.read(path, dtype="int16")
    except soundfile.SoundFileError as error:
        raise AssetError(f"reference {path}: cannot be decoded ({error}); {remedy}") from None
    if rate != HEARING_RATE_HZ or pcm.ndim != 1 or digest_pcm(pcm) != sha256:
        raise AssetError(f"reference {path}: its samples are not those of its name; {remedy}")
    return np.asarray(pcm, dtype=np.int16)
