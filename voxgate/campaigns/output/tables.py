"""The output tables on disk, as CSV and as Parquet: written in one pass, read to be verified."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from voxgate.batching import batched
from voxgate.campaigns.output.columns import (
    REJECTED,
    Table,
    TableDigest,
    cell_table,
    name_tables,
    text_of,
)
from voxgate.errors import CampaignReportError
from voxgate.files import write_path
from voxgate.parquet import open_table, read_rows
from voxgate.spreadsheets import read_table, start_table

__all__ = ["digest_output", "write_rows"]

_ROWS_A_GROUP = 5000


def write_rows(folder: Path, table: Table, rows: Iterable[Mapping[str, Any]]) -> str:
    """Write the rows as NAME.csv and NAME.parquet, some at a time; returns the table's digest.

    Raises:
        StorageError: the disk refused.
    """
    digest = TableDigest(table)
    nothing = dict.fromkeys(table.names)
    with (
        _open_csv(folder / f"{table.name}.csv", table) as to_csv,
        open_table(folder / f"{table.name}.parquet", table.schema) as to_parquet,
    ):
        for some in batched(rows, _ROWS_A_GROUP):
            full = [{**nothing, **row} for row in some]
            to_parquet(full)
            texts = [{name: text_of(value) for name, value in row.items()} for row in full]
            to_csv([row[name] for name in table.names] for row in texts)
            for row in texts:
                digest.add(row)
    return digest.hex()


def digest_output(folder: Path) -> str:
    """Return the digest of the tables that lie in a folder, from every row of both their forms.

    Raises:
        CampaignReportError: a table is missing, or is none that voxgate writes, or its two forms do
            not say the same.
    """
    return name_tables(_digest_table(folder, "cells"), _digest_table(folder, "rejected"))


def _digest_table(folder: Path, name: str) -> str:
    found = {}
    for ending, read in (("csv", _csv_rows), ("parquet", _parquet_rows)):
        path = folder / f"{name}.{ending}"
        if not path.is_file():
            raise CampaignReportError(
                f"{path} is not there: give the folder of a whole output (cells and rejected, each "
                "as csv and parquet)"
            )
        try:
            found[ending] = _digest(name, read(path))
        except (OSError, ValueError, csv.Error, pa.ArrowException) as error:
            raise CampaignReportError(f"{path} is no table that voxgate writes: {error}") from error
    if len(set(found.values())) > 1:
        raise CampaignReportError(
            f"{folder}: {name}.csv and {name}.parquet do not say the same: one of them was changed"
        )
    return found["csv"]


def _digest(name: str, rows: Iterator[dict[str, str]]) -> str:
    first = next(rows)
    table = REJECTED if name == "rejected" else cell_table(keep_texts="text" in first)
    if list(first) != table.names:
        raise ValueError(f"expected the columns {', '.join(table.names)}, got {', '.join(first)}")
    digest = TableDigest(table)
    for row in rows:
        digest.add(row)
    return digest.hex()


def _csv_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows as texts by column; before them one with the names of the columns alone."""
    rows = read_table(path)
    names = next(rows, [])
    yield dict.fromkeys(names, "")
    for row in rows:
        yield dict(zip(names, row, strict=True))


def _parquet_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield what `_csv_rows` does."""
    yield dict.fromkeys(pa.parquet.read_schema(path).names, "")
    for row in read_rows(path):
        yield {name: text_of(value) for name, value in row.items()}


@contextmanager
def _open_csv(path: Path, table: Table) -> Iterator[Callable[[Iterable[list[str]]], object]]:
    with (
        write_path(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as stream,
    ):
        yield start_table(stream, table.names)
