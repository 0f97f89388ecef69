"""What a caller may ask of a voice, with the layouts of `mini`, `v2` and `v2Pro` at tiny sizes."""

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from models.gpt_sovits import presets as preset_table
from models.gpt_sovits.build import build_synthesizer, build_text_to_semantic
from models.gpt_sovits.presets import DurationPreset, Preset
from models.gpt_sovits.s2.spectrogram import MelSpectrogram
from tests.fakes.speech_tokenizer import LoudnessTokenizer
from tests.fakes.tiny_preset import TINY, install_tiny_preset
from tests.fakes.tiny_v2 import TINY_V2, TINY_V2PRO, install_tiny_v2
from tests.models.gpt_sovits import golden
from tests.voxgate.speaking.test_reference import LoudnessVectors
from voxgate.errors import VoiceError
from voxgate.speaking.options import SpeakingOptions
from voxgate.speaking.reference import ReferenceClip
from voxgate.speaking.voice import GptSovitsVoice, load_voice
from voxgate.training.new_voice import DEFAULT_GENERATION
from voxgate.types import Speech, Wave
from voxgate.voice.package import (
    Reference,
    TrainedSteps,
    VoiceCard,
    VoiceFiles,
    write_voice,
)

TINY_DURATIONS = replace(
    TINY,
    name="tiny-durations",
    text_to_semantic=DurationPreset(
        phones=732,
        codes=512,
        width=16,
        feed_forward=32,
        text_layers=1,
        frame_layers=1,
        emission_width=16,
    ),
)
TEXT = "Bring the kettle. Close the door, please."


@pytest.fixture(autouse=True)
def presets(monkeypatch):
    install_tiny_preset(monkeypatch)
    install_tiny_v2(monkeypatch)
    known = {**preset_table.PRESETS, TINY_DURATIONS.name: TINY_DURATIONS}
    monkeypatch.setattr(preset_table, "PRESETS", known)


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("voices")
    return {each.name: write(root / each.name, each) for each in (TINY, TINY_V2, TINY_V2PRO)}


def write(folder: Path, preset: Preset) -> Path:
    torch.manual_seed(0)
    synthesizer = build_synthesizer(preset)
    text_to_semantic = build_text_to_semantic(preset)
    golden.fill(text_to_semantic)
    if preset is not TINY:
        golden.fill(synthesizer)
    vector = torch.randn(preset.synthesizer.speaker_vector)
    files = VoiceFiles(
        s1=text_to_semantic.state_dict(),
        s2=synthesizer.state_dict(),
        reference_tokens=torch.arange(40),
        reference_spectrogram=torch.rand(preset.spectrogram_bins, 80),
        reference_speaker_vector=vector if len(vector) else None,
    )
    card = VoiceCard(
        schema=1,
        preset=preset.name,
        language="en",
        speaker_id="ann",
        sample_rate_hz=preset.sample_rate_hz,
        symbols="v2",
        steps=TrainedSteps(s1=2, s2=3),
        consent_scope="evaluation",
        tokenizer_sha256="t" * 64,
        seed=1,
        base=None,
        reference=Reference(clip_id="00ff", text="One two.", phones=[10, 20, 30, 40]),
        generation=DEFAULT_GENERATION.model_copy(
            update={"phones_per_second": 10.0, "prompted": True}
        ),
    )
    write_voice(folder, card, files)
    return folder


def load(folders: dict[str, Path], name: str = "tiny", **changes) -> GptSovitsVoice:
    parts = {"threads": 1, "tokenizer": LoudnessTokenizer(), "speaker_vectors": LoudnessVectors()}
    return load_voice(folders[name], **(parts | changes))


def clip(seed: int, *, text: str | None = None) -> ReferenceClip:
    wave = np.random.default_rng(seed).uniform(-0.3, 0.3, 64_000).astype(np.float32)
    return ReferenceClip(wave=wave, sample_rate_hz=16_000, text=text)


def differ(one: Wave, other: Wave) -> bool:
    return len(one) != len(other) or float(np.abs(one - other).max()) > 1e-3


