"""Rows come back in order, however many batches they take."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from voxgate import parquet
from voxgate.errors import StageError, StorageError
from voxgate.parquet import count_rows, read_rows, write_table

TABLE = pa.table({"n": list(range(10)), "word": [str(n) for n in range(10)]})


def test_rows_come_in_order_a_batch_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "_BATCH_ROWS", 3)
    write_table(tmp_path / "a.parquet", TABLE)
    assert list(read_rows(tmp_path / "a.parquet")) == TABLE.to_pylist()
    assert count_rows(tmp_path / "a.parquet") == 10


def test_only_the_columns_that_are_asked_for_are_read(tmp_path):
    write_table(tmp_path / "a.parquet", TABLE)
    assert list(read_rows(tmp_path / "a.parquet", ["n"])) == [{"n": n} for n in range(10)]


@pytest.mark.parametrize("read", [lambda path: next(read_rows(path)), count_rows])
def test_an_absent_table_names_the_stage_that_writes_it(tmp_path, read):
    with pytest.raises(StageError, match="run `dvc repro featurize` first"):
        read(tmp_path / "featurize" / "clips.parquet")


def test_a_failed_write_leaves_the_old_table(tmp_path, monkeypatch):
    write_table(tmp_path / "a.parquet", TABLE)

    def fail(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", fail)
    with pytest.raises(StorageError):
        write_table(tmp_path / "a.parquet", TABLE.slice(0, 1))
    assert count_rows(tmp_path / "a.parquet") == 10
