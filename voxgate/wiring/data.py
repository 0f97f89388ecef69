"""What data/ is: DVC names its version."""

from __future__ import annotations

from voxgate.adapters.dvc.data import (
    assert_registered,
    commit_data,
    data_version,
    require_data,
    require_known,
)

__all__ = ["assert_registered", "commit_data", "data_version", "require_data", "require_known"]
