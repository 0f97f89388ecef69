import pytest
import torch

from models.gpt_sovits.s2.spectrogram import LinearSpectrogram, MelSpectrogram, mel_filters
from tests.models.gpt_sovits import golden
from tests.models.gpt_sovits.golden import largest_error


def test_linear_spectrogram_equals_the_recorded_one() -> None:
    stored = golden.arrays("spectrogram")
    ours = LinearSpectrogram(2048, 640)(stored["wave"][None])
    assert largest_error(ours, stored["spec"]) < 1e-4


def test_mel_spectrogram_equals_the_recorded_one() -> None:
    stored = golden.arrays("spectrogram")
    mel = MelSpectrogram(32000, 2048, 640, 128)
    assert largest_error(mel.from_linear(stored["spec"]), stored["mel"]) < 1e-5
    assert largest_error(mel(stored["wave"][None]), stored["mel_from_wave"]) < 1e-4


def test_mel_filters_equal_the_recorded_ones() -> None:
    stored = golden.arrays("spectrogram")
    assert largest_error(mel_filters(32000, 2048, 128), stored["mel_basis_128"]) < 1e-7


def test_a_second_of_audio_is_fifty_frames() -> None:
    assert LinearSpectrogram(1024, 320)(torch.zeros(2, 16000)).shape == (2, 513, 50)


def test_a_wave_shorter_than_the_margin_is_refused_with_the_length_needed() -> None:
    with pytest.raises(ValueError, match=r"needs more than 352 samples, got 300; pad"):
        LinearSpectrogram(1024, 320)(torch.zeros(1, 300))


def test_filters_are_kept_on_the_cpu_whoever_asks_first() -> None:
    with torch.device("meta"):
        filters = mel_filters(48_000, 512, 20)
    assert filters.device.type == "cpu"
