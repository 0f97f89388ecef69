from __future__ import annotations

import pytest

from tests.fakes.evaluation_workspace import noise
from voxgate.errors import VoiceError
from voxgate.evaluation.replay import REPLAY, ReplayVoice, voice_kind


def test_a_recording_is_played_whatever_the_seed() -> None:
    voice = ReplayVoice({"one": noise(1)}, sample_rate_hz=16_000)
    assert (voice.speak("one", seed=1).wave == noise(1)).all()
    assert (voice.speak("one", seed=2).wave == noise(1)).all()


def test_a_recording_of_each_seed_is_played_for_its_seed() -> None:
    voice = ReplayVoice({"one": {3: noise(3), 4: noise(4)}})
    assert (voice.speak("one", seed=4).wave == noise(4)).all()
    with pytest.raises(VoiceError, match="no recording of 'one' for seed 5"):
        voice.speak("one", seed=5)
    with pytest.raises(VoiceError, match="no recording of 'two'"):
        voice.speak("two", seed=3)


def test_a_card_that_states_no_kind_is_of_a_trained_voice() -> None:
    assert voice_kind({"schema": 1}) == "trained"
    assert voice_kind({"schema": 1, "kind": "replay"}) == REPLAY
