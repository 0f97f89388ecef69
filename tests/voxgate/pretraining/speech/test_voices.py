from voxgate.pretraining.speech.voices import (
    CORPUS_VOICES,
    HELD_OUT_VOICES,
    PLAN_VOICES,
    VOICES,
    language_of,
)


def test_every_voice_tells_its_language() -> None:
    for language, voices in PLAN_VOICES.items():
        assert {language_of(voice) for voice in voices} == {language}
    assert {language_of(voice) for voice in HELD_OUT_VOICES} == {"en"}
    assert all(language_of(voice) == language for language, voice in CORPUS_VOICES.items())


def test_a_base_does_not_hear_who_speaks_a_corpus() -> None:
    assert not set(CORPUS_VOICES.values()) & set(sum(PLAN_VOICES.values(), ()))
    assert PLAN_VOICES["en"] == VOICES
    assert len(VOICES) == 28
