"""A reference is what its name says, or it is not spoken with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from voxgate.errors import AssetError
from voxgate.speakers.reference_files import (
    digest_pcm,
    read_reference,
    reference_path,
    write_reference,
)

PCM = np.random.default_rng(0).integers(-32_768, 32_767, 50_000).astype(np.int16)


def test_samples_survive_writing_and_reading_and_nobody_else_reads_them(tmp_path: Path) -> None:
    path = write_reference(tmp_path / "speakers", PCM)
    assert path == reference_path(tmp_path / "speakers", digest_pcm(PCM))
    assert (read_reference(path.parent, digest_pcm(PCM)) == PCM).all()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_writing_twice_is_writing_once(tmp_path: Path) -> None:
    assert write_reference(tmp_path, PCM) == write_reference(tmp_path, PCM)
    assert len(list(tmp_path.iterdir())) == 1


def test_other_samples_under_the_name_are_refused(tmp_path: Path) -> None:
    path = write_reference(tmp_path, PCM)
    soundfile.write(path, PCM[::-1], 16_000, format="FLAC")
    with pytest.raises(AssetError, match="not those of its name"):
        read_reference(tmp_path, digest_pcm(PCM))


def test_a_damaged_or_absent_file_is_refused(tmp_path: Path) -> None:
    path = write_reference(tmp_path, PCM)
    path.write_bytes(b"not audio")
    with pytest.raises(AssetError, match="cannot be decoded"):
        read_reference(tmp_path, digest_pcm(PCM))
    path.unlink()
    with pytest.raises(AssetError, match="no such file"):
        read_reference(tmp_path, digest_pcm(PCM))
