from pathlib import Path

import pytest

from models.gpt_sovits.presets import MINI, V2PRO
from voxgate.errors import ConfigError, TrainingError
from voxgate.params import load_params
from voxgate.training.preset_choice import check_features, choose_preset

PARAMS = load_params(Path(__file__).parents[3] / "params.yaml")


def test_an_unknown_preset_is_named_with_those_there_are() -> None:
    with pytest.raises(
        TrainingError, match=r"preset 'v9' is not known; choose one of: mini, mini-ar, v1"
    ):
        choose_preset("v9")


def test_the_shipped_parameters_fit_their_preset() -> None:
    check_features(MINI, PARAMS)


def test_every_parameter_that_does_not_fit_is_named() -> None:
    featurize = PARAMS.featurize.model_copy(update={"symbols": "v1"})
    with pytest.raises(ConfigError) as raised:
        check_features(V2PRO, PARAMS.model_copy(update={"featurize": featurize}))
    rate, symbols, vectors = raised.value.faults
    assert "v2Pro speaks at 32000 Hz, got 16000" in rate
    assert "reads the table 'v2', got 'v1'" in symbols
    assert "featurize.speaker_vectors: the preset v2Pro needs" in vectors
