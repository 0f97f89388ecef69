from __future__ import annotations

from pathlib import Path

import pytest

from voxgate.errors import WeightsError
from voxgate.params import Params, load_params
from voxgate.settings import Settings
from voxgate.wiring.aligners import build_aligner

ROOT = Path(__file__).resolve().parents[3]


def test_there_is_no_second_aligner_for_a_language_without_a_front_end(tmp_path: Path) -> None:
    params = load_params(ROOT / "params.yaml")

    assert build_aligner(params, Settings(), language="es", base_dir=tmp_path) is None


def test_there_is_none_where_params_name_none(tmp_path: Path) -> None:
    params = load_params(ROOT / "params.yaml")
    without: Params = params.model_copy(
        update={"cut": params.cut.model_copy(update={"aligner": None})}
    )

    assert build_aligner(without, Settings(), language="en", base_dir=tmp_path) is None


def test_base_voice_that_is_not_there_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    params = load_params(ROOT / "params.yaml")

    with pytest.raises(WeightsError, match=r"base\.json is missing: .*cut\.aligner to null"):
        build_aligner(params, Settings(), language="en", base_dir=tmp_path)


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_a_base_voice_places_only_words_of_languages_that_it_has_learnt(language: str) -> None:
    params = load_params(ROOT / "params.yaml")

    assert build_aligner(params, Settings(), language=language, base_dir=ROOT / "base") is None
