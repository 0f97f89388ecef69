"""Listening: in batches of similar length, once a clip."""

from dataclasses import replace

import numpy as np
import pytest

from tests.fakes.clips import ingested_clip
from tests.fakes.ingested_corpus import RATE, small_params
from tests.fakes.recogniser import FakeRecogniser
from voxgate.audio.shards import Place
from voxgate.content_cache import ContentCache
from voxgate.corpus.validation.alignment import ListeningRoom, judge_recognition
from voxgate.corpus.validation.dossiers import Dossier
from voxgate.errors import EvaluatorError
from voxgate.types import Alignment, Recognition, Transcript, WordTiming
from voxgate.wiring.evaluators import text_normaliser


def clip(n, seconds=1.0, text="words"):
    samples = int(seconds * RATE)
    ingested = ingested_clip(f"r{n}", place=Place(0, 0, samples), sha256=f"{n:064d}")
    return Dossier(clip=ingested, train_text=text, trim_end=samples)


def wave(dossier):
    n = int(dossier.recording_id[1:])
    return np.full(dossier.trim_end, 0.01 * (n + 1), dtype=np.float32)


@pytest.fixture
def room(tmp_path):
    return ListeningRoom(
        recogniser=FakeRecogniser(default_text="words"),
        cache=ContentCache(tmp_path, "heard"),
        read=wave,
        at_once=2,
    )


def test_clips_of_similar_length_share_a_batch(room):
    order = [d.recording_id for d, _ in room.listen([clip(0, 3), clip(1), clip(2, 2), clip(3, 1)])]
    assert order == ["r1", "r3", "r2", "r0"]
    assert room.recogniser.calls == [2, 2]


def test_waves_are_read_when_their_turn_comes(room):
    read = []
    room = replace(room, read=lambda dossier: [read.append(dossier.recording_id), wave(dossier)][1])
    heard = room.listen([clip(n, 1 + n) for n in range(5)])
    assert read == []
    assert next(heard)[0].recording_id == "r0"
    assert read == ["r0", "r1"]


def test_what_was_stored_is_what_was_heard(room):
    first = {d.recording_id: heard for d, heard in room.listen([clip(0), clip(1)])}
    again = {d.recording_id: heard for d, heard in room.listen([clip(0), clip(1)])}
    assert again == first
    assert room.recogniser.calls == [2]


@pytest.mark.parametrize("change", ["text", "trim", "audio"])
def test_a_change_of_the_clip_is_heard_again(room, change):
    list(room.listen([clip(0)]))
    changed = clip(1 if change == "audio" else 0, text="other" if change == "text" else "words")
    changed.trim_start = 10 if change == "trim" else 0
    list(room.listen([changed]))
    assert room.recogniser.calls == [1, 1]


def test_batches_before_a_failure_are_not_lost(room):
    clips = [clip(0), clip(1), clip(2, 2)]
    room.recogniser.fails_on(wave(clips[2]))
    with pytest.raises(EvaluatorError):
        list(room.listen(clips))
    room.recogniser.failing.clear()
    list(room.listen(clips))
    assert room.recogniser.calls == [2, 1, 1]


def kept_digits(text):
    return text.lower().replace("sixty", "60").replace("um", "").strip()


def judged(
    *,
    text="press sixty",
    heard="press 60",
    log_probability=-0.1,
    normalise=kept_digits,
    **traits,
):
    transcript = {
        "text": heard,
        "language": "en",
        "language_probability": 0.99,
        "mean_log_probability": -0.1,
        "no_speech_probability": 0.0,
    }
    word = WordTiming(word="press", start_s=0.0, end_s=1.0, probability=0.9)
    recognition = Recognition(
        transcript=Transcript(**(transcript | traits)),
        alignment=Alignment(words=(word,), mean_log_probability=log_probability),
    )
    dossier = clip(0, text=text)
    judge_recognition(
        dossier,
        recognition,
        normalise=normalise,
        params=small_params().validate_,
    )
    return [finding.code for finding in dossier.findings]


def test_an_improbable_spelling_of_what_is_said_only_warns():
    assert judged(log_probability=-4.0) == ["unusual_spelling"]
    assert judged(log_probability=-4.0, heard="press 16") == ["moderate_cer", "low_alignment"]


def test_a_text_of_fillers_is_empty():
    assert judged(text="um", heard="um") == ["empty_text"]


BRACKETS = "She closed the door (and then all of them laughed for a very long time indeed)."


@pytest.mark.parametrize("text", [BRACKETS, BRACKETS.replace("(", "[").replace(")", "]")])
def test_words_in_brackets_that_nobody_says_are_heard_to_be_missing(text):
    heard = "She closed the door."
    assert judged(text=text, heard=heard, normalise=text_normaliser()) == [
        "high_cer",
        "high_edge_cer",
    ]


def test_words_in_brackets_that_are_said_cost_nothing():
    heard = "She closed the door, and then all of them laughed for a very long time indeed."
    assert judged(text=BRACKETS, heard=heard, normalise=text_normaliser()) == []


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("It costs $1,500.", "It costs fifteen hundred dollars."),
        ("Call 555-1212 at 2:30 p.m.", "Call 5551212 at two thirty PM."),
        ("Agent 007 ran 5 km.", "Agent double oh seven ran five kilometres."),
    ],
)
def test_numbers_and_units_are_heard_as_they_are_trained_on(text, heard):
    assert judged(text=text, heard=heard, normalise=text_normaliser()) == []


def test_another_script_in_what_was_heard_is_a_wrong_word():
    found = judged(text="press one", heard="привет всем", normalise=text_normaliser())
    assert "high_cer" in found


def test_silence_in_the_recognisers_ears_is_not_speech():
    assert "not_speech" in judged(no_speech_probability=0.9)


def test_another_language_rejects_only_when_it_is_certain():
    assert judged(language="cy", language_probability=0.7) == ["language_uncertain"]
    assert judged(language="cy", language_probability=0.9) == ["wrong_language"]


def test_cantonese_is_heard_as_chinese():
    dossier = clip(0, text="好")
    recording = replace(dossier.clip.recording, language="yue")
    dossier.clip = replace(dossier.clip, recording=recording)
    heard = Transcript(
        text="好",
        language="zh",
        language_probability=0.99,
        mean_log_probability=-0.1,
        no_speech_probability=0.0,
    )
    word = WordTiming(word="好", start_s=0.0, end_s=1.0, probability=0.9)
    aligned = Alignment(words=(word,), mean_log_probability=-0.1)
    judge_recognition(
        dossier,
        Recognition(transcript=heard, alignment=aligned),
        normalise=str,
        params=small_params().validate_,
    )
    assert dossier.findings == []


def test_readings_and_tags_are_not_asked_of_the_recogniser(room):
    texts = []
    room.recogniser.recognise = lambda waves, said: texts.extend(said) or []
    with pytest.raises(ValueError, match="zip"):
        list(room.listen([clip(0, text="去{银行|yin2 hang2}<en>now</en>")]))
    assert texts == ["去银行now"]
