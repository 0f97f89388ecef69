from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.voxgate.pretraining.conftest import ToneTeacher, WindowExtractor
from voxgate.pretraining.speech.generate import generate
from voxgate.pretraining.speech.teacher import HELD_OUT_VOICES
from voxgate.pretraining.tokenizer.layer_features import (
    ClipFeatures,
    cache_features,
    read_features,
)
from voxgate.pretraining.tokenizer.tokenizer import (
    Candidate,
    compare,
    training_digest,
    write_tokenizer,
)
from voxgate.voice.speech_tokenizer import read_tokenizer, tokenizer_digest

SHA = WindowExtractor.sha256
CHOICE = Candidate(layer="sharp", remove_mean=True, codes=8)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    generate(folder, ToneTeacher, hours=0.014)
    return folder


@pytest.fixture(scope="module")
def clips(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> list[ClipFeatures]:
    cache = tmp_path_factory.mktemp("cache")
    cache_features(corpus, cache, WindowExtractor())
    return read_features(corpus, cache, "sharp")


def test_cached_shards_are_not_extracted_again(corpus: Path, tmp_path: Path) -> None:
    extractor = WindowExtractor()
    cache_features(corpus, tmp_path, extractor, shards=[0])
    first = extractor.calls
    cache_features(corpus, tmp_path, extractor)
    assert extractor.calls == 2 * first
    cache_features(corpus, tmp_path, extractor)
    assert extractor.calls == 2 * first


def test_a_comparison_scores_every_candidate(clips: list[ClipFeatures]) -> None:
    layers = {"sharp": clips}
    free = Candidate(layer="sharp", remove_mean=False, codes=None)
    scores = compare(layers, [CHOICE, free], probe_steps=3, seed=1)
    assert [score.candidate for score in scores] == [CHOICE, free]
    assert 0 < (scores[0].held_out_explained_variance or 0) <= 1
    assert scores[1].explained_variance is None
    assert all(score.phone_error_rate > 0 for score in scores)


def test_held_out_voices_are_two_women_and_two_men_of_two_accents() -> None:
    assert sorted(voice[:2] for voice in HELD_OUT_VOICES) == ["af", "am", "bf", "bm"]


def test_the_written_tokenizer_gives_the_codes_that_were_fitted(
    clips: list[ClipFeatures], corpus: Path, tmp_path: Path
) -> None:
    stem = tmp_path / "tokenizer"
    book = write_tokenizer(
        stem,
        clips,
        CHOICE,
        layer_index=2,
        extractor="windows",
        extractor_sha256=SHA,
        seed=1,
    )
    tokenizer = read_tokenizer(stem, sha256=tokenizer_digest(stem), extractor=WindowExtractor())
    wave = ToneTeacher().read(clips[0].item.text, voice=clips[0].item.voice, speed=1.0).wave
    centred = clips[0].frames - clips[0].mean
    vectors = centred.reshape(-1, 2, centred.shape[1]).mean(axis=1)
    distance = ((vectors[:, None] - book.centres.numpy()[None]) ** 2).sum(-1)
    agreement = np.mean(tokenizer.encode([wave])[0] == distance.argmin(1))
    assert agreement > 0.95  # the file holds float16


def test_the_same_clips_give_the_same_files(clips: list[ClipFeatures], tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_tokenizer(
            tmp_path / name / "tokenizer",
            clips,
            CHOICE,
            layer_index=2,
            extractor="windows",
            extractor_sha256=SHA,
            seed=1,
        )
    digests = [tokenizer_digest(tmp_path / name / "tokenizer") for name in ("a", "b")]
    assert digests[0] == digests[1]


def test_the_training_digest_follows_the_readings(clips: list[ClipFeatures]) -> None:
    assert training_digest(clips) == training_digest(list(clips))
    assert training_digest(clips) != training_digest(clips[1:])


def test_a_tokenizer_without_codes_is_refused(clips: list[ClipFeatures], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs codes"):
        write_tokenizer(
            tmp_path / "tokenizer",
            clips,
            Candidate(layer="sharp", remove_mean=True, codes=None),
            layer_index=2,
            extractor="windows",
            extractor_sha256=SHA,
            seed=1,
        )
