import pickle

import pytest

from voxgate.errors import SpeechError, TextError, WeightsError
from voxgate.serving.pool.protocol import Failed


@pytest.mark.parametrize("error", [TextError("no words"), WeightsError("damaged")])
def test_what_a_voice_raises_on_purpose_arrives_as_itself(error):
    sent = pickle.loads(pickle.dumps(Failed.of(error, order=3, rss_bytes=1)))
    arrived = sent.exception()
    assert (type(arrived), str(arrived)) == (type(error), str(error))


def test_what_nobody_expected_arrives_with_its_name():
    arrived = Failed.of(KeyError("x"), order=3, rss_bytes=1).exception()
    assert type(arrived) is SpeechError
    assert "KeyError: 'x'" in str(arrived)
