"""The tables that a campaign hands over, and the digest by which they are known.

The digest is of what was delivered: each value as the text that CSV has of it, so that both forms
of a table have one digest. Times, addresses and who did the work when are no part of it: they
differ each time that the same is done, and addresses expire.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from voxgate.files import canonical_json, digest_json

__all__ = ["REJECTED", "Column", "Table", "TableDigest", "cell_table", "name_tables", "text_of"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. `covered`: the table's digest is over it."""

    name: str
    type: pa.DataType
    covered: bool = True


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table by its columns, in their order."""

    name: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The table for Parquet; whatever is not known is null."""
        return pa.schema([(column.name, column.type) for column in self.columns])

    @property
    def names(self) -> list[str]:
        """All columns."""
        return [column.name for column in self.columns]

    @property
    def covered(self) -> list[str]:
        """Those that the digest is over."""
        return [column.name for column in self.columns if column.covered]


class TableDigest:
    """The digest of a table, row by row."""

    def __init__(self, table: Table) -> None:
        self._names = table.covered
        self._sha = hashlib.sha256(canonical_json([table.name, *self._names]).encode())

    def add(self, row: Mapping[str, str]) -> None:
        """Add the texts of a row; columns that are not covered are not looked at."""
        texts = [row[name] for name in self._names]
        self._sha.update(f"\n{canonical_json(texts)}".encode())

    def hex(self) -> str:
        """Return the digest of the rows so far."""
        return self._sha.hexdigest()


def name_tables(cells: str, rejected: str) -> str:
    """Return the digest of both tables together, by which an output is known."""
    return digest_json({"cells": cells, "rejected": rejected})


def text_of(value: Any) -> str:
    """Return the one text of a value: nothing for null, the shortest that is read back of a float.

    >>> [text_of(value) for value in (None, 3, 1.5, "a")]
    ['', '3', '1.5', 'a']
    """
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


def cell_table(*, keep_texts: bool) -> Table:
    """Return the table with a row a cell; texts are in it only where the campaign keeps them."""
    return Table(name="cells", columns=_CELLS + (_TEXTS if keep_texts else ()))


def _texts(*names: str, covered: bool = True) -> tuple[Column, ...]:
    return tuple(Column(name=name, type=pa.string(), covered=covered) for name in names)


def _whole(*names: str, covered: bool = True) -> tuple[Column, ...]:
    return tuple(Column(name=name, type=pa.int64(), covered=covered) for name in names)


def _figures(*names: str, covered: bool = True) -> tuple[Column, ...]:
    return tuple(Column(name=name, type=pa.float64(), covered=covered) for name in names)


_CELLS = (
    *_texts("campaign_id", "recipient_id", "template_id", "template_version"),
    *_texts("status", "error_code", "error_detail"),
    *_texts("storage_url", "url_expires_at", covered=False),
    *_texts("asset_id"),
    *_figures("duration_s"),
    *_texts("format"),
    *_whole("sample_rate_hz", "bytes"),
    *_texts("sha256", "pcm_sha256", "model"),
    *_whole("model_version"),
    *_texts("voice_package_digest", "profile_id"),
    *_whole("profile_version"),
    *_texts("consent_id", "consent_scope", "preset", "preset_digest", "seeds", "code_version"),
    *_texts("text_sha256"),
    *_figures("qc_wer", "qc_slot_distance", "qc_similarity"),
    *_whole("qc_attempts"),
    *_texts("qc_state"),
    *_whole("shared_with"),
    *_texts("queued_at", "started_at", "completed_at", covered=False),
    *_figures("cpu_ms", covered=False),
    *_texts("worker", covered=False),
    *_whole("attempt", covered=False),
    *_texts("recalled_at", covered=False),
    *_texts("recall_reason"),
)
_TEXTS = _texts("text", "slots_normalised")

REJECTED = Table(
    name="rejected",
    columns=(
        *_texts("campaign_id", "upload"),
        *_whole("row"),
        *_texts("recipient_id", "error_code", "error_detail"),
    ),
)
"""The table with a row for each row of a list that is no recipient."""
