from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.text_features import OrdinalFeatures
from voxgate.errors import TextError, WeightsError
from voxgate.text.phonemes import SpokenSpan
from voxgate.voice.text_features import CharacterFeatures, featured, read_characters


def span(text: str, first: int, counts: tuple[int, ...] | None, **changes) -> SpokenSpan:
    parts = {
        "language": "zh",
        "text": text,
        "first_phone": first,
        "phone_count": sum(counts or (2,)),
        "phones_per_character": counts,
    }
    return SpokenSpan(**(parts | changes))


def test_a_characters_row_stands_beside_each_of_its_phones() -> None:
    features = CharacterFeatures(
        rows=np.array([[1, 2], [3, 4], [5, 6]], dtype=np.float16),
        places=np.array([[1, 2], [3, 1], [5, 2]], dtype=np.int32),
    )
    spread = features.over_phones(8)
    assert spread.dtype == np.float32
    assert spread.tolist() == [[0, 1, 1, 3, 0, 5, 5, 0], [0, 2, 2, 4, 0, 6, 6, 0]]


def test_only_chinese_has_features() -> None:
    spans = (
        span("A,", 1, None, language="en", phone_count=3),
        span("你,", 4, (2, 1)),
        span("佢", 7, (2,), language="yue"),
        span("好", 9, (2,)),
    )
    found = read_characters(spans, OrdinalFeatures(), channels=3)
    assert found is not None
    assert found.over_phones(11)[0].tolist() == [
        0, 0, 0, 0, *[ord("你") % 1000] * 2, ord(","), 0, 0, *[ord("好") % 1000] * 2
    ]  # fmt: skip


def test_a_text_without_chinese_asks_nothing() -> None:
    source = OrdinalFeatures()
    assert read_characters((), source, channels=3) is None
    assert featured([span("hi", 0, None, language="en")]) == ()
    assert source.asked == []


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (span("你好", 0, None, phone_count=4), "each of 2 characters, 4 together, got none"),
        (span("你好", 0, (2,)), "got 1 with 2 phones"),
        (span("你好", 0, (2, 2), phone_count=5), "5 together, got 2 with 4 phones"),
    ],
)
def test_phones_that_belong_to_no_character_are_refused(given: SpokenSpan, fault: str) -> None:
    with pytest.raises(TextError, match=fault):
        read_characters([given], OrdinalFeatures(), channels=3)


def test_a_network_of_another_width_is_refused() -> None:
    with pytest.raises(WeightsError, match=r"gave 1 rows of 3 numbers .* the preset reads 1024"):
        read_characters([span("你", 0, (2,))], OrdinalFeatures(), channels=1024)
