from pathlib import Path

import numpy as np

from voxgate.content_cache import ContentCache


def test_values_come_back_under_their_key_only(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path, "asr")
    cache.put_json({"clip": "a"}, {"text": "hello"})
    assert cache.get_json({"clip": "a"}) == {"text": "hello"}
    assert cache.get_json({"clip": "b"}) is None


def test_arrays_come_back_equal(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path, "tokens")
    cache.put_arrays({"clip": "a"}, {"codes": np.arange(5, dtype=np.int16)})
    stored = cache.get_arrays({"clip": "a"})
    assert stored is not None
    np.testing.assert_array_equal(stored["codes"], np.arange(5, dtype=np.int16))


def test_a_damaged_entry_counts_as_absent(tmp_path: Path) -> None:
    cache = ContentCache(tmp_path, "tokens")
    cache.put_arrays({"clip": "a"}, {"codes": np.arange(5)})
    cache.put_json({"clip": "a"}, [1])
    for path in tmp_path.rglob("*.*"):
        path.write_bytes(path.read_bytes()[:9])
    assert cache.get_arrays({"clip": "a"}) is None
    (damaged,) = tmp_path.rglob("*.json")
    damaged.write_bytes(b'{"te')
    assert cache.get_json({"clip": "a"}) is None
