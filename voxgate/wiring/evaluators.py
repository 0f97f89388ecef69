"""Build the instruments that params.yaml names."""

from __future__ import annotations

from collections.abc import Callable

from voxgate.params import EvaluateParams
from voxgate.ports import Recogniser, SpeakerEncoder
from voxgate.settings import Settings

__all__ = ["build_recogniser", "build_speaker_encoder", "text_normaliser"]


def build_recogniser(
    params: EvaluateParams, settings: Settings, *, name: str | None = None
) -> Recogniser:
    """Load the speech recogniser `name`, or the one that judges when no name is given.

    Raises:
        WeightsError: its weights are absent or are not the pinned ones.
    """
    from voxgate.adapters.whisper_recogniser import load_recogniser

    source = params.evaluators[name or params.transcriber]
    return load_recogniser(
        source,
        assets_dir=settings.assets_dir,
        threads=params.threads,
        batch_size=params.batch_size,
    )


def build_speaker_encoder(params: EvaluateParams, settings: Settings) -> SpeakerEncoder:
    """Load the speaker encoder that scores similarity.

    Raises:
        WeightsError: its weights are absent or are not the pinned ones.
    """
    from voxgate.adapters.speaker_encoder import load_speaker_encoder

    source = params.evaluators[params.speaker_encoder]
    return load_speaker_encoder(source, assets_dir=settings.assets_dir, threads=params.threads)


def text_normaliser() -> Callable[[str], str]:
    """Return Whisper's English text normaliser, which error rates are computed after."""
    from whisper.normalizers import EnglishTextNormalizer

    normaliser: Callable[[str], str] = EnglishTextNormalizer()
    return normaliser
