"""From a recording to stretches, with instruments that hear what is in the samples."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes.spools import spool_here
from tests.fakes.tone_talk import ToneDetector, ToneRecogniser, hush, say, tone_cutter
from voxgate.corpus.cutting.accounting import account_for
from voxgate.corpus.cutting.order import CutOrder
from voxgate.corpus.cutting.stretches import Status
from voxgate.errors import TranscriptError
from voxgate.files import digest_file
from voxgate.params import load_params

PARAMS = load_params(Path(__file__).parents[4] / "params.yaml")
RATE_HZ = 16_000
NOISE = (0.1 * np.random.default_rng(0).standard_normal(3 * RATE_HZ)).astype(np.float32)


def cutter_in(folder, **changes):
    return tone_cutter(folder, PARAMS, **changes)


@pytest.fixture
def cut(tmp_path):
    def cut_parts(*parts, cutter=None, **order):
        path = tmp_path / "talk.wav"
        soundfile.write(path, np.concatenate(parts), RATE_HZ, subtype="PCM_16")
        sha256 = digest_file(path)
        spool = spool_here(path, tmp_path / sha256, min_sample_rate_hz=16_000)
        asked = {"speaker_id": "anna", "language": "en"} | order
        cutter = cutter or cutter_in(tmp_path / "cache")
        return cutter.cut(spool, CutOrder(name=path.name, sha256=sha256, **asked))

    return cut_parts


def told(imported):
    return [
        (s.status.value, s.utterance and s.utterance.text, [r.code for r in s.reasons])
        for s in imported.stretches
    ]


def seconds(imported):
    return [(round(s.span.start_s, 2), round(s.span.end_s, 2)) for s in imported.stretches]


def test_speech_between_silences_is_kept_with_room(cut):
    imported = cut(hush(1), say("one two three four"), hush(2), say("five six seven"), hush(1))
    assert told(imported) == [
        ("silence", None, []),
        ("kept", "one two three four", []),
        ("silence", None, []),
        ("kept", "five six seven", []),
        ("silence", None, []),
    ]
    first = imported.stretches[1]
    assert first.span.start_s == pytest.approx(1 - 0.15, abs=0.02)
    assert first.span.end_s == pytest.approx(1 + 4 * 0.35 - 0.05 + 0.15, abs=0.02)
    assert first.utterance.words[0].start_s == pytest.approx(1.0, abs=0.02)


def test_somebody_elses_turn_is_left_out_and_listed(cut):
    imported = cut(
        hush(1),
        say("one two three four five six seven eight"),
        hush(1),
        say("nine ten one two three", "ben"),
        hush(1),
        say("three four five six seven"),
        hush(1),
    )
    assert [each[:2] for each in told(imported) if each[0] != "silence"] == [
        ("kept", "one two three four five six seven eight"),
        ("other_speaker", None),
        ("kept", "three four five six seven"),
    ]


def test_the_reference_says_who_is_wanted(cut):
    parts = (
        hush(1),
        say("one two three four five six seven eight"),
        hush(1),
        say("nine ten one two three four five six seven eight", "ben"),
        hush(1),
    )
    imported = cut(*parts, reference=say("one two three", "ben"))
    assert [each[:2] for each in told(imported) if each[0] != "silence"] == [
        ("other_speaker", None),
        ("kept", "nine ten one two three four five six seven eight"),
    ]


def test_silence_only_is_accounted_for(cut):
    imported = cut(hush(5))
    assert told(imported) == [("silence", None, [])]


def test_noise_and_music_only_are_rejected_by_name(cut):
    imported = cut(hush(1), NOISE, hush(1))
    assert [each[0] for each in told(imported)] == ["silence", "rejected", "silence"]
    assert told(imported)[1][2] == ["noise"]


@pytest.mark.parametrize("samples", [1, 320, 1_599])
def test_a_file_of_some_milliseconds_is_accounted_for(cut, samples):
    imported = cut(say("one")[:samples])
    assert sum(s.span.n_samples for s in imported.stretches) == samples


def test_two_hearings_that_differ_make_a_doubt(cut, tmp_path):
    recogniser = ToneRecogniser(mishears={"three": "tree"})
    imported = cut(
        hush(1),
        say("one two three four"),
        hush(1),
        cutter=cutter_in(tmp_path / "cache", recogniser=recogniser),
    )
    assert told(imported)[1] == ("doubtful", "one two three four", ["passes_differ"])
    assert imported.stretches[1].utterance.measures["pass_wer"] == 0.25


def test_another_language_makes_a_doubt(cut, tmp_path):
    recogniser = ToneRecogniser(language="fr")
    cutter = cutter_in(tmp_path / "cache", recogniser=recogniser)
    imported = cut(hush(1), say("one two three four"), hush(1), cutter=cutter)
    assert told(imported)[1][2] == ["wrong_language"]


def test_one_aligner_alone_makes_a_doubt_unless_that_is_accepted(cut, tmp_path):
    parts = (hush(1), say("one two three four"), hush(1))
    cutter = cutter_in(tmp_path / "cache", aligner=None)
    assert told(cut(*parts, cutter=cutter))[1][2] == ["one_aligner"]
    assert told(cut(*parts, cutter=cutter, one_aligner=True))[1][0] == "kept"


def test_a_given_text_is_taken_as_it_is_written(cut, tmp_path):
    text = tmp_path / "talk.txt"
    text.write_text("One two three four\n")
    imported = cut(hush(1), say("one two three four"), hush(1), transcript=text)
    assert told(imported)[1][:2] == ("kept", "One two three four")


def test_the_transcript_of_another_recording_is_refused_with_figures(cut, tmp_path):
    text = tmp_path / "talk.txt"
    text.write_text("Call me Ishmael, some years ago, never mind how long precisely.")
    with pytest.raises(TranscriptError, match="0 of 11 given words"):
        cut(hush(1), say("one two three four"), hush(1), transcript=text)


def test_what_was_heard_is_not_heard_again(cut, tmp_path):
    parts = (hush(1), say("one two three four"), hush(1), say("five six seven"), hush(1))
    first = cut(*parts)
    recogniser, detector = ToneRecogniser(), ToneDetector()
    cutter = cutter_in(tmp_path / "cache", recogniser=recogniser, detector=detector)
    assert cut(*parts, cutter=cutter) == first
    assert (recogniser.seconds, detector.calls) == (0.0, 0)


def test_a_long_monologue_adds_up(cut):
    draw = np.random.default_rng(1)
    names = "one two three four five six seven eight nine ten stop. wait. go. yes no".split()
    parts = []
    for number in range(40):
        words = draw.choice(names, size=draw.integers(1, 14))
        parts += [
            say(" ".join(words), "ben" if number % 7 == 3 else "anna"),
            hush(float(draw.uniform(0.1, 2.5))),
        ]
    imported = cut(*parts)
    account = account_for(imported.stretches, imported.source.n_samples)
    assert account.seconds == sum(map(len, parts)) / RATE_HZ
    assert account.seconds_of(Status.KEPT) > 60
    for stretch in imported.stretches:
        if stretch.status is Status.KEPT:
            assert 1.0 <= stretch.span.duration_s <= 15.0
            assert "uh" not in stretch.utterance.text.split()
