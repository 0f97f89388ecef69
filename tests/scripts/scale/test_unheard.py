from __future__ import annotations

import numpy as np

from scripts.scale.unheard import BelievingRecogniser


def test_the_text_is_what_was_heard() -> None:
    wave = np.zeros(32_000, dtype=np.float32)
    heard, nothing = BelievingRecogniser().recognise([wave, wave], ["two words", None])
    assert heard.transcript.text == "two words"
    assert heard.alignment is not None
    assert [word.start_s for word in heard.alignment.words] == [0.0, 1.0]
    assert nothing.transcript.text == ""
