from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.front_ends import open_front_end

TEXT = "The {aple|AE1 P AH0 L}, {Siobhan|sh ah0 v ao1 n}'s, cost $5."


def test_a_reading_is_spoken_and_stays_in_the_normalised_text() -> None:
    front_end = open_front_end("en")
    spoken = front_end.read(TEXT)
    words = {word.word: " ".join(word.phones) for word in spoken.words}
    assert words["aple"] == "AE1 P AH0 L"
    assert words["The"] == "DH IY0"  # a vowel follows
    assert words["Siobhan's"] == "SH AH0 V AO1 N Z"
    assert "{aple|AE1 P AH0 L}, {Siobhan|sh ah0 v ao1 n}'s" in spoken.text
    assert front_end.normalise(spoken.text) == spoken.text
    assert front_end.read(spoken.text) == spoken
    assert front_end.units(TEXT)[:2] == ("the", "aple")


def test_a_reading_that_is_no_arpabet_is_named() -> None:
    with pytest.raises(TextError, match="zhong1"):
        open_front_end("en").read("Say {this|zhong1} now.")