@pytest.mark.parametrize("name", ["tiny", "tiny-v2", "tiny-v2Pro"])
def test_a_callers_recordings_change_the_voice(folders, name):
    voice = load(folders, name)
    own = voice.speak(TEXT, seed=1).wave
    one = SpeakingOptions(reference=voice.prepare_reference(clip(1)))
    both = SpeakingOptions(reference=voice.prepare_reference(clip(1), clip(2)))
    with_one, with_both = (voice.speak(TEXT, seed=1, options=o).wave for o in (one, both))
    assert differ(own, with_one)
    assert differ(with_one, with_both)
    assert np.array_equal(voice.speak(TEXT, seed=1).wave, own)  # and nothing of it stays


def test_the_text_of_the_recording_makes_it_a_prompt(folders):
    voice = load(folders)
    silent = voice.prepare_reference(clip(1))
    said = voice.prepare_reference(clip(1, text="Seven white cups."))
    assert said.has_prompt
    assert not silent.has_prompt
    lengths = {
        len(voice.speak(TEXT, seed=1, options=SpeakingOptions(reference=reference)).wave)
        for reference in (silent, said)
    }
    assert len(lengths) == 2


def test_a_tokenizer_of_another_voice_is_refused(folders):
    with pytest.raises(VoiceError, match=r"trained on tokens of tokenizer t+, got x+"):
        load(folders, tokenizer=LoudnessTokenizer(sha256="x" * 64))


@pytest.mark.parametrize("name", ["tiny", "tiny-v2"])
def test_speed_changes_the_length(folders, name):
    voice = load(folders, name)
    pause = round(0.2 * voice.sample_rate_hz)
    usual = len(voice.speak(TEXT, seed=1).wave) - pause
    fast = len(voice.speak(TEXT, seed=1, options=SpeakingOptions(speed=1.25)).wave) - pause
    assert fast == pytest.approx(usual / 1.25, rel=0.03)


def test_the_cut_decides_what_is_spoken_at_once(folders):
    voice = load(folders)
    speech = {
        cut: voice.speak("Bring it, and go home. Now.", seed=1, options=SpeakingOptions(cut=cut))
        for cut in ("nothing", "sentences", "every_mark")
    }
    assert len({len(each.wave) for each in speech.values()}) == 3


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "int8"])
def test_a_sentence_sounds_the_same_whatever_stands_beside_it(folders, precision):
    voice = load(folders, "tiny-v2", precision=precision)
    first = voice.speak("Bring the kettle.", seed=1).wave
    for beside in ("Close the door.", "Seven white cups stand on the small kitchen table."):
        wave = voice.speak(f"Bring the kettle. {beside}", seed=1).wave[: len(first)]
        assert np.abs(wave - first).max() < 1e-5


def test_requests_in_threads_sound_as_they_do_alone(folders):
    voice = load(folders, "tiny-v2", threads=1)
    other = SpeakingOptions(reference=voice.prepare_reference(clip(3)), speed=1.1)
    asked = [("Bring the kettle.", 1, SpeakingOptions()), ("Close the small door.", 2, other)] * 2
    alone = [voice.speak(text, seed=seed, options=o).wave for text, seed, o in asked]
    together: dict[int, Wave] = {}
    start = threading.Barrier(len(asked))

    def request(place: int) -> None:
        text, seed, options = asked[place]
        start.wait()
        together[place] = voice.speak(text, seed=seed, options=options).wave

    threads = [threading.Thread(target=request, args=(place,)) for place in range(len(asked))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(together[place], alone[place]) for place in range(len(asked)))


def test_interleaved_streams_sound_as_they_do_alone(folders):
    voice = load(folders)
    asked = [("Bring the kettle.", 1), ("Close the small door.", 2)]
    alone = [[c.wave for c in voice.stream(t, seed=s, chunk_s=0.2)] for t, s in asked]
    streams = [voice.stream(text, seed=seed, chunk_s=0.2) for text, seed in asked]
    turns: list[list[Wave]] = [[], []]
    for _ in range(max(map(len, alone))):
        for turn, stream in zip(turns, streams, strict=True):
            turn.extend(chunk.wave for chunk in [next(stream, None)] if chunk is not None)
    for turn, expected in zip(turns, alone, strict=True):
        assert np.array_equal(np.concatenate(turn), np.concatenate(expected))


