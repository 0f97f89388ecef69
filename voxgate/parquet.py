"""Tables of rows on disk. Who owns a table's schema turns its rows into types; nobody else does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from voxgate.batching import batched
from voxgate.errors import StageError
from voxgate.files import write_path

__all__ = ["build_table", "count_rows", "open_table", "read_rows", "write_table"]

_BATCH_ROWS = 1024


def build_table(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return the table of rows, of which no more than a batch is in memory as Python values.

    It is in one piece, so that a file of it does not tell how it was made.
    """
    batches = (
        pa.RecordBatch.from_pylist(batch, schema=schema) for batch in batched(rows, _BATCH_ROWS)
    )
    return pa.Table.from_batches(batches, schema).combine_chunks()


def write_table(path: Path, table: pa.Table) -> None:
    """Write the table; the same rows give the same bytes.

    Raises:
        StorageError: the disk refused; `path` is as it was.
    """
    with write_path(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


@contextmanager
def open_table(
    path: Path, schema: pa.Schema
) -> Iterator[Callable[[Sequence[Mapping[str, Any]]], None]]:
    """Yield what writes some rows, each time as a group; the table is there once all were written.

    Raises:
        StorageError: the disk refused; `path` is as it was.
    """
    with (
        write_path(path) as temporary,
        pq.ParquetWriter(temporary, schema, compression="zstd") as writer,
    ):
        yield lambda rows: writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=schema))


def read_rows(path: Path, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield the rows in order, a batch in memory at a time; None reads every column.

    Raises:
        StageError: the table is absent.
    """
    _require(path)
    with pq.ParquetFile(path) as table:
        for batch in table.iter_batches(_BATCH_ROWS, columns=columns and list(columns)):
            yield from batch.to_pylist()


def count_rows(path: Path) -> int:
    """Return the number of rows without reading them.

    Raises:
        StageError: the table is absent.
    """
    _require(path)
    return int(pq.read_metadata(path).num_rows)


def _require(path: Path) -> None:
    if not path.is_file():
        raise StageError(f"{path} is missing; run `dvc repro {path.parent.name}` first")
