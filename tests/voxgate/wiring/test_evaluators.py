from __future__ import annotations

from pathlib import Path

import pytest

from tasks.measuring.setup import _INSTRUMENT_CODE
from voxgate.code_digest import import_closure
from voxgate.params import load_params
from voxgate.settings import Settings
from voxgate.wiring.evaluators import build_recogniser, build_speaker_encoder, text_normaliser

PARAMS = load_params(Path(__file__).parents[3] / "params.yaml")


@pytest.mark.assets
def test_what_is_built_is_what_params_yaml_names_and_its_code_names_what_is_cached(
    assets_dir: Path,
) -> None:
    settings = Settings(assets_dir=assets_dir)
    recogniser = build_recogniser(PARAMS.evaluate, settings)
    encoder = build_speaker_encoder(PARAMS.evaluate, settings)

    evaluators = PARAMS.evaluate.evaluators
    pinned = {evaluators[role].sha256 for role in ("whisper-base", "ge2e")}
    assert {recogniser.identity.weights_sha256, encoder.identity.weights_sha256} == pinned
    built = {type(recogniser).__module__, type(encoder).__module__}
    assert built <= import_closure(_INSTRUMENT_CODE)


@pytest.mark.assets
def test_other_windows_are_another_instrument(assets_dir: Path) -> None:
    settings = Settings(assets_dir=assets_dir)
    usual = build_recogniser(PARAMS.evaluate, settings)
    short = build_recogniser(
        PARAMS.evaluate, settings, name="whisper-base", windows_s=(10, 30), window_margin_s=1.0
    )

    assert usual.identity.weights_sha256 == short.identity.weights_sha256
    assert usual.identity != short.identity


def test_the_normaliser_is_the_one_of_published_word_error_rates() -> None:
    assert text_normaliser()("Mr. Smith's colour, TWENTY-one!") == "mister smith is color 21"
