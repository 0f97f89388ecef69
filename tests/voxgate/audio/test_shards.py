"""Shards: what goes in comes out, in the same bytes each time."""

import contextlib
import gc
import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from voxgate.audio import shards as module
from voxgate.audio.shards import Place, ShardReader, ShardWriter, from_pcm16, to_pcm16
from voxgate.errors import StageError

CLIPS = [np.arange(n, dtype=np.int16) for n in (5, 0, 7, 30, 2)]


def write(folder, **options):
    with ShardWriter(folder, **options) as shards:
        return [shards.add(clip) for clip in CLIPS]


def test_clips_come_out_as_they_went_in(tmp_path):
    places = write(tmp_path / "a", shard_samples=12)
    assert places[0] == Place(0, 0, 5)
    assert len({place.shard for place in places}) == 3
    reader = ShardReader(tmp_path / "a")
    for clip, place in zip(CLIPS, places, strict=True):
        read = reader.read_pcm16(place)
        np.testing.assert_array_equal(read, clip)
        wave = reader.read(place)
        np.testing.assert_array_equal(to_pcm16(wave), clip)


def test_a_part_of_a_clip_is_a_place_too(tmp_path):
    place = write(tmp_path, shard_samples=12)[3]
    part = place.part(4, 9)
    np.testing.assert_array_equal(ShardReader(tmp_path).read_pcm16(part), CLIPS[3][4:9])


def test_the_same_clips_give_the_same_bytes(tmp_path):
    for name in "ab":
        write(tmp_path / name, shard_samples=12)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["shard-000.npy", "shard-001.npy", "shard-002.npy"]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_no_clips_give_one_empty_shard(tmp_path):
    with ShardWriter(tmp_path):
        pass
    assert len(ShardReader(tmp_path).read(Place(0, 0, 0))) == 0


def test_an_exception_leaves_no_shard(tmp_path):
    with pytest.raises(RuntimeError), ShardWriter(tmp_path) as shards:
        shards.add(CLIPS[0])
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_pcm_saturates_instead_of_wrapping():
    wave = np.array([-2.0, -1.0, 0.0, 0.99999, 1.0, 2.0], dtype=np.float32)
    assert to_pcm16(wave).tolist() == [-32768, -32768, 0, 32767, 32767, 32767]
    assert from_pcm16(np.array([-32768], dtype=np.int16))[0] == -1.0


@pytest.mark.parametrize("place", [(0, 10, 100), (0, -1, 2), (1, 0, 1)])
def test_an_index_of_another_run_is_refused(tmp_path, place):
    write(tmp_path)
    with pytest.raises(StageError, match=r"again"):
        ShardReader(tmp_path).read(Place(*place))


def test_a_damaged_shard_is_refused(tmp_path):
    write(tmp_path)
    (tmp_path / "shard-000.npy").write_bytes(b"\x93NUMPY broken")
    with pytest.raises(StageError, match="damaged"):
        ShardReader(tmp_path).read(Place(0, 0, 1))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF and so on",
        np.lib.format.magic(2, 0) + b"\x00" * 20,
        np.lib.format.magic(1, 0) + b"\x76\x00{'descr': '<i2', 'shape': (",
    ],
)
def test_what_is_no_shard_is_refused(tmp_path, content):
    (tmp_path / "shard-000.npy").write_bytes(content)
    with pytest.raises(StageError, match="damaged"):
        ShardReader(tmp_path).read(Place(0, 0, 1))


@pytest.mark.parametrize("array", [np.zeros(9), np.zeros((3, 3), np.int16), np.zeros(9, ">i2")])
def test_an_array_of_something_else_is_refused(tmp_path, array):
    np.save(tmp_path / "shard-000.npy", array)
    with pytest.raises(StageError, match=r"damaged .*expected a row of 16-bit samples"):
        ShardReader(tmp_path).read(Place(0, 0, 1))


def test_whatever_happens_to_a_header_is_refused_or_read(tmp_path):
    write(tmp_path)
    path = tmp_path / "shard-000.npy"
    whole = path.read_bytes()
    for at in range(128):
        for byte in b"\x00'(9\xff":
            path.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
            with contextlib.suppress(StageError):
                ShardReader(tmp_path).read(Place(0, 0, 5))


@pytest.mark.parametrize("cut", [1, 2, 60])
def test_a_shard_that_was_cut_is_refused(tmp_path, cut):
    place = write(tmp_path)[-1]
    path = tmp_path / "shard-000.npy"
    opened = ShardReader(tmp_path)
    opened.read(place)
    os.truncate(path, path.stat().st_size - cut)
    with pytest.raises(StageError, match=r"expected 2 samples from 42, got"):
        opened.read(place)
    with pytest.raises(StageError, match="damaged"):
        ShardReader(tmp_path).read(place)


def test_a_shard_that_was_replaced_stays_the_one_that_was_opened(tmp_path):
    place = write(tmp_path)[0]
    reader = ShardReader(tmp_path)
    reader.read(place)
    (tmp_path / "new.npy").write_bytes(b"other")
    (tmp_path / "new.npy").replace(tmp_path / "shard-000.npy")
    np.testing.assert_array_equal(reader.read_pcm16(place), CLIPS[0])


def handles():
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_few_shards_are_open_at_once_and_none_is_mapped(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_OPEN", 2)
    places = write(tmp_path, shard_samples=1)
    gc.collect()
    before = handles()
    reader = ShardReader(tmp_path)
    for place, clip in [*zip(places, CLIPS, strict=True)] * 2:
        np.testing.assert_array_equal(reader.read_pcm16(place), clip)
        assert handles() <= before + 2
    assert str(tmp_path) not in Path("/proc/self/maps").read_text(encoding="utf-8")
    del reader
    assert handles() == before


def test_threads_share_a_reader(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_OPEN", 2)
    places = write(tmp_path, shard_samples=1)
    reader = ShardReader(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(reader.read_pcm16, places * 50))
    for pcm, clip in zip(read, CLIPS * 50, strict=True):
        np.testing.assert_array_equal(pcm, clip)


def test_another_process_gets_the_folder_and_no_handles(tmp_path):
    place = write(tmp_path)[2]
    reader = ShardReader(tmp_path)
    reader.read(place)
    copy = pickle.loads(pickle.dumps(reader))
    np.testing.assert_array_equal(copy.read_pcm16(place), CLIPS[2])


def test_nobody_writes_into_what_was_read(tmp_path):
    place = write(tmp_path)[2]
    with pytest.raises(ValueError, match="read-only"):
        ShardReader(tmp_path).read_pcm16(place)[0] = 1
