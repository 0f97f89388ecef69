import pytest

from voxgate.errors import VoiceError
from voxgate.speaking.options import SpeakingOptions


@pytest.mark.parametrize("speed", [0.49, 2.01, float("nan")])
def test_a_speed_out_of_range_is_refused(speed):
    with pytest.raises(VoiceError, match=r"expected 0\.5 to 2\.0, where 1 is as recorded"):
        SpeakingOptions(speed=speed)


def test_an_unknown_cut_is_refused():
    with pytest.raises(VoiceError, match=r"cut 'cut9': choose one of sentences, nothing, .*"):
        SpeakingOptions(cut="cut9")  # type: ignore[arg-type]
