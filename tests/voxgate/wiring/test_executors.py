from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.errors import WeightsError
from voxgate.executors import SerialExecutor
from voxgate.params import load_params
from voxgate.settings import Settings
from voxgate.wiring.evaluators import build_recogniser, build_speaker_encoder
from voxgate.wiring.executors import pooled_encoder, pooled_recogniser

PARAMS = load_params(Path(__file__).parents[3] / "params.yaml").evaluate


def test_absent_weights_are_told_by_whoever_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOXGATE_ASSETS_DIR", str(tmp_path))
    with pytest.raises(WeightsError, match="whisper-base"):
        _ = pooled_recogniser(SerialExecutor(), PARAMS).identity


@pytest.mark.assets
def test_a_pooled_instrument_is_the_one_of_params_yaml(assets_dir: Path) -> None:
    settings = Settings(assets_dir=assets_dir)
    pooled = pooled_recogniser(SerialExecutor(), PARAMS, language="ja")
    assert pooled.identity == build_recogniser(PARAMS, settings, language="ja").identity
    encoder = pooled_encoder(SerialExecutor(), PARAMS, batch_size=1)
    assert encoder.identity == build_speaker_encoder(PARAMS, settings).identity
