"""Every preset that can be named: those that ship with voxgate, and an installation's own.

A row is added and never changed or removed, so that what a label meant once it means for ever: it
stands in keys of caches and in the audit of what was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from voxgate.errors import ConfigError, UnknownPresetError
from voxgate.speaking.presets import SpeakingPreset

__all__ = ["PresetBook", "PresetTable", "require_unchanged"]

_VERSION = re.compile(r"[1-9][0-9]{0,8}")


class PresetTable(Protocol):
    """The rows of one installation; its database keeps them from being changed."""

    def rows(self) -> Sequence[SpeakingPreset]:
        """Return the rows in the order in which they were added.

        Raises:
            LedgerTamperedError: a row is not what was added.
            LedgerError, ExternalServiceError: the database cannot be used.
        """
        ...

    def add(self, preset: SpeakingPreset, *, actor: str) -> bool:
        """Add a row in one transaction; False where the same row is there already.

        Raises:
            ConfigError: a row of this name and version says something else.
            LedgerError, StorageError, ExternalServiceError: nothing was added.
        """
        ...


class PresetBook:
    """Presets by name and version.

    `find` and `rows` look at what was read last and never at the database, so that a request waits
    for neither its disk nor its network; whoever serves calls `refresh` beside the event loop. What
    is known cannot become wrong in between, it can only lack the newest rows.
    """

    def __init__(self, shipped: Iterable[SpeakingPreset], table: PresetTable) -> None:
        self._shipped = tuple(shipped)
        self._table = table
        self._rows: dict[tuple[str, int], SpeakingPreset] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read the table again.

        Raises:
            ConfigError: an own row has the name and version of a shipped one and says something
                else.
            LedgerTamperedError, LedgerError, ExternalServiceError: as `PresetTable.rows`; what was
                read before stands.
        """
        rows: dict[tuple[str, int], SpeakingPreset] = {}
        for preset in (*self._shipped, *self._table.rows()):
            known = rows.setdefault((preset.name, preset.version), preset)
            require_unchanged(known, preset)
        self._rows = dict(sorted(rows.items()))

    def rows(self) -> tuple[SpeakingPreset, ...]:
        """Return every version of every preset, by name and then by version."""
        return tuple(self._rows.values())

    def find(self, label: str) -> SpeakingPreset:
        """Return `name@version` exactly, or the newest version of `name`.

        Raises:
            UnknownPresetError: there is none; says which there are.
        """
        name, at, version = label.partition("@")
        if at:
            number = int(version) if _VERSION.fullmatch(version) else 0
            found = self._rows.get((name, number))
        else:
            # Sorted by version, so that the last is the newest.
            found = next((p for p in reversed(self._rows.values()) if p.name == name), None)
        if found is None:
            labels = ", ".join(preset.label for preset in self._rows.values()) or "none"
            raise UnknownPresetError(
                f"preset {label[:60]!r}: there is no such row; there are: {labels}"
            )
        return found

    def add(self, preset: SpeakingPreset, *, actor: str) -> bool:
        """Add a row for this installation; False where the same row is there already.

        Raises:
            ConfigError: the row is there with other content, or has a name that voxgate ships.
            LedgerError, StorageError, ExternalServiceError: nothing was added.
        """
        for shipped in self._shipped:
            if (shipped.name, shipped.version) == (preset.name, preset.version):
                require_unchanged(shipped, preset)
                return False
        if any(shipped.name == preset.name for shipped in self._shipped):
            # A later voxgate ships its next version under this label.
            raise ConfigError(
                f"preset {preset.label}",
                [f"{preset.name} is a name of voxgate's own presets; choose another name"],
            )
        added = self._table.add(preset, actor=actor)
        self.refresh()
        return added


def require_unchanged(known: SpeakingPreset, given: SpeakingPreset) -> None:
    """Stop where two rows of one name and version say different things.

    Raises:
        ConfigError: they do; says in which fields.
    """
    old, new = known.model_dump(mode="json"), given.model_dump(mode="json")
    if changed := [field for field in old if old[field] != new[field]]:
        raise ConfigError(
            f"preset {known.label}",
            [
                f"it is there with other values of {', '.join(changed)}; a row never changes: "
                f"give the new content another version"
            ],
        )
