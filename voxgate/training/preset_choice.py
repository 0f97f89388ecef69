"""The preset that params.yaml names, and what it asks of the other parameters."""

from __future__ import annotations

from collections.abc import Collection

from models.gpt_sovits.presets import Preset, preset
from voxgate.errors import ConfigError, TrainingError
from voxgate.params import Params
from voxgate.voice.text_features import BERT_FILE, FEATURED

__all__ = ["check_features", "check_text_features", "choose_preset"]


def choose_preset(name: str) -> Preset:
    """Return the preset called `name`.

    Raises:
        TrainingError: there is none of that name.
    """
    try:
        return preset(name)
    except ValueError as error:
        raise TrainingError(f"train.preset in params.yaml: {error}") from error


def check_features(chosen: Preset, params: Params) -> None:
    """Stop before anything is computed that the preset could not use.

    Raises:
        ConfigError: names every parameter that does not fit the preset.
    """
    faults = []
    if params.ingest.sample_rate_hz != chosen.sample_rate_hz:
        faults.append(
            f"ingest.sample_rate_hz: the preset {chosen.name} speaks at {chosen.sample_rate_hz} "
            f"Hz, got {params.ingest.sample_rate_hz}"
        )
    if params.featurize.symbols != chosen.symbols:
        faults.append(
            f"featurize.symbols: the preset {chosen.name} reads the table {chosen.symbols!r}, got "
            f"{params.featurize.symbols!r}"
        )
    if chosen.synthesizer.speaker_vector and params.featurize.speaker_vectors is None:
        faults.append(
            f"featurize.speaker_vectors: the preset {chosen.name} needs the speaker-verification "
            "network; name its source and sha256 (docs/public_weights.md)"
        )
    if faults:
        raise ConfigError("params.yaml", faults)


def check_text_features(chosen: Preset, params: Params, languages: Collection[str]) -> str | None:
    """Return the digest of the BERT that a voice of these languages needs; None: it needs none.

    Raises:
        ConfigError: it needs one, and params.yaml names none.
    """
    if not chosen.text_channels or FEATURED not in languages:
        return None
    if params.featurize.text_features_sha256 is None:
        raise ConfigError(
            "params.yaml",
            [
                f"featurize.text_features_sha256: the preset {chosen.name} reads features of "
                f"Chinese text; run `voxgate weights import {BERT_FILE}` and name the sha256 of "
                "its result (docs/public_weights.md)"
            ],
        )
    return params.featurize.text_features_sha256
