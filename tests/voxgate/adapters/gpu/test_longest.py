"""What is measured goes to the bounds; on the processor, where the same code computes."""

from dataclasses import replace

import pytest
import torch

from tests.fakes.tiny_preset import TINY, TINY_DURATIONS
from tests.fakes.tiny_served_voice import load, write_tiny
from voxgate.adapters.gpu.longest import PROMPT_PHONES, longest_reference, speaking_longest
from voxgate.audio.reference_audio import MAX_REFERENCE_S
from voxgate.speaking.options import SpeakingOptions

TEXT = "Bring the kettle to the table by the window."


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    from models.gpt_sovits import presets

    monkeypatch.setattr(presets, "PRESETS", presets.PRESETS)  # `load` adds to them
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(params=[TINY, TINY_DURATIONS], ids=lambda preset: preset.name)
def voice(request, tmp_path):
    package = write_tiny(tmp_path / "voice", request.param)
    return load(package.folder, threads=1, precision="float32")


def spoken_s(voice, **options) -> float:
    [piece] = voice.speak_sentences(TEXT, seed=1, options=SpeakingOptions(**options))
    return len(piece.wave) / voice.sample_rate_hz


def test_it_speaks_to_the_bound_that_the_phones_give(voice):
    [phones] = voice.reader.sentences(TEXT, cut="sentences")
    defaults = voice.card.generation
    bound_s = len(phones) / defaults.phones_per_second * defaults.max_length_ratio
    longest = speaking_longest(voice)
    assert spoken_s(longest) == pytest.approx(bound_s, abs=0.1)
    assert spoken_s(longest) >= spoken_s(voice)
    assert spoken_s(longest, speed=0.5) == pytest.approx(2 * bound_s, abs=0.2)


def test_it_speaks_after_the_longest_reference(voice):
    reference, preset = longest_reference(voice), voice.preset
    [spectrogram] = reference.spectrograms
    assert spectrogram.shape[-1] >= MAX_REFERENCE_S * preset.sample_rate_hz / preset.hop
    assert len(reference.prompt_tokens) >= MAX_REFERENCE_S * preset.tokens_per_s
    assert len(reference.prompt_phones) == PROMPT_PHONES
    assert speaking_longest(voice).reference.has_prompt


def test_what_the_prompt_means_grows_with_its_phones(voice):
    own = voice.reference
    features = torch.rand(16, len(own.prompt_phones))
    meant = replace(voice, reference=replace(own, prompt_features=features))
    longest = longest_reference(meant)
    assert longest.prompt_features.shape == (16, PROMPT_PHONES)
    assert longest_reference(voice).prompt_features is None
