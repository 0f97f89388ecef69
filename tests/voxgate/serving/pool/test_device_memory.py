import pytest

from tests.fakes.gpu import MIB, FakeMemory, FullError, LetterVoice, measured
from voxgate.errors import TextError
from voxgate.serving.pool.device_memory import AdmittedVoice, require_room
from voxgate.serving.pool.memory_budget import (
    DeviceMemoryError,
    OutOfDeviceMemoryError,
    UnmeasuredError,
)
from voxgate.speaking.options import SpeakingOptions
from voxgate.speaking.reference import PreparedReference


@pytest.fixture
def memory():
    return FakeMemory()


@pytest.fixture
def voice(memory):
    inner = LetterVoice(memory)
    return AdmittedVoice(voice=inner, measured=measured((4, 100), (8, 300)), memory=memory)


def said(voice, text, *, first=0, options=None):
    pieces = voice.speak_sentences(text, seed=1, options=options or SpeakingOptions(), first=first)
    return [piece.place for piece in pieces]


def test_what_fits_is_spoken_from_where_it_was_asked(voice):
    assert voice.sample_rate_hz == 16_000
    assert said(voice, "abcd.abcdefgh.ab") == [0, 1, 2]
    assert said(voice, "abcd.abcdefgh.ab", first=2) == [2]


def test_a_sentence_is_admitted_when_it_is_begun(voice, memory):
    pieces = voice.speak_sentences("abcd.abcdefgh", seed=1, options=SpeakingOptions())
    memory.room = 100 * MIB
    assert next(pieces).place == 0
    memory.room = 300 * MIB - 1
    with pytest.raises(
        DeviceMemoryError, match=r"8 phones needs 300 MiB on Acme One, and 300 MiB are free beside"
    ):
        next(pieces)


def test_what_was_not_measured_is_refused_however_much_is_free(voice, memory):
    memory.room = 1 << 60
    with pytest.raises(UnmeasuredError, match="9 phones, and at most 8 were measured"):
        said(voice, "abcd.abcdefghi")
    assert said(voice, "abcdefghi.abcd", first=1) == [1]  # spoken before, elsewhere


def test_a_longer_prompt_than_was_measured_is_refused(voice):
    import torch

    def after(phones: int) -> SpeakingOptions:
        prompt = torch.zeros(phones, dtype=torch.int64)
        reference = PreparedReference(spectrograms=(), prompt_phones=prompt, prompt_tokens=prompt)
        return SpeakingOptions(reference=reference)

    assert said(voice, "ab", options=after(20)) == [0]
    with pytest.raises(UnmeasuredError, match="21 phones, and prompts of at most 20"):
        said(voice, "ab", options=after(21))


def test_running_out_all_the_same_is_an_error_of_its_own_and_gives_back(voice, memory):
    voice.voice.fault = FullError("all gone. Tried to allocate more")
    with pytest.raises(
        OutOfDeviceMemoryError, match=r"2 phones \(100 MiB\): FullError: all gone; end"
    ):
        said(voice, "ab")
    assert memory.resets == 1


def test_a_reference_that_finds_the_device_full_says_so(voice, memory):
    voice.voice.fault = FullError("all gone")
    with pytest.raises(OutOfDeviceMemoryError, match="at a speaker's reference"):
        voice.prepare_reference()
    assert memory.resets == 1


def test_other_errors_come_as_they_are(voice, memory):
    voice.voice.fault = TextError("nothing speakable")
    with pytest.raises(TextError, match="nothing speakable"):
        said(voice, "ab")
    assert memory.resets == 0


def test_room_is_what_is_free_beside_the_reserve(memory):
    memory.room = 7
    require_room(memory, 7, "a voice")
    with pytest.raises(DeviceMemoryError, match="a voice needs"):
        require_room(memory, 8, "a voice")
