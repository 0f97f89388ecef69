from __future__ import annotations

import numpy as np
import pytest
import torch

from voxgate.adapters.speechbrain.torchaudio_compat import import_torchaudio

import_torchaudio()

from voxgate.adapters.ge2e_network import (  # noqa: E402 (torchaudio must be importable first)
    HOP,
    N_MELS,
    PARTIAL_FRAMES,
    MelFeatures,
    SpeakerNetwork,
    load_weights,
    partial_starts,
)


def test_mel_features_equal_librosas() -> None:
    import librosa

    wave = np.random.default_rng(0).standard_normal(40_000).astype(np.float32)
    wave *= 0.1 / np.sqrt(np.mean(wave**2))  # -20 dBFS: the level that is asked for
    found = MelFeatures(level_dbfs=-20.0)(torch.from_numpy(wave)[None])[0].numpy()
    padded = np.pad(wave, (0, (len(found) - 1) * HOP - len(wave)))
    expected = librosa.feature.melspectrogram(
        y=padded, sr=16_000, n_fft=400, hop_length=HOP, n_mels=N_MELS
    ).T

    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(
    ("seconds", "starts"),
    [
        (0.5, [0]),  # shorter than one partial: padded
        (1.6, [0]),
        (2.0, [0, 77]),  # the second is covered by 1.23 s of 1.6: kept
        (1.9, [0]),  # by 1.13 s: left out
        (3.2, [0, 77, 154]),
    ],
)
def test_partials_cover_the_wave_and_drop_a_poorly_filled_last_one(
    seconds: float, starts: list[int]
) -> None:
    assert partial_starts(int(16_000 * seconds)) == starts


@pytest.mark.parametrize("seconds", [0.5, 1.6, 1.9, 2.0, 2.4, 3.2, 7.77])
def test_network_sees_exactly_those_partials(seconds: float) -> None:
    torch.manual_seed(0)
    wave = torch.randn(1, int(16_000 * seconds))
    features = MelFeatures(level_dbfs=-22.0)(wave)
    windows = features.unfold(1, PARTIAL_FRAMES, 77).shape[1]

    assert windows == len(partial_starts(wave.shape[1]))
    assert SpeakerNetwork()(features, torch.ones(1)).shape == (1, 1, 256)


def test_thread_count_is_restored() -> None:
    torch.set_num_threads(2)
    features = torch.rand(1, PARTIAL_FRAMES, N_MELS)
    SpeakerNetwork()(features, torch.ones(1))

    assert torch.get_num_threads() == 2


def test_weights_that_lack_a_tensor_are_refused(tmp_path: object) -> None:
    from pathlib import Path

    from safetensors.torch import save_file

    state = SpeakerNetwork().state_dict()
    del state["linear.bias"]
    path = Path(str(tmp_path)) / "model.safetensors"
    save_file(state, path)

    with pytest.raises(RuntimeError, match=r"linear\.bias"):
        load_weights(SpeakerNetwork(), str(path))
