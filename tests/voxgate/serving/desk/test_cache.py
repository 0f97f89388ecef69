from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.speech_pool import fake_sentence, utterance
from voxgate.errors import QuarantinedVersionError, StorageError
from voxgate.serving.desk.cache import SentenceCache, read_only
from voxgate.serving.desk.files import SentenceFiles
from voxgate.serving.desk.keys import SentenceKey, sentence_key
from voxgate.serving.requests import SpokenSentence

HOUR = timedelta(hours=1)
TEN = "ten letter"
SIZE = 2 * 100 * len(TEN)
VOICE, OTHER = "ab" * 32, "cd" * 32


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 28, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def entry(number: int, voice: str = VOICE) -> tuple[SentenceKey, SpokenSentence]:
    asked = utterance(TEN, seed=number, voice=voice)
    return sentence_key(asked, TEN, 0, speaking_code="c"), fake_sentence(asked, TEN, 0)


def always() -> None:
    return


def quarantined() -> None:
    raise QuarantinedVersionError("version 7 is quarantined")


def cached(
    folder: Path | None = None, *, clock: Clock | None = None, max_bytes: int = 1 << 20,
    disk_bytes: int = 1 << 20,
) -> SentenceCache:  # fmt: skip
    files = None if folder is None else SentenceFiles(folder, max_bytes=disk_bytes)
    clock = clock or Clock()
    return SentenceCache(files, max_bytes=max_bytes, time_to_live=HOUR, clock=clock)


def keep(cache: SentenceCache, key: SentenceKey, sentence: SpokenSentence) -> None:
    cache.put(key, sentence, as_of=cache.erasures)
    cache.store(key, sentence, as_of=cache.erasures)


def heard(cache: SentenceCache, key: SentenceKey) -> SpokenSentence | None:
    cache.load([key])
    return cache.get(key, allowed=always)


def test_what_was_kept_comes_back_and_nobody_can_change_it() -> None:
    cache, (key, sentence) = cached(), entry(1)
    assert cache.get(key, allowed=always) is None
    keep(cache, key, sentence)
    before = sentence.pcm.copy()
    sentence.pcm[:] = 0
    found = cache.get(key, allowed=always)
    assert found is not None
    assert np.array_equal(found.pcm, before)
    with pytest.raises(ValueError, match="read-only"):
        found.pcm[0] = 1
    assert (cache.counts.hits, cache.counts.misses) == (1, 1)
    assert read_only(found) is found


def test_every_hit_asks_whether_it_may_be_heard() -> None:
    cache, (key, sentence) = cached(), entry(1)
    keep(cache, key, sentence)
    with pytest.raises(QuarantinedVersionError):
        cache.get(key, allowed=quarantined)
    assert cache.get(key, allowed=always) is not None
    assert (cache.counts.hits, cache.counts.refused) == (1, 1)
    missing, _ = entry(2)
    assert cache.get(missing, allowed=quarantined) is None


def test_memory_is_bounded_and_the_least_recently_used_goes_first() -> None:
    cache = cached(max_bytes=3 * SIZE)
    entries = [entry(number) for number in range(4)]
    for key, sentence in entries[:3]:
        keep(cache, key, sentence)
    cache.get(entries[0][0], allowed=always)
    keep(cache, *entries[3])
    there = [cache.get(key, allowed=always) is not None for key, _ in entries]
    assert there == [True, False, True, True]
    assert (cache.counts.evicted, cache.bytes) == (1, 3 * SIZE)
    keep(cache, *entries[3])
    assert cache.bytes == 3 * SIZE


def test_one_that_is_larger_than_all_room_drives_nothing_out() -> None:
    cache, (key, sentence) = cached(max_bytes=SIZE), entry(1)
    keep(cache, key, sentence)
    asked = utterance("x" * 11)
    large = sentence_key(asked, asked.text, 0, speaking_code="c")
    keep(cache, large, fake_sentence(asked, asked.text, 0))
    assert cache.get(large, allowed=always) is None
    assert cache.get(key, allowed=always) is not None


@pytest.mark.parametrize("step", [HOUR, -timedelta(seconds=1)])
def test_what_is_too_old_or_from_the_future_counts_as_absent(
    tmp_path: Path, step: timedelta
) -> None:
    clock = Clock()
    cache, (key, sentence) = cached(tmp_path, clock=clock), entry(1)
    keep(cache, key, sentence)
    clock.now += HOUR - timedelta(seconds=1)
    assert heard(cache, key) is not None
    clock.now += step - HOUR + timedelta(seconds=1)
    assert heard(cache, key) is None
    assert heard(cached(tmp_path, clock=clock), key) is None
    cache.sweep()
    assert list(tmp_path.rglob("*.s16")) == []
    assert cache.counts.expired == 2  # memory when it was asked for, the file in the sweep


