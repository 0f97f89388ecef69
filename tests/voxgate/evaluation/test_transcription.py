from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.fakes.evaluation_workspace import noise
from tests.fakes.recogniser import FakeRecogniser
from voxgate.content_cache import ContentCache
from voxgate.evaluation.measurements import Unmeasured
from voxgate.evaluation.transcription import token_cap, transcribe_waves
from voxgate.types import Transcript, Wave


@pytest.fixture
def cache(tmp_path: Path) -> ContentCache:
    return ContentCache(tmp_path, "test")


def heard(
    recogniser: FakeRecogniser, waves: list[Wave], cache: ContentCache, cap: int = 50
) -> list[Transcript | Unmeasured]:
    return transcribe_waves(
        recogniser, waves, max_tokens=[cap] * len(waves), batch_size=2, cache=cache
    )


def test_another_instrument_or_cap_does_not_read_the_cache(cache: ContentCache) -> None:
    waves = [noise(0)]
    heard(FakeRecogniser(default_text="old"), waves, cache)
    newer = FakeRecogniser(weights_sha256="0" * 64, default_text="new words")
    assert heard(newer, waves, cache)[0].text == "new words"  # type: ignore[union-attr]
    assert heard(newer, waves, cache, cap=1)[0].capped  # type: ignore[union-attr]


def test_token_caps_grow_with_the_audio() -> None:
    assert token_cap(np.zeros(0, np.float32), max_tokens_per_second=12) == 8
    assert token_cap(np.zeros(32_000, np.float32), max_tokens_per_second=12) == 32


def test_word_times_come_back_from_the_cache(cache: ContentCache) -> None:
    waves = [noise(0)]
    first = FakeRecogniser(default_text="two words")
    fresh = heard(first, waves, cache)
    assert heard(first, waves, cache) == fresh
    assert [word.word for word in fresh[0].words] == ["two", "words"]  # type: ignore[union-attr]
    assert first.calls == [1]
