from voxgate.voice.kinds import REPLAY, voice_kind


def test_a_card_that_states_no_kind_is_of_a_trained_voice() -> None:
    assert voice_kind({"schema": 1}) == "trained"
    assert voice_kind({"schema": 1, "kind": "replay"}) == REPLAY
