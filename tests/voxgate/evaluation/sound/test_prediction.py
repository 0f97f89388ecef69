from __future__ import annotations

from pathlib import Path

from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.syllables import hiss
from voxgate.content_cache import ContentCache
from voxgate.evaluation.sound.prediction import predict_quality
from voxgate.types import PredictedQuality

WAVES = [hiss(1.0, 0.1, seed=1), hiss(2.0, 0.1, seed=2)]


def test_marks_are_kept_for_the_instrument_that_gave_them(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path, "qualities")
    first = FakeQualityPredictor()
    first.marks(WAVES[0], overall=2.0, background=1.0)
    asked = [predict_quality(first, WAVES, batch_size=4, cache=cache) for _ in range(2)]
    assert asked[0] == asked[1]
    assert asked[0][0] == PredictedQuality(overall=2.0, signal=2.0, background=1.0)
    assert first.calls == [2]
    other = FakeQualityPredictor(weights_sha256="0" * 64)
    predict_quality(other, WAVES, batch_size=4, cache=cache)
    assert other.calls == [2]
