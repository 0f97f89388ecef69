"""What every ports.SpeakerEncoder promises; the fake and the adapter answer to the same tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.remembering import RememberingEncoder
from tests.fakes.speaker_encoder import FakeSpeakerEncoder
from voxgate.errors import EvaluatorError
from voxgate.params.evaluate import EvaluatorSource
from voxgate.ports import SpeakerEncoder
from voxgate.types import Wave


@pytest.fixture(
    scope="module",
    params=["fake", "remembering", pytest.param("ge2e", marks=pytest.mark.assets)],
)
def encoder(request: pytest.FixtureRequest, asset: Callable[[str], Path]) -> SpeakerEncoder:
    """Return an implementation."""
    if request.param == "fake":
        return FakeSpeakerEncoder()
    if request.param == "remembering":
        return RememberingEncoder(FakeSpeakerEncoder())
    from voxgate.adapters.assets.catalogue import find_asset
    from voxgate.adapters.speechbrain.speaker_encoder import load_speaker_encoder

    folder = asset("ge2e")
    source = EvaluatorSource(kind="speechbrain", source="ge2e", sha256=find_asset("ge2e").sha256)
    return load_speaker_encoder(source, assets_dir=folder.parent, threads=1)


def noise(seconds: float, seed: int = 0) -> Wave:
    generator = np.random.default_rng(seed)
    return (0.1 * generator.standard_normal(int(16_000 * seconds))).astype(np.float32)


def test_rows_are_of_unit_length_one_a_wave(encoder: SpeakerEncoder) -> None:
    rows = encoder.embed([noise(1, 1), noise(2.3, 2), noise(4, 3)])

    assert rows.dtype == np.float32
    assert len(rows) == 3
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_embedding_does_not_depend_on_its_neighbours(encoder: SpeakerEncoder) -> None:
    waves = [noise(1, 1), noise(2.3, 2), noise(4, 3)]
    alone = np.concatenate([encoder.embed([wave]) for wave in waves])

    np.testing.assert_array_equal(encoder.embed(waves), alone)


def test_no_waves_give_no_rows(encoder: SpeakerEncoder) -> None:
    assert len(encoder.embed([])) == 0


@pytest.mark.parametrize(
    ("wave", "message"),
    [
        (np.zeros(0, dtype=np.float32), "0.00 s"),
        (noise(0.1), "need at least"),
        (np.zeros(16_000, dtype=np.float32), "silent"),
        (np.full(16_000, np.inf, dtype=np.float32), "NaN or infinity"),
    ],
)
def test_wave_without_a_speaker_is_refused_by_position(
    encoder: SpeakerEncoder, wave: Wave, message: str
) -> None:
    with pytest.raises(EvaluatorError, match=f"wave 1 of 2: .*{message}"):
        encoder.embed([noise(1), wave])


def test_identity_holds_the_hash_of_the_weights(encoder: SpeakerEncoder) -> None:
    assert len(encoder.identity.weights_sha256) == 64
    assert encoder.identity.name
