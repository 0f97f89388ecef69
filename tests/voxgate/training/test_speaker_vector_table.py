from __future__ import annotations

import numpy as np
import pytest

from voxgate.errors import StageError
from voxgate.training.speaker_vector_table import read_speaker_vectors, write_speaker_vectors


def test_rows_come_back_in_order_and_must_be_as_many_as_clips(tmp_path) -> None:
    assert read_speaker_vectors(tmp_path, 2) is None
    write_speaker_vectors(tmp_path, [np.full(3, n, dtype=np.float32) for n in (1, 2)])

    rows = read_speaker_vectors(tmp_path, 2)
    assert [row.tolist() for row in rows] == [[1, 1, 1], [2, 2, 2]]
    with pytest.raises(StageError, match=r"expected 3 rows as clips\.parquet has, got 2"):
        read_speaker_vectors(tmp_path, 3)
