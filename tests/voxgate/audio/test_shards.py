"""Shards: what goes in comes out, in the same bytes each time."""

import numpy as np
import pytest

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