def test_another_process_finds_what_was_stored(tmp_path: Path) -> None:
    asked = utterance("This is endless.")
    key = sentence_key(asked, asked.text, 3, speaking_code="c")
    sentence = fake_sentence(asked, asked.text, 3)
    keep(cached(tmp_path), key, sentence)
    later = cached(tmp_path)
    assert later.get(key, allowed=always) is None
    found = heard(later, key)
    assert found is not None
    assert np.array_equal(found.pcm, sentence.pcm)
    assert (found.place, found.sample_rate_hz, found.stopped_by_limit) == (3, 16_000, True)
    assert found.pcm.dtype == np.int16
    assert later.counts.loaded == 1
    [path] = tmp_path.rglob("*.s16")
    assert path.stat().st_mode & 0o077 == 0
    assert tmp_path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("at", [0, 70, 100, -1])
def test_a_damaged_file_counts_as_absent_and_is_removed(tmp_path: Path, at: int) -> None:
    key, sentence = entry(1)
    keep(cached(tmp_path), key, sentence)
    [path] = tmp_path.rglob("*.s16")
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    later = cached(tmp_path)
    assert heard(later, key) is None
    assert not path.exists()
    keep(later, key, sentence)
    assert heard(cached(tmp_path), key) is not None


def test_a_truncated_or_empty_file_counts_as_absent(tmp_path: Path) -> None:
    key, sentence = entry(1)
    for size in (0, 10, 100):
        keep(cached(tmp_path), key, sentence)
        [path] = tmp_path.rglob("*.s16")
        path.write_bytes(path.read_bytes()[:size])
        assert heard(cached(tmp_path), key) is None


def test_the_disk_is_bounded_also_when_it_is_opened(tmp_path: Path) -> None:
    clock = Clock()
    entries = [entry(number) for number in range(4)]
    cache = cached(tmp_path, clock=clock, disk_bytes=3 * (SIZE + 200))
    for key, sentence in entries:
        clock.now += timedelta(seconds=1)
        keep(cache, key, sentence)
    assert len(list(tmp_path.rglob("*.s16"))) == 3
    smaller = SentenceFiles(tmp_path, max_bytes=SIZE + 200)
    assert smaller.evicted == 2
    assert smaller.bytes <= SIZE + 200
    assert [smaller.read(key) is not None for key, _ in entries] == [False, False, False, True]


def test_on_disk_too_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    entries = [entry(number) for number in range(4)]
    files = SentenceFiles(tmp_path, max_bytes=3 * (SIZE + 200))
    for key, sentence in entries[:3]:
        files.write(key, sentence, made_at_s=1e9, still=lambda: True)
    files.read(entries[0][0])
    files.write(*entries[3], made_at_s=1e9, still=lambda: True)
    assert [files.read(key) is not None for key, _ in entries] == [True, False, True, True]


def test_a_recall_erases_memory_and_disk_of_that_voice_alone(tmp_path: Path) -> None:
    cache, mine, other = cached(tmp_path), entry(1), entry(1, OTHER)
    for key, sentence in (mine, other):
        keep(cache, key, sentence)
    assert cache.erase(lambda owner: owner.voice == VOICE) == 2
    assert heard(cache, mine[0]) is None
    assert heard(cached(tmp_path), mine[0]) is None
    assert heard(cached(tmp_path), other[0]) is not None
    assert cache.counts.erased == 2


def test_what_was_being_made_during_a_recall_is_not_kept(tmp_path: Path) -> None:
    cache, (key, sentence) = cached(tmp_path), entry(1)
    as_of = cache.erasures
    cache.erase(lambda owner: owner.voice == VOICE)
    cache.put(key, sentence, as_of=as_of)
    cache.store(key, sentence, as_of=as_of)
    assert heard(cache, key) is None
    assert list(tmp_path.rglob("*.s16")) == []


def test_a_sweep_is_no_recall() -> None:
    cache, (key, sentence) = cached(), entry(1)
    as_of = cache.erasures
    cache.sweep()
    cache.put(key, sentence, as_of=as_of)
    assert cache.get(key, allowed=always) is not None


def test_loading_stops_at_the_first_that_is_not_there(tmp_path: Path) -> None:
    entries = [entry(number) for number in range(3)]
    cache = cached(tmp_path)
    keep(cache, *entries[0])
    keep(cache, *entries[2])
    later = cached(tmp_path)
    later.load(key for key, _ in entries)
    there = [later.get(key, allowed=always) is not None for key, _ in entries]
    assert there == [True, False, False]


def test_a_digest_that_would_lead_elsewhere_is_refused(tmp_path: Path) -> None:
    cache, (key, sentence) = cached(tmp_path / "cache"), entry(1, "../elsewhere")
    with pytest.raises(ValueError, match="digest in hex"):
        cache.store(key, sentence, as_of=cache.erasures)


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    with pytest.raises(StorageError, match="cache"):
        SentenceFiles(tmp_path / "cache", max_bytes=1)
