from dataclasses import dataclass, field

import numpy as np
import pytest
import torch

from models.gpt_sovits.s2.spectrogram import LinearSpectrogram
from tests.fakes.speech_tokenizer import LoudnessTokenizer
from tests.fakes.tiny_preset import TINY
from tests.fakes.tiny_v2 import TINY_V2, TINY_V2PRO
from voxgate.errors import ReferenceAudioError
from voxgate.speaking.reference import ReferenceClip, prepare_reference

RATE_HZ = 16_000


@dataclass
class LoudnessVectors:
    """The vector of a recording is how loud it is."""

    size: int = 12
    asked: list[int] = field(default_factory=list)

    def compute(self, wave, sample_rate_hz):
        self.asked.append(sample_rate_hz)
        return np.full(self.size, np.abs(wave).mean(), dtype=np.float32)


def clip(seconds: float = 4.0, *, rate_hz: int = RATE_HZ, seed: int = 0) -> ReferenceClip:
    wave = np.random.default_rng(seed).uniform(-0.3, 0.3, int(seconds * rate_hz))
    return ReferenceClip(wave=wave.astype(np.float32), sample_rate_hz=rate_hz, text="One.")


def prepare(*clips: ReferenceClip, preset=TINY, **changes):
    parts = {"prompt_phones": (5, 6, 7), "tokenizer": LoudnessTokenizer(), "speaker_vectors": None}
    return prepare_reference(clips, preset=preset, device="cpu", **(parts | changes))


def test_the_first_recording_becomes_a_prompt():
    reference = prepare(clip(4.0))
    assert reference.has_prompt
    assert reference.prompt_phones.tolist() == [5, 6, 7]
    assert len(reference.prompt_tokens) == 100  # 25 a second
    assert reference.actions == ()


def test_the_spectrogram_has_the_presets_format():
    [spectrogram] = prepare(clip(4.0)).spectrograms
    expected = LinearSpectrogram(1024, 320)(torch.from_numpy(clip(4.0).wave)[None])
    torch.testing.assert_close(spectrogram, expected)
    assert prepare(clip(4.0, rate_hz=24_000), preset=TINY_V2).spectrograms[0].shape == (
        1,
        1025,
        200,
    )


def test_the_prompt_has_the_silence_that_its_tokenizer_puts_after_it():
    tokenizer = LoudnessTokenizer(prompt_silence_samples=9600)
    assert len(prepare(clip(4.0), tokenizer=tokenizer).prompt_tokens) == 100 + 15


def test_several_recordings_give_several_timbres_and_vectors():
    vectors = LoudnessVectors()
    reference = prepare(
        clip(3.0), clip(5.0, seed=1, rate_hz=22_050), preset=TINY_V2PRO, speaker_vectors=vectors
    )
    assert [s.shape[-1] for s in reference.spectrograms] == [150, 250]
    assert reference.speaker_vectors is not None
    assert [v.shape for v in reference.speaker_vectors] == [(1, 12), (1, 12)]
    assert vectors.asked == [RATE_HZ, 22_050]
    assert len(reference.prompt_tokens) == 75


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tokenizer": None}, "no prompt: the voice was loaded without a tokenizer"),
        ({"prompt_phones": ()}, "no prompt: the text of recording 1 was not given"),
    ],
)
def test_without_text_or_tokenizer_there_is_no_prompt_and_it_says_so(changes, reason):
    reference = prepare(clip(), **changes)
    assert not reference.has_prompt
    assert len(reference.prompt_phones) == 0
    assert reference.actions == (reason,)


def test_a_recording_that_was_cut_is_no_prompt():
    reference = prepare(clip(12.0))
    assert not reference.has_prompt
    assert reference.actions[0].startswith("recording 1: cut from 12.0 s to ")
    assert reference.actions[1] == "no prompt: recording 1 was cut, so its text no longer fits it"


def test_the_recording_that_cannot_be_used_is_named():
    with pytest.raises(ReferenceAudioError, match=r"recording 2: .*1\.00 s .* need 3 to 10 s"):
        prepare(clip(), clip(1.0))
    with pytest.raises(ReferenceAudioError, match="at least one reference recording, got none"):
        prepare()


def test_a_pro_preset_without_speaker_vectors_is_refused():
    with pytest.raises(ReferenceAudioError, match="tiny-v2Pro reads a speaker vector"):
        prepare(clip(), preset=TINY_V2PRO)
