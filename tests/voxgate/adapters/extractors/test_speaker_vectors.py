from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.fakes.tiny_public import TINY_SPEAKER_NETWORK, write_hubert, write_speaker_network
from tests.models.gpt_sovits import golden
from voxgate.adapters.assets.origins import folder_digest
from voxgate.adapters.assets.store import file_digests
from voxgate.adapters.extractors.speaker_vectors import (
    EresNetVectors,
    filter_bank,
    load_speaker_vectors,
)
from voxgate.errors import EvaluatorError, WeightsError


def load(folder: Path) -> EresNetVectors:
    return load_speaker_vectors(
        str(folder),
        sha256=folder_digest(file_digests(folder)),
        assets_dir=folder.parent / "store",
        preset=TINY_SPEAKER_NETWORK,
    )


def tone(sample_rate_hz: int) -> np.ndarray:
    time_s = np.arange(sample_rate_hz) / sample_rate_hz
    return (0.2 * np.sin(2 * np.pi * 440 * time_s)).astype(np.float32)


def test_the_filter_bank_is_upstreams() -> None:
    stored = golden.arrays("sv_eres2netv2")
    bank = filter_bank(stored["wave16k"].numpy(), 16_000)
    assert golden.largest_error(bank, stored["fbank"]) < 2e-4


def test_the_vector_is_the_networks_of_the_filter_bank(tmp_path: Path) -> None:
    network = write_speaker_network(tmp_path / "sv")
    vectors = load(tmp_path / "sv")
    found = vectors.compute(tone(16_000), 16_000)

    with torch.inference_mode():
        expected = network(filter_bank(tone(16_000), 16_000)[None])[0]
    assert found.shape == (vectors.size,)
    np.testing.assert_allclose(found, expected.numpy(), atol=1e-4)


def test_other_rates_are_brought_to_16_khz(tmp_path: Path) -> None:
    write_speaker_network(tmp_path / "sv")
    vectors = load(tmp_path / "sv")
    low, high = vectors.compute(tone(16_000), 16_000), vectors.compute(tone(32_000), 32_000)
    assert np.abs(low - high).mean() < 0.05 * np.abs(low).mean()


def test_a_wave_without_a_frame_is_refused() -> None:
    with pytest.raises(EvaluatorError, match=r"0\.01 s, need at least 0\.03 s"):
        filter_bank(tone(16_000)[:200], 16_000)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    write_hubert(tmp_path / "sv")
    with pytest.raises(WeightsError, match=r"pytorch_model\.bin: expected eres2netv2, got hubert"):
        load(tmp_path / "sv")
