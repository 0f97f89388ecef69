"""The preset that params.yaml names."""

from __future__ import annotations

from models.gpt_sovits.presets import Preset, preset
from voxgate.errors import TrainingError

__all__ = ["choose_preset"]


def choose_preset(name: str) -> Preset:
    """Return the preset called `name`.

    Raises:
        TrainingError: there is none of that name.
    """
    try:
        return preset(name)
    except ValueError as error:
        raise TrainingError(f"train.preset in params.yaml: {error}") from error