def joined(chunks: list[Speech]) -> Wave:
    return np.concatenate([chunk.wave for chunk in chunks])


def loudest_step_at_seams(chunks: list[Speech]) -> float:
    ends = np.cumsum([len(chunk.wave) for chunk in chunks])[:-1]
    return float(np.abs(np.diff(joined(chunks)))[ends - 1].max())


@pytest.mark.parametrize("name", ["tiny", "tiny-v2"])
def test_a_stream_has_the_length_of_the_whole_and_no_clicks(folders, name):
    voice = load(folders, name)
    whole = voice.speak(TEXT, seed=1)
    chunks = list(voice.stream(TEXT, seed=1, chunk_s=0.4))
    assert len(chunks) >= 4
    assert all(chunk.sample_rate_hz == voice.sample_rate_hz for chunk in chunks)
    assert sum(len(chunk.wave) for chunk in chunks) == len(whole.wave)
    assert loudest_step_at_seams(chunks) <= np.abs(np.diff(whole.wave)).max()
    assert chunks[-1].stopped_by_limit == whole.stopped_by_limit


def test_a_stream_is_nearly_the_whole(folders):
    """Only the encoder's attention, which has not seen the end yet, tells them apart."""
    voice = load(folders, "tiny-v2")
    whole = voice.speak(TEXT, seed=1).wave
    streamed = joined(list(voice.stream(TEXT, seed=1, chunk_s=0.8)))
    error = np.linalg.norm(streamed - whole) / np.linalg.norm(whole)
    assert error < 0.2


def test_a_stream_of_mini_has_nearly_the_spectrum_of_the_whole(folders):
    """Its pulses add up their phase, so the waves part where the spectra agree."""
    voice = load(folders)
    mel = MelSpectrogram(16_000, 1024, 320, 40)
    whole, streamed = (
        mel(torch.from_numpy(wave)[None])
        for wave in (
            voice.speak(TEXT, seed=1).wave,
            joined(list(voice.stream(TEXT, seed=1, chunk_s=0.4))),
        )
    )
    assert (whole - streamed).abs().mean() < 0.25


def test_a_stream_in_one_chunk_is_the_whole(folders):
    voice = load(folders, "tiny-v2")
    [only] = voice.stream("Bring the kettle.", seed=1, chunk_s=60.0)
    assert np.abs(only.wave - voice.speak("Bring the kettle.", seed=1).wave).max() < 1e-5


def test_a_stream_has_its_own_speed(folders):
    with pytest.raises(VoiceError, match=r"speed 1\.2: a stream has speed 1; use `speak`"):
        load(folders).stream(TEXT, seed=1, options=SpeakingOptions(speed=1.2))


@pytest.mark.parametrize("precision", ["bfloat16", "int8"])
def test_a_lower_precision_speaks(folders, precision):
    speech = load(folders, precision=precision).speak(TEXT, seed=1)
    assert np.isfinite(speech.wave).all()
    assert speech.duration_s > 0.4


def test_a_precision_that_does_not_exist_is_refused(folders):
    with pytest.raises(VoiceError, match="precision 'half': choose one of float32"):
        load(folders, precision="half")


def test_an_s1_of_durations_speaks_and_streams_each_sentence_as_a_whole(tmp_path):
    voice = load_voice(write(tmp_path / "voice", TINY_DURATIONS), threads=1)
    whole = voice.speak(TEXT, seed=1).wave
    chunks = list(voice.stream(TEXT, seed=1, chunk_s=0.1))
    assert len(chunks) == 3  # sentence, pause, sentence
    assert np.abs(joined(chunks) - whole).max() < 1e-4


def test_an_s1_of_durations_has_one_precision(tmp_path):
    folder = write(tmp_path / "voice", TINY_DURATIONS)
    with pytest.raises(VoiceError, match="precision 'int8': an S1 of durations speaks all tokens"):
        load_voice(folder, precision="int8")
