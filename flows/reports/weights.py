"""Assets of the catalogue and imported files, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voxgate.wiring.public_weights import ImportedFile

__all__ = ["describe_asset", "describe_import"]


def describe_asset(row: dict[str, Any]) -> str:
    """Return licence and source of an asset, whether it is here, and the sha256 to pin."""
    mark = "present" if row["present"] else "absent"
    return (
        f"{row['name']:24}{mark:9}{row['licence']:12}{row['source']}\n{'':24}sha256 {row['sha256']}"
    )


def describe_import(each: ImportedFile) -> str:
    """Return what a file turned out to be, where the result is, and both digests."""
    name = each.known_as or "not one of the published base files"
    kind = " ".join(filter(None, (each.network, each.preset)))
    kind += "" if each.trainable else " (exported: no posterior, cannot be trained on)"
    return (
        f"{each.source}: {kind}; {name}\n"
        f"  source sha256 {each.source_sha256}\n"
        f"  {each.folder}\n"
        f"  result sha256 {each.sha256}"
    )
