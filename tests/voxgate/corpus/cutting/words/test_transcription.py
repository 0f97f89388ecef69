"""From speech to judged utterances: a scripted recogniser, then a real one."""

from dataclasses import replace

import pytest

from tests.fakes.cutting import cut_params
from tests.fakes.read_aloud import ReadAloud, read_aloud
from tests.fakes.recogniser import FakeRecogniser
from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.sound.levels import measure_levels
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.words.given_texts.lines import GivenLine, GivenTranscript
from voxgate.corpus.cutting.words.transcription import HearingRoom, transcribe_speech
from voxgate.errors import TextError, TranscriptError
from voxgate.text.comparisons import comparison_rules

PARAMS = cut_params()
ALOUD = read_aloud((1.0, "press one.", 2.0), (1.2, "call me now.", 3.0))
CUTS = [Span.of_seconds(0.85, 3.15), Span.of_seconds(4.05, 7.35)]
BOTH = Span(CUTS[0].start, CUTS[1].end)
WINDOW = Span.of_seconds(0.7, 7.5)


def room_of(aloud: ReadAloud, recogniser, tmp_path) -> HearingRoom:
    return HearingRoom(
        read=aloud.read,
        n_samples=aloud.n_samples,
        levels=measure_levels(aloud.read, aloud.n_samples),
        language="en",
        recogniser=recogniser,
        cache=ContentCache(tmp_path, "heard"),
        normalise=lambda text: text.lower().replace(".", ""),
    )


@pytest.fixture
def ear():
    recogniser = FakeRecogniser()
    recogniser.hears(ALOUD.read(WINDOW), "press one. call me now.")
    recogniser.hears(ALOUD.read(CUTS[0]), "Press one.")
    recogniser.hears(ALOUD.read(CUTS[1]), "Call me now.")
    return recogniser


def judged(ear, tmp_path, given=None):
    room = room_of(ALOUD, ear, tmp_path)
    found = transcribe_speech(room, ALOUD.spans, PARAMS, given=given)
    assert [each.utterance.span for each in found] == CUTS
    return [(each.utterance.text, {reason.code for reason in each.reasons}) for each in found]


def transcript(text):
    line = GivenLine(number=1, text=text)
    return GivenTranscript(name="a.txt", format="plain", lines=(line,))


def test_two_hearings_that_agree_leave_no_doubt(ear, tmp_path):
    # The fake spreads words evenly, so "one." is timed into the second utterance at first.
    assert judged(ear, tmp_path) == [("press one.", set()), ("call me now.", set())]


def test_words_fill_the_sound_of_their_utterance(ear, tmp_path):
    found = transcribe_speech(room_of(ALOUD, ear, tmp_path), ALOUD.spans, PARAMS)
    edges = [(each.utterance.words[0].start_s, each.utterance.words[-1].end_s) for each in found]
    assert edges == [(1.0, 3.0), (4.2, 7.2)]


def test_numbers_are_kept_as_written_and_as_spoken(ear, tmp_path):
    ear.hears(ALOUD.read(WINDOW), "press 1. call me now.")
    ear.hears(ALOUD.read(CUTS[0]), "press 1.")
    room = replace(room_of(ALOUD, ear, tmp_path), spell=comparison_rules("en").spoken)
    first = transcribe_speech(room, ALOUD.spans, PARAMS)[0].utterance
    assert (first.text, first.spoken) == ("press 1.", "press one")


def test_what_cannot_be_spelled_has_no_spoken_form(ear, tmp_path):
    def refuse(text):
        raise TextError(text)

    for spell in (None, refuse):
        room = replace(room_of(ALOUD, ear, tmp_path), spell=spell)
        assert transcribe_speech(room, ALOUD.spans, PARAMS)[0].utterance.spoken == ""


def test_a_second_import_hears_nothing(ear, tmp_path):
    first = judged(ear, tmp_path)
    calls = len(ear.calls)
    assert judged(ear, tmp_path) == first
    assert len(ear.calls) == calls


def test_hearings_that_differ_are_doubtful(ear, tmp_path):
    ear.hears(ALOUD.read(CUTS[1]), "Call me never.")
    assert judged(ear, tmp_path)[1] == ("call me now.", {"passes_differ", "low_probability"})


def test_two_hearings_of_three_have_the_text(ear, tmp_path):
    ear.hears(ALOUD.read(CUTS[1]), "Call me never.")
    ear.hears(ALOUD.read(BOTH), "press one. call me never.")
    assert judged(ear, tmp_path)[1] == ("Call me never.", set())


def test_a_third_hearing_does_not_replace_a_given_text(ear, tmp_path):
    ear.hears(ALOUD.read(CUTS[1]), "Call me never.")
    ear.hears(ALOUD.read(BOTH), "press one. call me never.")
    given = transcript("Press one. Call me now.")
    assert judged(ear, tmp_path, given)[1] == ("Call me now.", {"text_differs", "low_probability"})


def test_what_only_the_second_hearing_heard_is_its_text_and_doubtful(ear, tmp_path):
    ear.hears(ALOUD.read(WINDOW), "")
    assert judged(ear, tmp_path) == [
        ("Press one.", {"passes_differ"}),
        ("Call me now.", {"passes_differ"}),
    ]


def test_speech_in_which_no_pass_heard_a_word(ear, tmp_path):
    for span in (WINDOW, *CUTS):
        ear.hears(ALOUD.read(span), "")
    assert judged(ear, tmp_path) == [("", {"no_words"}), ("", {"no_words"})]


def test_a_given_text_is_the_text(ear, tmp_path):
    given = transcript("PRESS One. Call me NOW.")
    assert judged(ear, tmp_path, given) == [("PRESS One.", set()), ("Call me NOW.", set())]


def test_a_given_text_that_is_not_what_is_heard_is_doubtful(ear, tmp_path):
    given = transcript("Press one. Call us now.")
    assert judged(ear, tmp_path, given)[1] == ("Call us now.", {"text_differs", "low_probability"})


def test_words_that_the_given_text_lacks_are_named(ear, tmp_path):
    given = transcript("Press one. Call now.")
    assert judged(ear, tmp_path, given)[1] == (
        "Call me now.".lower().capitalize(),
        {"not_in_transcript"},
    )


def test_the_transcript_of_another_recording_is_refused(ear, tmp_path):
    with pytest.raises(TranscriptError, match="this recording"):
        judged(ear, tmp_path, transcript("Once upon a time there was a fox."))
