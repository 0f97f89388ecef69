from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.evaluation_workspace import noise
from voxgate.errors import TextError, WeightsError
from voxgate.executors import SerialExecutor
from voxgate.features.phonemiser import open_phonemiser
from voxgate.features.readings import Reading, Sentence, Unreadable
from voxgate.params import load_params
from voxgate.settings import Settings
from voxgate.wiring.featurizers import build_speech_tokenizer
from voxgate.wiring.pooled_featurizers import pooled_phonemiser, pooled_tokenizer

ROOT = Path(__file__).parents[3]
PARAMS = load_params(ROOT / "params.yaml").featurize


def test_a_pooled_phonemiser_reads_as_the_one_that_is_opened_here(tmp_path: Path) -> None:
    (tmp_path / "lexicon.en.tsv").write_text("digium\tD IH1 JH IY0 AH0 M\n")
    own = {"en": tmp_path / "lexicon.en.tsv"}
    here = open_phonemiser("v2", lexicons=own, languages=["en"])
    pooled = pooled_phonemiser(SerialExecutor(), "v2", lexicons=own, languages=["en"])
    assert pooled.digest == here.digest
    asked = [Sentence("Call Digium now", "en"), Sentence("...", "en")]
    reading, mute = pooled.read_sentences(asked)
    assert reading == here.read("Call Digium now", language="en")
    assert isinstance(reading, Reading)
    assert isinstance(mute, Unreadable)


def test_a_worker_with_other_rules_reads_nothing(tmp_path: Path) -> None:
    pooled = pooled_phonemiser(SerialExecutor(), "v2", lexicons={}, languages=["en"])
    other = replace(pooled, work=replace(pooled.work, digest="0" * 64))  # type: ignore[type-var]
    with pytest.raises(TextError, match="other rules or lexicons"):
        list(other.read_sentences([Sentence("one", "en")]))


def test_an_absent_tokenizer_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="is missing"):
        pooled_tokenizer(SerialExecutor(), PARAMS, base_dir=tmp_path)


def test_absent_weights_of_the_extractor_are_told_by_whoever_hears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOXGATE_ASSETS_DIR", str(tmp_path))
    pooled = pooled_tokenizer(SerialExecutor(), PARAMS, base_dir=ROOT / "base")
    with pytest.raises(WeightsError, match=r"whisper-tiny\.en"):
        pooled.encode([noise(0)])


@pytest.mark.assets
def test_a_pooled_tokenizer_is_the_one_of_params_yaml(assets_dir: Path) -> None:
    here = build_speech_tokenizer(PARAMS, Settings(assets_dir=assets_dir), base_dir=ROOT / "base")
    pooled = pooled_tokenizer(SerialExecutor(), PARAMS, base_dir=ROOT / "base")
    assert (pooled.sha256, pooled.codes) == (here.sha256, here.codes)
    wave = noise(0)
    assert np.array_equal(pooled.encode([wave])[0], here.encode([wave])[0])
    assert np.array_equal(pooled.encode_prompt(wave), here.encode_prompt(wave))
