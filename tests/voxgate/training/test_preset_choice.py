from pathlib import Path

import pytest

from models.gpt_sovits.presets import MINI, MINI_AR, V2PRO
from voxgate.errors import ConfigError, TrainingError
from voxgate.params import load_params
from voxgate.training.preset_choice import check_features, check_text_features, choose_preset

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


def test_only_a_public_preset_that_is_to_speak_chinese_needs_bert() -> None:
    for preset, languages in ((V2PRO, ["en", "ja"]), (MINI, ["zh"]), (MINI_AR, ["zh"])):
        assert check_text_features(preset, PARAMS, languages) is None
    with pytest.raises(ConfigError) as raised:
        check_text_features(V2PRO, PARAMS, ["en", "zh"])
    (fault,) = raised.value.faults
    assert fault.startswith("featurize.text_features_sha256: the preset v2Pro reads features of")
    assert "weights import chinese-roberta-wwm-ext-large/pytorch_model.bin`" in fault

    featurize = PARAMS.featurize.model_copy(update={"text_features_sha256": "b" * 64})
    params = PARAMS.model_copy(update={"featurize": featurize})
    assert check_text_features(V2PRO, params, ["zh"]) == "b" * 64
