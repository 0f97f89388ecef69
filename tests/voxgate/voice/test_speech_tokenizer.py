import dataclasses
import json

import numpy as np
import pytest
import torch

from models.gpt_sovits.s2.synthesizer import Synthesizer
from tests.fakes.tiny_preset import TINY
from tests.fakes.training_set import random_tokenizer, write_tokenizer
from tests.models.gpt_sovits import golden
from voxgate.errors import WeightsError
from voxgate.training.networks import build_networks
from voxgate.voice.speech_tokenizer import (
    CODEBOOK_KEY,
    CodebookTokenizer,
    read_tokenizer,
    tokenizer_digest,
)


class NoiseExtractor:
    """Features that depend on the wave alone: 50 frames a second of 384 channels."""

    sha256 = "e" * 64

    def extract(self, waves):
        return [
            np.random.default_rng(len(wave)).normal(size=(len(wave) // 320, 384)).astype(np.float32)
            for wave in waves
        ]


def read(stem, **changes):
    write_tokenizer(stem, extractor_sha256="e" * 64, **changes)
    return read_tokenizer(stem, sha256=tokenizer_digest(stem), extractor=NoiseExtractor())


def wave(samples):
    return np.zeros(samples, dtype=np.float32)


def test_gives_25_tokens_a_second_below_the_number_of_codes(tmp_path):
    tokenizer = read(tmp_path / "tokenizer")
    tokens = tokenizer.encode([wave(16000), wave(16000 + 640), wave(16000 + 639)])

    assert [len(row) for row in tokens] == [25, 26, 25]
    assert tokenizer.codes == 512
    assert all(0 <= token < 512 for row in tokens for token in row)


def test_agrees_with_the_tokenizer_inside_the_synthesizer(tmp_path):
    tokenizer = read(tmp_path / "tokenizer", remove_mean=False)
    tensors = {name: torch.from_numpy(value) for name, value in random_tokenizer().items()}
    network: Synthesizer = build_networks(TINY, seed=0, tokenizer=tensors).synthesizer
    features = torch.from_numpy(NoiseExtractor().extract([wave(32000)])[0])

    codes = network.extract_codes(features.t()[None])[0, 0]

    assert np.array_equal(tokenizer.encode([wave(32000)])[0], codes.numpy())


def test_the_card_decides_whether_the_mean_is_removed(tmp_path):
    kept = read(tmp_path / "kept", remove_mean=False).encode([wave(3200)])[0]
    removed = read(tmp_path / "removed", remove_mean=True).encode([wave(3200)])[0]

    assert not np.array_equal(kept, removed)


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_an_altered_or_absent_file_is_an_error(tmp_path, suffix):
    stem = tmp_path / "tokenizer"
    write_tokenizer(stem, extractor_sha256="e" * 64)
    digest = tokenizer_digest(stem)
    path = stem.with_suffix(suffix)
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(WeightsError, match=r"featurize\.tokenizer_sha256"):
        read_tokenizer(stem, sha256=digest, extractor=NoiseExtractor())

    path.unlink()
    with pytest.raises(WeightsError, match="is missing"):
        read_tokenizer(stem, sha256=digest, extractor=NoiseExtractor())


def test_features_of_another_extractor_are_refused(tmp_path):
    stem = tmp_path / "tokenizer"
    write_tokenizer(stem, extractor_sha256="f" * 64)

    with pytest.raises(WeightsError, match="was made with extractor ffff"):
        read_tokenizer(stem, sha256=tokenizer_digest(stem), extractor=NoiseExtractor())


def test_a_card_without_its_fields_is_refused(tmp_path):
    stem = tmp_path / "tokenizer"
    write_tokenizer(stem, extractor_sha256="e" * 64)
    stem.with_suffix(".json").write_text(json.dumps({"schema": 2}))

    with pytest.raises(WeightsError, match="not a tokenizer card of schema 1"):
        read_tokenizer(stem, sha256=tokenizer_digest(stem), extractor=NoiseExtractor())


def test_the_public_codebook_gives_upstreams_codes():
    stored = golden.arrays("s2_v2")
    features = stored["a_ssl"][0].T.numpy()  # (41, 768)

    class Recorded:
        sha256 = "e" * 64

        def extract(self, waves):
            return [features]

    def weight(key, *shape):
        return golden.recipe(key, shape)

    tokenizer = CodebookTokenizer(
        extractor=Recorded(),
        sha256="t" * 64,
        projection=weight("ssl_proj.weight", 768, 768, 2),
        bias=weight("ssl_proj.bias", 768),
        embed=weight(CODEBOOK_KEY, 1024, 768),
        remove_mean=False,
    )
    assert tokenizer.encode([wave(0)])[0].tolist() == stored["a_codes"][0, 0].tolist()


def test_a_prompt_is_encoded_with_the_silence_that_the_card_names(tmp_path):
    plain = read(tmp_path / "tokenizer")
    padded = dataclasses.replace(plain, prompt_silence_samples=9600)

    assert plain.encode_prompt(wave(16000)).tolist() == plain.encode([wave(16000)])[0].tolist()
    assert padded.encode_prompt(wave(16000)).tolist() == plain.encode([wave(25600)])[0].tolist()
