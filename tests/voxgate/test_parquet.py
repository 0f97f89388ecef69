"""Rows come back in order, however many batches they take."""

import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from voxgate import parquet
from voxgate.errors import StageError, StorageError
from voxgate.parquet import build_table, count_rows, read_rows, write_table

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


SCHEMA = pa.schema(
    [("n", pa.int32()), ("word", pa.string()), ("x", pa.float64()), ("list", pa.list_(pa.string()))]
)


def rows_of(count):
    """Rows whose columns take several pages each, with nulls and lists of all lengths."""
    chance = random.Random(count)
    for n in range(count):
        yield {
            "n": n,
            "word": None if n % 7 == 3 else chance.randbytes(40).hex(),
            "x": chance.random() if n % 5 else None,
            "list": ["a", "b", chance.choice("cd") * 30][: n % 4],
        }


@pytest.mark.parametrize("size", [1024, 999])
@pytest.mark.parametrize("count", [0, 1, 1023, 1024, 1025, 30_000])
def test_a_table_made_of_batches_has_the_bytes_of_one_made_at_once(
    tmp_path, monkeypatch, count, size
):
    monkeypatch.setattr(parquet, "_BATCH_ROWS", size)
    write_table(tmp_path / "batches", build_table(rows_of(count), SCHEMA))
    write_table(tmp_path / "once", pa.Table.from_pylist(list(rows_of(count)), schema=SCHEMA))
    assert (tmp_path / "batches").read_bytes() == (tmp_path / "once").read_bytes()


class Row(dict):
    """Counts how many of its kind are in memory."""

    here = 0

    def __init__(self, *values):
        super().__init__(*values)
        Row.here += 1

    def __del__(self):
        Row.here -= 1


def test_no_more_than_a_batch_of_rows_is_in_memory(monkeypatch):
    monkeypatch.setattr(parquet, "_BATCH_ROWS", 30)
    most = 0

    def made():
        nonlocal most
        for row in rows_of(300):
            yield Row(row)
            most = max(most, Row.here)

    assert build_table(made(), SCHEMA).num_rows == 300
    assert most <= 61
