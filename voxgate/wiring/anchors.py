"""Where a checkout remembers the chains of its ledger's database."""

from __future__ import annotations

from typing import Literal

from voxgate.anchor import Anchor
from voxgate.files import digest_bytes
from voxgate.redaction import redacted
from voxgate.settings import Settings
from voxgate.stage import Workspace

__all__ = ["Chain", "open_anchor"]

Chain = Literal["releases", "speakers", "speech", "campaigns"]

_ENDINGS: dict[Chain, str] = {
    "releases": "",
    "speakers": ".speakers",
    "speech": ".speech",
    "campaigns": ".campaigns",
}


def open_anchor(workspace: Workspace, settings: Settings, chain: Chain) -> Anchor:
    """Return the file with the head of a chain; touches nothing."""
    name = f"{_database_name(settings)}{_ENDINGS[chain]}.txt"
    return Anchor(workspace.ledger_heads_dir / name)


def _database_name(settings: Settings) -> str:
    """Name a database by where it is, without its password: each has heads of its own."""
    if settings.ledger_url is None:
        return "local"
    return digest_bytes(redacted(settings.ledger_url.get_secret_value()).encode())[:16]
