from voxgate.pretraining.speech.teacher import HELD_OUT_VOICES, VOICES


def test_held_out_voices_are_two_women_and_two_men_of_two_accents() -> None:
    assert sorted(voice[:2] for voice in HELD_OUT_VOICES) == ["af", "am", "bf", "bm"]
    assert set(HELD_OUT_VOICES) < set(VOICES)
