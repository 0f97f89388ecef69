"""What the speech tokenizer is fitted to."""

from __future__ import annotations

from voxgate.adapters.whisper.features import WhisperLayers, load_feature_extractor
from voxgate.params import FeaturizeParams
from voxgate.settings import Settings

__all__ = ["build_layers"]


def build_layers(
    params: FeaturizeParams, settings: Settings, *, name: str, index: int
) -> WhisperLayers:
    """Load the extractor that params.yaml pins, with its block `index`, here called `name`.

    Raises:
        WeightsError: the weights are absent, not the pinned ones, or have no such block.
    """
    extractor = load_feature_extractor(
        params.extractor,
        sha256=params.extractor_sha256,
        assets_dir=settings.assets_dir,
        layer=index,
    )
    return WhisperLayers({name: extractor})
