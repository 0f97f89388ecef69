from __future__ import annotations

import pytest

from voxgate.errors import EvaluatorError
from voxgate.evaluation.benchmark import Prompt
from voxgate.evaluation.real_clips import expected_durations, speaking_rate

TEXT = "The line is open"
PROMPT = Prompt(id="p", split="gate", prompt_class="plain", text=TEXT, normalised=TEXT, words=4)


def test_expected_durations_follow_the_speaker() -> None:
    rate = speaking_rate([("ten letters", 1.0), ("ten letters", 1.0)])
    assert rate == 10.0
    assert expected_durations([PROMPT], letters_per_s=rate) == {"p": 1.3}
    with pytest.raises(EvaluatorError, match="no real clips with text"):
        speaking_rate([])
