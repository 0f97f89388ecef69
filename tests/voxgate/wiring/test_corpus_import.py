"""What cuts long recordings, as params.yaml names it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from voxgate.errors import TextError
from voxgate.executors import SerialExecutor
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.corpus_import import open_cutter, require_heard

ROOT = Path(__file__).parents[3]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    shutil.copy(ROOT / "params.yaml", tmp_path)
    (tmp_path / "base").symlink_to(ROOT / "base")
    return Checkout.open(tmp_path)


@pytest.mark.parametrize(("given", "code"), [("en", "en"), ("Spanish", "es"), ("fr-CA", "fr")])
def test_a_language_is_known_by_its_code(given: str, code: str) -> None:
    assert require_heard(given) == code


def test_a_language_that_the_recogniser_does_not_hear_is_refused() -> None:
    with pytest.raises(TextError, match="--language 'tlh': expected the ISO 639 code"):
        require_heard("tlh")


@pytest.mark.slow
@pytest.mark.assets
def test_a_language_without_a_front_end_has_one_aligner(
    checkout: Checkout, assets_dir: Path
) -> None:
    assert assets_dir.is_dir()
    instruments = open_cutter(checkout, "es", SerialExecutor()).instruments
    assert instruments.aligner is None
    assert instruments.normalise("¿Qué 2?") == "qué 2"
    assert instruments.recogniser.identity.options["language"] == "es"
