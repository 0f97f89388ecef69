from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.evaluation_workspace import noise
from tests.fakes.speaker_encoder import FakeSpeakerEncoder
from voxgate.content_cache import ContentCache
from voxgate.errors import EvaluatorError
from voxgate.evaluation.measurements import Unmeasured
from voxgate.evaluation.speaker_similarity import (
    build_centroid,
    centroid_from_json,
    embed_waves,
    leave_one_out,
    percentile_within,
)


def unit_rows(count: int, spread: float, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rows = np.array([1.0, 0, 0, 0]) + spread * rng.standard_normal((count, 4))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_the_centroid_is_the_direction_of_the_mean() -> None:
    rows = np.eye(5, dtype=np.float32)
    centroid = build_centroid(rows, list("abcde"))
    assert centroid.vector == pytest.approx(np.full(5, 5**-0.5))
    assert centroid.similarity(rows[:1]) == [round(5**-0.5, 6)]


def test_fewer_than_five_clips_define_no_speaker() -> None:
    with pytest.raises(EvaluatorError, match="at least 5 held-out clips, got 4"):
        build_centroid(unit_rows(4, 0.1), list("abcd"))


def test_the_digest_names_the_clips_in_any_order() -> None:
    rows = unit_rows(5, 0.1)
    assert build_centroid(rows, list("abcde")).digest == build_centroid(rows, list("edcba")).digest
    assert build_centroid(rows, list("abcde")).digest != build_centroid(rows, list("abcdf")).digest


def test_a_clip_is_not_compared_with_itself() -> None:
    rows = unit_rows(8, 0.5)
    own = build_centroid(rows, [str(n) for n in range(8)]).similarity(rows)
    assert all(out < inside for out, inside in zip(leave_one_out(rows), own, strict=True))


def test_the_percentile_is_the_share_at_or_below() -> None:
    assert percentile_within(0.5, [0.1, 0.5, 0.9, 0.95]) == 50.0
    assert percentile_within(0.0, [0.1]) == 0.0
    assert percentile_within(0.5, []) is None


def test_a_centroid_that_went_through_evidence_measures_the_same() -> None:
    rows = unit_rows(8, 0.5)
    centroid = build_centroid(rows, [str(n) for n in range(8)])
    again = centroid_from_json(json.loads(json.dumps(centroid.as_json())))
    assert again.similarity(rows) == centroid.similarity(rows)
    assert (again.clips, again.digest) == (centroid.clips, centroid.digest)


@pytest.mark.parametrize(
    "broken", [{}, {"vector": []}, {"vector": [2.0, 0.0]}, {"vector": [float("nan"), 1.0]}]
)
def test_evidence_without_a_direction_defines_nobody(broken: dict[str, object]) -> None:
    with pytest.raises(EvaluatorError, match="carries no speaker centroid"):
        centroid_from_json({"clips": 8, "digest": "9" * 64, **broken})


def test_an_encoder_crash_leaves_one_wave_unmeasured(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path, "test")
    waves = [noise(0), noise(1, 0.1), noise(2)]
    vectors = embed_waves(FakeSpeakerEncoder(), waves, batch_size=8, cache=cache)
    assert isinstance(vectors[1], Unmeasured)
    assert isinstance(vectors[0], np.ndarray)
    assert np.linalg.norm(vectors[0]) == pytest.approx(1, abs=1e-5)
