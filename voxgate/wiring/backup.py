"""Copies of the ledger, the registry, the accounts and the artifacts, and the way back."""

from __future__ import annotations

from voxgate.adapters.backup.archive import back_up, default_stores, restore

__all__ = ["back_up", "default_stores", "restore"]
