from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from tests.fakes.tiny_preset import install_tiny_preset
from tests.fakes.voice_package import CARD, TEXT, voice_files
from voxgate.errors import TextError, VoiceError
from voxgate.speaking import load_voice
from voxgate.voice.package import write_voice


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    install_tiny_preset(monkeypatch)


@pytest.fixture
def package(tmp_path) -> Path:
    write_voice(tmp_path / "voice", CARD, voice_files())
    return tmp_path / "voice"


def test_speaks_audio_at_its_sample_rate(package):
    voice = load_voice(package, threads=1)
    speech = voice.speak(TEXT, seed=1)

    assert voice.sample_rate_hz == speech.sample_rate_hz == 16000
    assert speech.wave.dtype == np.float32
    assert speech.wave.ndim == 1
    assert np.isfinite(speech.wave).all()
    assert np.abs(speech.wave).max() <= 1
    assert speech.duration_s >= 0.44


def test_the_same_text_and_seed_give_the_same_audio_whatever_was_spoken_before(package):
    voice = load_voice(package, threads=1)
    first = voice.speak(TEXT, seed=1).wave
    voice.speak("Something quite different.", seed=9)
    torch.manual_seed(5)

    assert np.array_equal(voice.speak(TEXT, seed=1).wave, first)
    assert np.array_equal(load_voice(package, threads=1).speak(TEXT, seed=1).wave, first)
    other = voice.speak(TEXT, seed=2).wave
    assert len(other) != len(first) or not np.array_equal(other, first)


def test_the_prompt_is_used_when_the_card_says_so(tmp_path, package):
    generation = CARD.generation.model_copy(update={"prompted": True})
    write_voice(tmp_path / "p", CARD.model_copy(update={"generation": generation}), voice_files())

    free = load_voice(package, threads=1).speak(TEXT, seed=1).wave
    prompted = load_voice(tmp_path / "p", threads=1).speak(TEXT, seed=1).wave
    assert len(free) != len(prompted) or not np.array_equal(free, prompted)


def test_speaking_leaves_torchs_random_state_and_threads_alone(package):
    voice = load_voice(package, threads=1)
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    voice.speak(TEXT, seed=1)

    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads


def test_length_is_bounded_by_the_expected_duration(package):
    voice = load_voice(package, threads=1)
    with torch.no_grad():  # a logit of 0 is never among the 15 largest of 512 random ones
        voice.sampler.model.ar_predict_layer.weight[voice.sampler.model.end_token] = 0
    speech = voice.speak("Bring the small blue kettle to the old kitchen table now.", seed=1)

    # 45 phones at 10 a second are 4.5 s; the bound is twice that
    assert speech.stopped_by_limit
    assert 6 < speech.duration_s < 12


def test_sentences_are_joined_by_a_pause(package):
    voice = load_voice(package, threads=1)
    both = voice.speak("Bring the kettle. Close the door.", seed=1)
    first = voice.speak("Bring the kettle.", seed=1)

    pause = both.wave[len(first.wave) :][:3200]
    assert len(both.wave) > len(first.wave) + 3200
    assert np.array_equal(pause, np.zeros(3200, dtype=np.float32))


@pytest.mark.parametrize("text", ["", "...", "  \n"])
def test_a_text_without_words_is_refused(package, text):
    with pytest.raises(TextError):
        load_voice(package).speak(text, seed=1)


def test_audio_that_is_not_a_number_is_an_error(package):
    weights = safetensors.torch.load_file(package / "s2.safetensors")
    weights["dec.vocoder.to_filters.bias"] = torch.full_like(
        weights["dec.vocoder.to_filters.bias"], torch.nan
    )
    voice = load_voice(package)
    voice.decoder.model.load_state_dict(weights)

    with pytest.raises(VoiceError, match="not numbers"):
        voice.speak(TEXT, seed=1)
