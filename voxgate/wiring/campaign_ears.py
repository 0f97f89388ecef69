"""Open what listens to the sentences of a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from voxgate.campaigns.quality.checking import Ears
from voxgate.text.front_ends import open_front_end
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.evaluators import (
    build_recogniser,
    build_speaker_encoder,
    text_normaliser,
)

__all__ = ["open_ears"]

_NO_LEXICONS: Mapping[str, Path] = MappingProxyType({})


def open_ears(
    checkout: Checkout,
    *,
    language: str = "en",
    threads: int = 1,
    lexicons: Mapping[str, Path] = _NO_LEXICONS,
) -> Ears:
    """Open the judges' recogniser and speaker encoder, and a reader for what they hear.

    They are those of `evaluate` in params.yaml. `threads` is one, as for every process of a
    campaign: two side by side would stand in each other's way. `lexicons` are the voice's own, so
    that what is heard is read as what is meant was.

    Raises:
        WeightsError: weights are absent or are not the pinned ones; `voxgate setup` fetches them.
        EvaluatorError: this machine lacks the device of the settings.
        TextError: the language has no front end, or its lexicon is missing or no text.
        ConfigError: a lexicon has broken lines.
    """
    params = checkout.params.evaluate.model_copy(update={"threads": threads})
    normaliser = text_normaliser(language)
    return Ears(
        transcriber=build_recogniser(params, checkout.settings, language=language),
        speaker=build_speaker_encoder(params, checkout.settings),
        front_end=open_front_end(language, lexicons=lexicons),
        spell=normaliser,
        spelling=normaliser.fingerprint,
    )
