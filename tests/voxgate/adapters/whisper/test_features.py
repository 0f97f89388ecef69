from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.spoken_prompts import spoken_prompts
from voxgate.adapters.assets.catalogue import find_asset
from voxgate.adapters.whisper.features import WhisperFeatures, load_feature_extractor
from voxgate.errors import EvaluatorError, WeightsError
from voxgate.types import Wave

pytestmark = pytest.mark.assets
_PIN = find_asset("whisper-tiny.en").sha256


@pytest.fixture(scope="module")
def extractor(assets_dir: Path) -> WhisperFeatures:
    """Return tiny.en's encoder."""
    return load_feature_extractor("whisper-tiny.en", sha256=_PIN, assets_dir=assets_dir)


@pytest.fixture(scope="module")
def waves() -> list[Wave]:
    """Return two spoken sentences."""
    return [prompt.wave for prompt in spoken_prompts(speakers=2, each=1)]


def test_there_are_fifty_frames_a_second_rounded_up(extractor: WhisperFeatures) -> None:
    for samples, frames in [(320, 1), (321, 2), (16_000, 50)]:
        wave = np.full(samples, 0.01, dtype=np.float32)
        (features,) = extractor.extract([wave])
        assert features.shape == (frames, extractor.width)
        assert features.dtype == np.float32


def test_features_are_those_of_whispers_own_encoder_over_the_clip_alone(
    extractor: WhisperFeatures, assets_dir: Path, waves: list[Wave]
) -> None:
    import torch
    import whisper

    from voxgate.adapters.whisper.model import load_whisper

    network = load_whisper(assets_dir / "whisper-tiny.en").network
    (features,) = extractor.extract(waves[:1])
    samples = -(-len(waves[0]) // 320) * 320
    mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(waves[0], samples))
    # Whisper's own code insists on 30 s of positions: it gets those of the clip alone.
    encoder = deepcopy(network.encoder)
    encoder.positional_embedding = encoder.positional_embedding[: samples // 320]
    with torch.inference_mode():
        expected = encoder(mel[None])[0].numpy()

    np.testing.assert_allclose(features, expected, atol=1e-4)


def test_features_do_not_depend_on_their_neighbours(
    extractor: WhisperFeatures, waves: list[Wave]
) -> None:
    together = extractor.extract(waves)
    (alone,) = extractor.extract(waves[1:])

    np.testing.assert_array_equal(together[1], alone)


def test_layer_is_chosen_by_number(assets_dir: Path, waves: list[Wave]) -> None:
    first = load_feature_extractor("whisper-tiny.en", sha256=_PIN, assets_dir=assets_dir, layer=0)
    last = load_feature_extractor("whisper-tiny.en", sha256=_PIN, assets_dir=assets_dir, layer=3)

    assert not np.allclose(first.extract(waves[:1])[0], last.extract(waves[:1])[0])
    with pytest.raises(WeightsError, match="no encoder layer 4; it has 0 to 3"):
        load_feature_extractor("whisper-tiny.en", sha256=_PIN, assets_dir=assets_dir, layer=4)


def test_wave_longer_than_the_window_is_refused(extractor: WhisperFeatures) -> None:
    with pytest.raises(EvaluatorError, match=r"31\.00 s, at most 30\.00 s fit"):
        extractor.extract([np.zeros(31 * 16_000, dtype=np.float32)])


def test_other_weights_are_refused(assets_dir: Path) -> None:
    with pytest.raises(WeightsError, match=r"params\.yaml pins sha256 0{64}"):
        load_feature_extractor("whisper-tiny.en", sha256="0" * 64, assets_dir=assets_dir)
