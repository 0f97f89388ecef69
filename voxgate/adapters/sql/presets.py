"""An installation's own presets, as rows of the ledger's database that nobody can change."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from voxgate.adapters.sql.database import Database
from voxgate.adapters.sql.speech_schema import PRESETS
from voxgate.clock import utc_now
from voxgate.errors import ConfigError, LedgerTamperedError
from voxgate.files import canonical_json, digest_bytes
from voxgate.serving.preset_book import require_unchanged
from voxgate.speaking.presets import SpeakingPreset, parse_preset

__all__ = ["SqlPresets"]


class SqlPresets:
    """Implements `PresetTable`; safe to use from several processes."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def rows(self) -> tuple[SpeakingPreset, ...]:
        """Return every row, oldest first; see `PresetTable.rows`."""
        query = sa.select(PRESETS).order_by(PRESETS.c.at, PRESETS.c.name, PRESETS.c.version)
        with self._database.reading() as connection:
            return tuple(_preset(row) for row in connection.execute(query))

    def add(self, preset: SpeakingPreset, *, actor: str) -> bool:
        """Add a row; see `PresetTable.add`."""
        document = canonical_json(preset.model_dump(mode="json"))
        same = (PRESETS.c.name == preset.name) & (PRESETS.c.version == preset.version)
        with self._database.writing() as connection:
            found = connection.execute(sa.select(PRESETS).where(same)).one_or_none()
            if found is not None:
                require_unchanged(_preset(found), preset)
                return False
            connection.execute(
                sa.insert(PRESETS).values(
                    name=preset.name,
                    version=preset.version,
                    document=document,
                    digest=digest_bytes(document.encode()),
                    actor=actor,
                    at=self._clock().isoformat(),
                )
            )
        return True


def _preset(row: sa.Row[tuple[object, ...]]) -> SpeakingPreset:
    """Read a row; its digest is of the stored text, which a field that comes later leaves alone."""
    where = f"preset {row.name}@{row.version}"
    tampered = f"{where}: the row is not what was added; put a backup in its place"
    if digest_bytes(row.document.encode()) != row.digest:
        raise LedgerTamperedError(tampered)
    try:
        preset = parse_preset(json.loads(row.document), where)
    except (ValueError, ConfigError) as error:
        raise LedgerTamperedError(f"{tampered}, or update voxgate: {error}") from error
    if (preset.name, preset.version) != (row.name, row.version):
        raise LedgerTamperedError(tampered)
    return preset
