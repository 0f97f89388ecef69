"""Sentence by sentence: what is said does not depend on how it is asked for."""

from dataclasses import replace

import numpy as np
import pytest

from models.gpt_sovits import presets as preset_table
from tests.fakes.tiny_preset import TINY, TINY_DURATIONS, install_tiny_preset
from tests.fakes.tiny_served_voice import write_tiny
from voxgate.audio.shards import to_pcm16
from voxgate.errors import TextError, VoiceError
from voxgate.speaking import GptSovitsVoice, SpeakingOptions, load_voice

TEXT = "Bring the kettle. Close the door, please. Who is there? Nobody at all. Then let us go."


@pytest.fixture(params=[TINY, TINY_DURATIONS], ids=lambda preset: preset.name)
def voice(request, tmp_path, monkeypatch) -> GptSovitsVoice:
    install_tiny_preset(monkeypatch)
    known = {**preset_table.PRESETS, TINY_DURATIONS.name: TINY_DURATIONS}
    monkeypatch.setattr(preset_table, "PRESETS", known)
    package = write_tiny(tmp_path / "voice", request.param)
    return load_voice(package.folder, threads=1)


def spoken(voice: GptSovitsVoice, **changes) -> list[np.ndarray]:
    return [to_pcm16(piece.wave) for piece in voice.speak_sentences(TEXT, seed=3, **changes)]


@pytest.mark.parametrize("speed", [1.0, 1.3])
def test_joined_they_are_the_whole_bit_for_bit(voice, speed):
    options = SpeakingOptions(speed=speed)
    alone = replace(voice, batch_sentences=1)
    pieces = list(voice.speak_sentences(TEXT, seed=3, options=options))

    assert [piece.place for piece in pieces] == [0, 1, 2, 3, 4]
    whole = alone.speak(TEXT, seed=3, options=options)
    assert np.array_equal(np.concatenate([piece.wave for piece in pieces]), whole.wave)
    assert any(piece.stopped_by_limit for piece in pieces) == whole.stopped_by_limit
    joined = np.concatenate([to_pcm16(piece.wave) for piece in pieces])
    assert np.array_equal(joined, to_pcm16(whole.wave))


def test_it_does_not_depend_on_how_many_sentences_a_voice_puts_side_by_side(voice):
    ours, theirs = spoken(voice), spoken(replace(voice, batch_sentences=1))
    assert all(np.array_equal(one, other) for one, other in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("first", [1, 4, 5])
def test_what_goes_on_at_a_sentence_is_what_would_have_followed(voice, first):
    whole, rest = spoken(voice), spoken(voice, first=first)
    assert len(rest) == 5 - first
    assert all(np.array_equal(one, other) for one, other in zip(rest, whole[first:], strict=True))


def test_the_pause_before_a_sentence_may_be_chosen(voice):
    own, none = spoken(voice), spoken(voice, pause_s=0.0)
    pause = round(voice.card.generation.pause_s * voice.sample_rate_hz)
    assert pause
    assert [len(one) for one in own] == [len(none[0]), *(len(one) + pause for one in none[1:])]
    assert not own[1][:pause].any()
    assert np.array_equal(own[1][pause:], none[1])


def test_what_cannot_be_spoken_is_refused_before_anything_is(voice):
    with pytest.raises(TextError):
        voice.speak_sentences("...", seed=1)
    with pytest.raises(VoiceError, match="sentence -1"):
        voice.speak_sentences(TEXT, seed=1, first=-1)
    with pytest.raises(VoiceError, match=r"pause -0\.1 s"):
        voice.speak_sentences(TEXT, seed=1, pause_s=-0.1)
