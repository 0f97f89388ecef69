import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from tests.fakes.tiny_preset import TINY, install_tiny_preset
from tests.fakes.training_set import random_tokenizer
from voxgate.errors import TextError, TrainingError, VoiceError, WeightsError
from voxgate.files import read_json, write_json
from voxgate.speaking import load_voice
from voxgate.training.networks import build_networks
from voxgate.training.new_voice import DEFAULT_GENERATION
from voxgate.voice.card import Reference, TrainedSteps, VoiceCard
from voxgate.voice.package import VoiceFiles, write_voice

CARD = VoiceCard(
    schema=1,
    preset="tiny",
    language="en",
    speaker_id="ann",
    sample_rate_hz=16000,
    symbols="v2",
    steps=TrainedSteps(s1=2, s2=3),
    consent_scope="evaluation",
    tokenizer_sha256="t" * 64,
    seed=1,
    base=None,
    reference=Reference(clip_id="00ff", text="One two.", phones=[10, 20, 30, 40]),
    generation=DEFAULT_GENERATION.model_copy(update={"phones_per_second": 10.0}),
)
TEXT = "Bring the kettle."


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    install_tiny_preset(monkeypatch)


def voice_files(**changes) -> VoiceFiles:
    tokenizer = {name: torch.from_numpy(value) for name, value in random_tokenizer().items()}
    networks = build_networks(TINY, seed=3, tokenizer=tokenizer)
    parts = {
        "s1": networks.text_to_semantic.state_dict(),
        "s2": networks.synthesizer.state_dict(),
        "reference_tokens": torch.arange(40) % 512,
        "reference_spectrogram": torch.rand(513, 80),
    }
    return VoiceFiles(**(parts | changes))


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


def test_the_speakers_own_lexicon_is_used(tmp_path):
    lexicon = b"kettle\tB AO1 L\n"
    write_voice(tmp_path / "voice", CARD, voice_files(lexicon=lexicon))

    spoken = load_voice(tmp_path / "voice").reader.front_end.read("kettle")
    assert [word.phones for word in spoken.words] == [("B", "AO1", "L")]


@pytest.mark.parametrize("name", ["s1.safetensors", "s2.safetensors", "reference.safetensors"])
def test_an_altered_or_absent_file_is_named(package, name):
    data = (package / name).read_bytes()
    (package / name).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(WeightsError, match=rf"{name}: expected sha256 .* found"):
        load_voice(package)

    (package / name).unlink()
    with pytest.raises(WeightsError, match=f"{name} is missing"):
        load_voice(package)


def test_a_card_that_names_a_path_outside_the_package_is_refused(package):
    card = read_json(package / "voice.json")
    card["files"]["../s3.safetensors"] = "0" * 64
    write_json(package / "voice.json", card)

    with pytest.raises(WeightsError, match="not a plain file name"):
        load_voice(package)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": 2}, "not a voice card of schema 1"),
        ({"preset": "huge"}, "preset 'huge' is not known"),
        ({"preset": "mini"}, "does not fit its preset"),
        ({"colour": "red"}, "not a voice card of schema 1"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(package, change, message):
    write_json(package / "voice.json", read_json(package / "voice.json") | change)

    with pytest.raises(VoiceError, match=message):
        load_voice(package)


def test_a_folder_without_a_card_is_no_voice(tmp_path):
    with pytest.raises(VoiceError, match=r"voice\.json is missing"):
        load_voice(tmp_path)


def test_audio_that_is_not_a_number_is_an_error(package):
    weights = safetensors.torch.load_file(package / "s2.safetensors")
    weights["dec.vocoder.to_filters.bias"] = torch.full_like(
        weights["dec.vocoder.to_filters.bias"], torch.nan
    )
    voice = load_voice(package)
    voice.decoder.model.load_state_dict(weights)

    with pytest.raises(VoiceError, match="not numbers"):
        voice.speak(TEXT, seed=1)


def test_weights_that_overflow_float16_are_not_written(tmp_path):
    weights = {"w": torch.tensor([1e6])}

    with pytest.raises(TrainingError, match="s1: weights are not finite as float16: w"):
        write_voice(tmp_path / "voice", CARD, voice_files(s1=weights))
    assert not (tmp_path / "voice").exists()


def test_the_same_voice_has_the_same_bytes(tmp_path, package):
    spectrogram = safetensors.torch.load_file(package / "reference.safetensors")["spectrogram"]
    files = voice_files(reference_spectrogram=spectrogram.float())
    write_voice(tmp_path / "again", CARD, files)

    for path in package.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_loading_needs_no_evaluator_and_no_orchestrator(package):
    """What a serving process imports, with the tiny preset put in its place by hand."""
    script = """
import sys
from pathlib import Path
import pytest
from tests.fakes.tiny_preset import install_tiny_preset
install_tiny_preset(pytest.MonkeyPatch())
before = set(sys.modules)
from voxgate.speaking import load_voice
load_voice(Path(sys.argv[1])).speak("Bring the kettle.", seed=1)
heavy = {"whisper", "speechbrain", "prefect", "mlflow", "dvc", "great_expectations", "pandas"}
print(sorted(heavy & {name.partition(".")[0] for name in set(sys.modules) - before}))
"""
    answer = subprocess.run(
        [sys.executable, "-c", script, str(package)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.strip() == "[]"
