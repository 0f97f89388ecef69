from __future__ import annotations

from pathlib import Path

import pytest

from tests.voxgate.pretraining.conftest import ToneTeacher, WindowExtractor
from voxgate.pretraining.speech.generate import generate
from voxgate.pretraining.tokenizer.candidates import Candidate
from voxgate.pretraining.tokenizer.layer_features import ClipFeatures, cache_features, read_features

CHOICE = Candidate(layer="sharp", remove_mean=True, codes=8)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    generate(folder, ToneTeacher, hours=0.014)
    return folder


@pytest.fixture(scope="session")
def clips(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> list[ClipFeatures]:
    cache = tmp_path_factory.mktemp("cache")
    cache_features(corpus, cache, WindowExtractor())
    return read_features(corpus, cache, "sharp")
