"""A clip is cleaned, or keeps its original with the figures that say why."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.fakes.ingested_corpus import RATE, make_speech
from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.speaker_encoder import FakeSpeakerEncoder
from voxgate.audio.cleaning.cleaning import clean_clip
from voxgate.corpus.cutting.sound.cleaning import CleaningResult, ClipToClean, clean_clips
from voxgate.types import Wave

TEXT = "please hold the line"


@pytest.fixture
def clip() -> ClipToClean:
    wave = make_speech(11, 3.0) * 0.5
    wave[9000] += 0.4
    return ClipToClean(name="a", wave=wave, sample_rate_hz=RATE, text=TEXT)


def _cleaned(clip: ClipToClean) -> Wave:
    return clean_clip(clip.wave, RATE, ["clicks"]).wave


def _judge(
    clips: list[ClipToClean], *, heard_after: str = TEXT, speaker_after: str = "ann"
) -> list[CleaningResult]:
    encoder, recogniser = FakeSpeakerEncoder(spread=0.0), FakeRecogniser(default_text=TEXT)
    for clip in clips:
        encoder.speaks(clip.wave, "ann")
        encoder.speaks(_cleaned(clip), speaker_after)
        recogniser.hears(_cleaned(clip), heard_after)
    return clean_clips(
        clips, ["clicks"], encoder=encoder, transcriber=recogniser, normalise=str.casefold
    )


def test_a_clip_that_is_no_worse_is_kept_cleaned_with_both_figures(clip: ClipToClean) -> None:
    (found,) = _judge([clip])
    assert found.kept
    assert np.array_equal(found.wave, _cleaned(clip))
    assert found.before is not None
    assert found.after is not None
    assert (found.before.wer, found.after.wer) == (0.0, 0.0)
    assert found.worse == ()
    assert json.loads(json.dumps(found.as_json()))["steps"][0]["detail"] == "1 clicks"


def test_a_clip_that_is_understood_worse_keeps_its_original(clip: ClipToClean) -> None:
    (found,) = _judge([clip], heard_after="please fold the line")
    assert not found.kept
    assert found.wave is clip.wave
    assert found.worse == ("word error rate 0.000 -> 0.250",)


def test_a_clip_that_is_less_like_the_speaker_keeps_its_original(clip: ClipToClean) -> None:
    (found,) = _judge([clip], speaker_after="bob")
    assert not found.kept
    assert found.worse[0].startswith("likeness to the speaker 1.000 -> ")


def test_what_no_step_changes_is_not_heard_at_all() -> None:
    still = ClipToClean(name="b", wave=make_speech(5), sample_rate_hz=RATE, text=TEXT)
    encoder, recogniser = FakeSpeakerEncoder(), FakeRecogniser()
    (found,) = clean_clips(
        [still], ["clicks"], encoder=encoder, transcriber=recogniser, normalise=str.casefold
    )
    assert (found.kept, found.before, found.worse) == (False, None, ())
    assert (encoder.calls, recogniser.calls) == ([], [])


def test_each_clip_is_judged_by_itself_and_in_order(clip: ClipToClean) -> None:
    still = ClipToClean(name="b", wave=make_speech(5), sample_rate_hz=RATE, text="")
    found = _judge([still, clip, replace(clip, name="c", text="")])
    assert [(row.name, row.kept) for row in found] == [("b", False), ("a", True), ("c", True)]
    assert found[2].after is not None
    assert found[2].after.wer is None
