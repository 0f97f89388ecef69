"""The one way to the package `transformers`: imported when it is needed, never asked for files.

Its own `from_pretrained` would look for weights on the network and read them without a pin; here a
configuration comes from a checked folder and the weights are loaded by frozen_weights.py.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from voxgate.adapters.speechbrain.torchaudio_compat import import_torchaudio
from voxgate.errors import AssetError, WeightsError
from voxgate.files import read_json

__all__ = ["import_transformers", "read_config"]


def import_transformers() -> Any:
    """Import transformers.

    Raises:
        AssetError: it is not installed.
    """
    import_torchaudio()  # transformers imports it, and may find a build that cannot load
    try:
        return importlib.import_module("transformers")
    except ImportError as error:
        raise AssetError(
            f"the frozen extractors of the public presets need transformers ({error}); install "
            "voxgate[public]"
        ) from error


def read_config(folder: Path, model_type: str) -> dict[str, Any]:
    """Return the values of `config.json`.

    Raises:
        WeightsError: it is absent, is no JSON, or describes another kind of model.
    """
    path = folder / "config.json"
    try:
        config = read_json(path)
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"{path} cannot be read ({error}); it is published beside the weights: copy both"
        ) from error
    found = config.pop("model_type", None) if isinstance(config, dict) else None
    if found != model_type:
        raise WeightsError(f"{path}: expected model_type {model_type}, got {found}")
    return dict(config)
