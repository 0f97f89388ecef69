"""Parameters of cutting as params.yaml has them, with what a test changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from voxgate.params import CutParams, load_params

__all__ = ["cut_params"]

_PARAMS = Path(__file__).parents[2] / "params.yaml"


def cut_params(**changes: Any) -> CutParams:
    params = load_params(_PARAMS).cut
    return CutParams.model_validate({**params.model_dump(), **changes})
