from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scripts.corpus.encoding import encode
from voxgate.audio.decoding import DecodingBounds, decode_file


def test_an_mp3_sounds_as_it_did_where_it_did(tmp_path: Path) -> None:
    wave = np.zeros(48_000, np.float32)
    wave[16_000:32_000] = 0.3 * np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    encode(wave, tmp_path / "recording.mp3")
    bounds = DecodingBounds(min_sample_rate_hz=16_000, max_duration_s=10)
    decoded = decode_file(tmp_path / "recording.mp3", bounds).samples[:, 0]
    loud = np.flatnonzero(np.abs(decoded) > 0.1)
    assert loud[0] == pytest.approx(16_000, abs=400)
    assert loud[-1] == pytest.approx(32_000, abs=400)
