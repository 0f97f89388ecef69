"""Build the instruments that params.yaml names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voxgate.params import EvaluateParams
from voxgate.ports import Recogniser, SpeakerEncoder
from voxgate.settings import Settings

__all__ = ["build_recogniser", "build_speaker_encoder", "text_normaliser"]


def build_recogniser(
    params: EvaluateParams,
    settings: Settings,
    *,
    name: str | None = None,
    windows_s: Sequence[int] = (),
    window_margin_s: float = 0.0,
) -> Recogniser:
    """Load the speech recogniser `name`, or the one that judges when no name is given.

    `windows_s` are the encoder windows that it may use, each for clips that leave
    `window_margin_s` of it; without them it uses its own.

    Raises:
        WeightsError: its weights are absent or are not the pinned ones.
    """
    from voxgate.adapters.whisper.encoding import WindowPolicy
    from voxgate.adapters.whisper.recogniser import DEFAULT_WINDOWS, load_recogniser

    source = params.evaluators[name or params.transcriber]
    return load_recogniser(
        source,
        assets_dir=settings.assets_dir,
        threads=params.threads,
        batch_size=params.batch_size,
        windows=WindowPolicy(windows_s=tuple(windows_s), margin_s=window_margin_s)
        if windows_s
        else DEFAULT_WINDOWS,
    )


def build_speaker_encoder(params: EvaluateParams, settings: Settings) -> SpeakerEncoder:
    """Load the speaker encoder that scores similarity.

    Raises:
        WeightsError: its weights are absent or are not the pinned ones.
    """
    from voxgate.adapters.speechbrain.speaker_encoder import load_speaker_encoder

    source = params.evaluators[params.speaker_encoder]
    return load_speaker_encoder(source, assets_dir=settings.assets_dir, threads=params.threads)


def text_normaliser() -> Callable[[str], str]:
    """Return Whisper's English text normaliser, which error rates are computed after."""
    from voxgate.adapters.whisper.normaliser import load_normaliser

    return load_normaliser()
