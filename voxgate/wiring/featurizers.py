"""Build what `featurize` computes with."""

from __future__ import annotations

from pathlib import Path

from voxgate.params import FeaturizeParams
from voxgate.settings import Settings
from voxgate.training.speech_tokenizer import SpeechTokenizer, read_tokenizer, read_tokenizer_card

__all__ = ["build_speech_tokenizer"]


def build_speech_tokenizer(
    params: FeaturizeParams, settings: Settings, *, base_dir: Path
) -> SpeechTokenizer:
    """Load the frozen extractor, at the layer that the tokenizer's card names, and the codebook.

    Raises:
        WeightsError: one of them is absent or is not the pinned one.
    """
    from voxgate.adapters.whisper_features import load_feature_extractor

    stem = base_dir / params.tokenizer
    card = read_tokenizer_card(stem, sha256=params.tokenizer_sha256)
    extractor = load_feature_extractor(
        params.extractor,
        sha256=params.extractor_sha256,
        assets_dir=settings.assets_dir,
        layer=card.layer,
    )
    return read_tokenizer(stem, sha256=params.tokenizer_sha256, extractor=extractor)
