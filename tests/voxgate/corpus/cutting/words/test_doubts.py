"""Each doubt has its own symptom; a clean utterance has none."""

from dataclasses import replace

import pytest

from tests.fakes.cutting import cut_params
from tests.fakes.read_aloud import read_aloud
from voxgate.corpus.cutting.sound.levels import measure_levels
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Utterance
from voxgate.corpus.cutting.words.doubts import doubts, longest_repetition, with_measures
from voxgate.corpus.cutting.words.utterances import TORN
from voxgate.types import Alignment, Recognition, Transcript

ALOUD = read_aloud((1.0, "press one now please", 3.0))
LEVELS = measure_levels(ALOUD.read, ALOUD.n_samples)
PARAMS = cut_params()
UTTERANCE = Utterance(
    span=Span.of_seconds(0.85, 4.15), text="Press one now please", language="en", words=ALOUD.words
)


def heard(text="press one now please", *, alignment=-0.1, **changes):
    transcript = Transcript(
        **{
            "text": text,
            "language": "en",
            "language_probability": 0.99,
            "mean_log_probability": -0.1,
            "no_speech_probability": 0.01,
            **changes,
        }
    )
    path = Alignment(words=ALOUD.words, mean_log_probability=alignment)
    return Recognition(transcript=transcript, alignment=path)


def found(utterance=UTTERANCE, second=None, first_text=None, **bounds):
    second = second or heard()
    text = utterance.text if first_text is None else first_text
    measured = with_measures(utterance, second, first_text=text, normalise=str.lower)
    params = cut_params(**bounds)
    reasons = doubts(measured, second, LEVELS, params, normalise=str.lower)
    return {reason.code: str(reason) for reason in reasons}


def test_an_utterance_that_is_heard_twice_alike_has_no_doubts():
    assert found() == {}


def test_figures_are_kept_for_the_reviewer():
    measured = with_measures(UTTERANCE, heard(), first_text="press two now", normalise=str.lower)
    assert measured.measures == {
        "pass_wer": 0.5,
        "log_probability": -0.1,
        "no_speech_probability": 0.01,
        "language_probability": 0.99,
        "text_log_probability": -0.1,
        "least_word_probability": 0.9,
    }


@pytest.mark.parametrize(
    ("code", "second"),
    [
        ("passes_differ", heard("press one now")),
        ("low_probability", heard(mean_log_probability=-2.0)),
        ("no_speech", heard(no_speech_probability=0.9, mean_log_probability=-0.7)),
        ("wrong_language", heard(language="fr")),
        ("endless_transcript", heard(capped=True)),
    ],
)
def test_what_the_second_hearing_says(code, second):
    assert set(found(second=second)) == {code}


def test_no_speech_is_not_believed_of_words_that_are_sure():
    assert found(second=heard(no_speech_probability=0.9)) == {}


def test_a_text_that_is_improbable_in_the_sound():
    words = "press one now and then please wait for the next of our friends"
    utterance, second = replace(UTTERANCE, text=words), heard(f"{words}s", alignment=-2.0)
    assert set(found(utterance, second)) == {"low_probability"}


def test_an_unusual_spelling_of_what_both_passes_heard_is_no_doubt():
    assert found(second=heard(alignment=-2.0)) == {}


def test_another_language_that_is_a_guess_is_no_reason():
    assert found(second=heard(language="fr", language_probability=0.5)) == {}


def test_a_text_that_only_the_second_pass_heard_is_doubtful():
    assert "passes_differ" in found(first_text="")


def test_repeated_words():
    text = "one now one now one now one now"
    why = found(replace(UTTERANCE, text=text), heard(text))["repeated_words"]
    assert "'one now' 4 times" in why


def test_a_word_on_silence():
    late = replace(ALOUD.words[-1], start_s=4.02, end_s=4.1)
    utterance = replace(UTTERANCE, words=(*ALOUD.words[:-1], late))
    assert "none under 'please'" in found(utterance)["text_on_silence"]


def test_no_words():
    nothing = replace(UTTERANCE, text="", words=())
    assert set(found(nothing, heard(""))) == {"no_words"}


@pytest.mark.parametrize(
    ("code", "utterance"),
    [
        ("word_at_edge", replace(UTTERANCE, measures={TORN: 1.0})),
        ("word_at_edge", replace(UTTERANCE, span=Span.of_seconds(1.5, 4.15))),
        ("word_at_edge", replace(UTTERANCE, span=Span.of_seconds(0.85, 3.5))),
    ],
)
def test_a_cut_at_no_pause(code, utterance):
    assert set(found(utterance)) == {code}


def test_lengths_out_of_bounds():
    assert set(found(min_utterance_s=4.0)) == {"too_short"}
    assert set(found(max_utterance_s=3.0)) == {"too_long"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", (0, "")), ("a", (1, "a")), ("a b a b a b c c", (3, "a b")), ("a b c", (1, "a"))],
)
def test_the_longest_repetition(text, expected):
    assert longest_repetition(text) == expected
