from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest

from voxgate.audio.shards import Place
from voxgate.content_cache import ContentCache
from voxgate.errors import StageError
from voxgate.executors import SerialExecutor
from voxgate.features.clip_features import AcceptedClip
from voxgate.features.speaker_vectors import (
    PooledSpeakerVectors,
    compute_speaker_vectors,
    read_speaker_vectors,
    write_speaker_vectors,
)


@dataclass
class Loudness:
    """The vector of a wave is its loudness and its rate."""

    sha256: str = "v" * 64
    size: int = 2
    asked: int = field(default=0, init=False)

    def compute(self, wave, sample_rate_hz):
        self.asked += 1
        return np.array([np.abs(wave).mean(), sample_rate_hz], dtype=np.float32)


def clip(name: str, trim: int = 0) -> AcceptedClip:
    return AcceptedClip(
        clip_id=name,
        recording_id=name,
        speaker_id="ann",
        language="en",
        text="a",
        audio_sha256=name * 8,
        sample_rate_hz=32000,
        trim_start=trim,
        trim_end=100,
        place=Place(0, trim, 100 - trim),
        duration_s=1.0,
        snr_db=30.0,
        alignment_log_probability=-0.1,
    )


def test_a_clip_is_computed_once_and_again_when_its_trim_changes(tmp_path) -> None:
    encoder, cache = Loudness(), ContentCache(tmp_path, "featurize")
    waves = {"a": np.ones(4, dtype=np.float32), "b": np.zeros(4, dtype=np.float32)}

    def compute(*clips):
        return compute_speaker_vectors(
            clips, lambda each: waves[each.clip_id], encoder=encoder, cache=cache
        )

    first = compute(clip("a"), clip("b"))
    assert first["a"].tolist() == [1.0, 32000.0]
    assert compute(clip("b"))["b"].tolist() == [0.0, 32000.0]
    assert encoder.asked == 2
    compute(clip("a", trim=1))
    assert encoder.asked == 3


def test_rows_come_back_in_order_and_must_be_as_many_as_clips(tmp_path) -> None:
    assert read_speaker_vectors(tmp_path, 2) is None
    write_speaker_vectors(tmp_path, [np.full(3, n, dtype=np.float32) for n in (1, 2)])

    rows = read_speaker_vectors(tmp_path, 2)
    assert [row.tolist() for row in rows] == [[1, 1, 1], [2, 2, 2]]
    with pytest.raises(StageError, match=r"expected 3 rows as clips\.parquet has, got 2"):
        read_speaker_vectors(tmp_path, 3)


@dataclass(frozen=True)
class Knowing:
    opened: list[int] = field(default_factory=list, compare=False)

    @contextmanager
    def open(self):
        self.opened.append(1)
        yield lambda heard: Loudness().compute(heard.wave, heard.sample_rate_hz)


def test_workers_give_the_vectors_of_the_network_and_load_it_only_for_what_is_missing(tmp_path):
    def read(clip):
        return np.full(100, len(clip.clip_id) / 10, dtype=np.float32)

    clips = [clip("a"), clip("bb"), clip("ccc")]
    work = Knowing()
    pooled = PooledSpeakerVectors(SerialExecutor(), work, sha256="v" * 64)
    expected = compute_speaker_vectors(
        clips, read, encoder=Loudness(), cache=ContentCache(tmp_path / "here", "x")
    )
    for _ in range(2):
        cache = ContentCache(tmp_path / "there", "x")
        found = compute_speaker_vectors(clips, read, encoder=pooled, cache=cache)
        assert list(found) == ["a", "bb", "ccc"]
        assert all(np.array_equal(found[name], expected[name]) for name in expected)
    assert work.opened == [1]
