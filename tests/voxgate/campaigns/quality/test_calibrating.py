from __future__ import annotations

from tests.fakes.heard_voice import HeardVoice
from voxgate.campaigns.quality.calibrating import calibrate_voice, measure_clips
from voxgate.campaigns.quality.calibration import QualityCalibration, quality_code
from voxgate.campaigns.quality.expected import SentenceKind
from voxgate.campaigns.quality.material import read_material
from voxgate.campaigns.quality.sampling import BAD_KINDS, good_clips, other_values
from voxgate.speaking.presets import shipped_presets

PRESET = shipped_presets()[0]
_ALL = read_material()
SOME = (*_ALL[:4], *_ALL[16:20], *_ALL[32:36])
"""Four of each kind: the damages cost what they cost."""


def calibrated(voice: HeardVoice) -> QualityCalibration:
    return calibrate_voice(
        voice.speak,
        ears=voice.ears(),
        reference=voice.reference(),
        voice_digest="a" * 64,
        preset=PRESET,
        sentences=SOME,
    )


def test_a_voice_that_is_heard_as_it_means_is_told_from_what_is_bad() -> None:
    calibration = calibrated(HeardVoice())
    assert set(calibration.bad) == set(BAD_KINDS)
    own = calibration.own_refusals
    assert own.n == len(SOME)
    assert own.refused <= 1  # of 12, the slowest or quietest lies outside the other nine
    for kind in ("other_name", "other_value", "word_left_out", "word_doubled"):
        refused = calibration.bad[kind]
        assert refused.refused >= 0.95 * refused.n, kind


def test_a_voice_whose_names_are_misheard_knows_it() -> None:
    text = "Hello {}, this is a message from your dentist."
    wrong = {"Wendy": "Thomas", "Amber": "the bowl"}
    voice = HeardVoice(
        misheard={text.format(name): text.format(heard) for name, heard in wrong.items()},
    )
    calibration = calibrated(voice)
    assert calibration.own[SentenceKind.NAME].refused >= 2
    assert calibration.own[SentenceKind.FRAME].refused == 0


def test_samples_that_several_clips_share_are_heard_once() -> None:
    voice = HeardVoice()
    ears, reference = voice.ears(), voice.reference()
    voice.recogniser.calls.clear()
    good = good_clips(SOME, voice.speak, ears.front_end)
    others = other_values(SOME, good, ears.front_end)
    clips = [*good, *others["other_name"], *others["other_value"]]
    samples = measure_clips(clips, ears=ears, reference=reference)
    assert voice.recogniser.calls == [len(SOME)]
    assert [sample.origin for sample in samples] == [clip.origin for clip in clips]


def test_the_record_says_what_it_holds_for() -> None:
    voice = HeardVoice()
    calibration = calibrated(voice)
    assert calibration.subject.ears == voice.ears().digest
    assert calibration.subject.preset == PRESET.digest
    assert calibration.ears == voice.ears().identity
    assert calibration.code == quality_code()
