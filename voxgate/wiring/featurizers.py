"""Build what `featurize` computes with."""

from __future__ import annotations

from pathlib import Path

from voxgate.params import FeaturizeParams
from voxgate.params.featurize import WeightsSource
from voxgate.settings import Settings
from voxgate.voice.speaker_vectors import SpeakerVectors
from voxgate.voice.speech_tokenizer import (
    FeatureExtractor,
    SpeechTokenizer,
    TokenizerCard,
    read_tokenizer,
    read_tokenizer_card,
)

__all__ = ["build_speaker_vectors", "build_speech_tokenizer"]


def build_speech_tokenizer(
    params: FeaturizeParams, settings: Settings, *, base_dir: Path
) -> SpeechTokenizer:
    """Load the frozen extractor that the tokenizer's card describes, and the codebook.

    Raises:
        WeightsError: one of them is absent or is not the pinned one.
    """
    stem = base_dir / params.tokenizer
    card = read_tokenizer_card(stem, sha256=params.tokenizer_sha256)
    extractor = _build_extractor(params, card, settings)
    return read_tokenizer(stem, sha256=params.tokenizer_sha256, extractor=extractor)


def build_speaker_vectors(source: WeightsSource, settings: Settings) -> SpeakerVectors:
    """Load the speaker-verification network.

    Raises:
        WeightsError: its weights are absent or are not the pinned ones.
    """
    from voxgate.adapters.extractors.speaker_vectors import load_speaker_vectors

    return load_speaker_vectors(source.source, sha256=source.sha256, assets_dir=settings.assets_dir)


def _build_extractor(
    params: FeaturizeParams, card: TokenizerCard, settings: Settings
) -> FeatureExtractor:
    if card.extractor_kind == "hubert":
        from voxgate.adapters.extractors.hubert import load_hubert

        return load_hubert(
            params.extractor,
            sha256=params.extractor_sha256,
            assets_dir=settings.assets_dir,
            preparation_scale=card.preparation_scale,
        )
    from voxgate.adapters.whisper.features import load_feature_extractor

    return load_feature_extractor(
        params.extractor,
        sha256=params.extractor_sha256,
        assets_dir=settings.assets_dir,
        layer=card.layer,
    )
