from __future__ import annotations

import numpy as np
import pytest

from voxgate.pretraining.speech.spoken_characters import KINDS, cardinal, speak


@pytest.mark.parametrize(
    ("value", "chinese", "japanese"),
    [
        (1, "一", "一"),
        (10, "十", "十"),
        (17, "十七", "十七"),
        (111, "一百一十一", "百十一"),
        (205, "二百零五", "二百五"),
        (1_050, "一千零五十", "千五十"),
        (10_305, "一万零三百零五", "一万三百五"),
        (120_000, "十二万", "十二万"),
    ],
)
def test_numbers_are_written_as_they_are_said(value: int, chinese: str, japanese: str) -> None:
    assert cardinal(value, "zh") == chinese
    assert cardinal(value, "ja") == japanese


@pytest.mark.parametrize("language", ["zh", "ja"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_spoken_holds_no_digit(kind: str, language: str) -> None:
    random = np.random.default_rng(1)
    for _ in range(50):
        spoken = speak(kind, language, random)
        assert spoken
        assert not any(character in "0123456789" for character in spoken)
