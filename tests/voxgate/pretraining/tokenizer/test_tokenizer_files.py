from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.voxgate.pretraining.conftest import ToneTeacher, WindowExtractor
from voxgate.pretraining.tokenizer.candidates import Candidate
from voxgate.pretraining.tokenizer.layer_features import ClipFeatures
from voxgate.pretraining.tokenizer.tokenizer_files import training_digest, write_tokenizer
from voxgate.voice.speech_tokenizer import read_tokenizer, tokenizer_digest

from .conftest import CHOICE

SHA = WindowExtractor.sha256


def test_the_written_tokenizer_gives_the_codes_that_were_fitted(
    clips: list[ClipFeatures], tmp_path: Path
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
