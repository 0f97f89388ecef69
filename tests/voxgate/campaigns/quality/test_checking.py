from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fakes.heard_voice import HeardVoice
from tests.fakes.sentence_figures import wide_rules
from voxgate.campaigns.quality.checking import check_sentences, hear_wave
from voxgate.campaigns.quality.expected import ExpectedSentence, Segment, expect_sentence
from voxgate.campaigns.quality.rules import QualityState, SentenceQuality
from voxgate.errors import EvaluatorError
from voxgate.serving.requests import SpokenSentence

RULES = wide_rules(slot=0.25, frame=0.1, word_missing=0.5, other_speaker=0.5)
GREETING = "Hello Wendy, this is your dentist."


@pytest.fixture
def voice() -> HeardVoice:
    return HeardVoice(misheard={"Hello Wanda.": "Hello Wendy, this is your dentist."})


def greeting(name: str, voice: HeardVoice) -> ExpectedSentence:
    segments = [Segment(text="Hello "), Segment(text=name, slot="name")]
    return expect_sentence(
        [*segments, Segment(text=", this is your dentist.")], voice.ears().front_end
    )


def check(spoken: SpokenSentence, name: str, voice: HeardVoice) -> SentenceQuality:
    return check_one(spoken, greeting(name, voice), voice)


def check_one(
    spoken: SpokenSentence, expected: ExpectedSentence, voice: HeardVoice
) -> SentenceQuality:
    (quality,) = check_sentences(
        [spoken], [expected], ears=voice.ears(), rules=RULES, reference=voice.reference()
    )
    return quality


def test_what_was_meant_passes_with_every_figure(voice: HeardVoice) -> None:
    quality = check(voice.speak(GREETING), "Wendy", voice)
    assert (quality.state, quality.faults) == (QualityState.PASSED, ())
    assert quality.figures["slot_distance"] == quality.figures["wer"] == 0
    assert quality.figures["similarity"] > 0.8
    assert quality.heard is None


def test_another_name_fails_in_its_slot(voice: HeardVoice) -> None:
    assert check(voice.speak(GREETING), "Thomas", voice).faults == ("slot",)


def test_another_speaker_fails(voice: HeardVoice) -> None:
    spoken = voice.speak(GREETING)
    voice.encoder.speaks(hear_wave(spoken), "somebody else")
    assert check(spoken, "Wendy", voice).faults == ("other_speaker",)


def test_what_cannot_be_heard_fails_without_the_instruments(voice: HeardVoice) -> None:
    empty = replace(voice.speak(GREETING), pcm=np.zeros(0, dtype=np.int16))
    silent = replace(voice.speak(GREETING), pcm=np.zeros(16_000, dtype=np.int16))
    endless = replace(voice.speak(GREETING), pcm=np.full(31 * 16_000, 900, dtype=np.int16))
    reference = voice.reference()
    voice.recogniser.calls.clear()
    answers = check_sentences(
        [empty, silent, endless],
        [greeting("Wendy", voice)] * 3,
        ears=voice.ears(),
        rules=RULES,
        reference=reference,
    )
    assert [answer.faults[0] for answer in answers] == ["empty", "silent", "too_long"]
    assert all(answer.heard_sha256 is None for answer in answers)
    assert voice.recogniser.calls in ([], [0])


def test_sentences_of_a_batch_are_answered_in_their_order(voice: HeardVoice) -> None:
    empty = replace(voice.speak(GREETING), pcm=np.zeros(0, dtype=np.int16))
    answers = check_sentences(
        [voice.speak(GREETING), empty, voice.speak(GREETING)],
        [greeting(name, voice) for name in ("Wendy", "Wendy", "Thomas")],
        ears=voice.ears(),
        rules=RULES,
        reference=voice.reference(),
        keep_text=True,
    )
    assert [answer.faults for answer in answers] == [(), ("empty",), ("slot",)]
    assert [answer.heard for answer in answers] == [GREETING, None, GREETING]


def test_a_recogniser_that_ran_on_is_endless(voice: HeardVoice) -> None:
    spoken = voice.speak(GREETING)
    voice.recogniser.hears(hear_wave(spoken), GREETING, capped=True)
    assert check(spoken, "Wendy", voice).faults == ("endless",)


def test_a_word_in_another_script_is_wrong_and_no_error(voice: HeardVoice) -> None:
    spoken = voice.speak(GREETING)
    voice.recogniser.hears(hear_wave(spoken), "Hello 文迪, this is your dentist.")
    assert check(spoken, "Wendy", voice).faults == ("slot",)
    voice.recogniser.hears(hear_wave(spoken), "")
    assert "nothing_heard" in check(spoken, "Wendy", voice).faults


def test_the_pause_before_a_later_sentence_is_not_heard(voice: HeardVoice) -> None:
    spoken = voice.speak(GREETING)
    pause = np.zeros(3_200, dtype=np.int16)
    later = replace(spoken, place=3, pcm=np.concatenate([pause, spoken.pcm]))
    sounding = replace(spoken, pcm=spoken.pcm[np.flatnonzero(spoken.pcm)[0] :])
    voice.recogniser.hears(hear_wave(sounding), GREETING)
    voice.encoder.speaks(hear_wave(sounding), "own")
    assert check(later, "Wendy", voice).state is QualityState.PASSED


def test_a_failing_instrument_is_no_answer(voice: HeardVoice) -> None:
    spoken = voice.speak(GREETING)
    voice.recogniser.fails_on(hear_wave(spoken))
    with pytest.raises(EvaluatorError, match="scripted failure"):
        check(spoken, "Wendy", voice)
    with pytest.raises(ValueError, match="1 spoken sentences, 0 expected"):
        check_sentences([spoken], [], ears=voice.ears(), rules=RULES, reference=voice.reference())


def test_ears_are_named_by_every_instrument(voice: HeardVoice) -> None:
    ears = voice.ears()
    other = replace(ears, transcriber=replace(voice.recogniser, weights_sha256="0" * 64))
    assert ears.digest == HeardVoice().ears().digest
    assert other.digest != ears.digest
    assert replace(ears, spelling="other").digest != ears.digest


@pytest.mark.parametrize(
    ("heard", "faults"),
    [
        ("Your visit is at 4.45 pm.", ()),
        ("Your visit is at 4.45 P.M.", ()),
        ("Your visit is at 4.54 pm.", ("wrong_value",)),
        ("Your visit is at 4.45.", ("wrong_value",)),
    ],
)
def test_a_time_is_read_as_one_however_the_recogniser_writes_it(
    heard: str, faults: tuple[str, ...]
) -> None:
    meant = "Your visit is at 4:45 PM."
    voice = HeardVoice(misheard={meant: heard})
    expected = expect_sentence(
        [
            Segment(text="Your visit is at "),
            Segment(text="4:45 PM", slot="time"),
            Segment(text="."),
        ],
        voice.ears().front_end,
    )
    quality = check_one(voice.speak(meant), expected, voice)
    assert quality.faults == faults
