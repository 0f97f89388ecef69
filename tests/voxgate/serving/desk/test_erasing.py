"""What is kept of a voice that was quarantined goes away, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.releases import Story
from tests.fakes.speech_pool import fake_sentence, utterance
from voxgate.errors import StorageError
from voxgate.serving.desk.cache import SentenceCache
from voxgate.serving.desk.erasing import QuarantineEraser
from voxgate.serving.desk.files import SentenceFiles
from voxgate.serving.desk.keys import SentenceKey, sentence_key

TEXT = "Come in."


@pytest.fixture
def story() -> Story:
    return Story().released(1).released(2)


@pytest.fixture
def cache(tmp_path: Path) -> SentenceCache:
    files = SentenceFiles(tmp_path, max_bytes=1 << 20)
    return SentenceCache(files, max_bytes=1 << 20, time_to_live=timedelta(hours=1))


def _keep(cache: SentenceCache, story: Story, version: int) -> SentenceKey:
    voice = str(story.book.require(version).origin.model_digest)
    asked = utterance(TEXT, voice=voice)
    key, sentence = sentence_key(asked, TEXT, 0, speaking_code="c"), fake_sentence(asked, TEXT, 0)
    cache.put(key, sentence, as_of=cache.erasures)
    cache.store(key, sentence, as_of=cache.erasures)
    return key


def _is_kept(cache: SentenceCache, key: SentenceKey) -> bool:
    return cache.get(key, allowed=lambda: None) is not None


def _files(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def test_sentences_of_a_quarantined_voice_leave_memory_and_disk(
    story: Story, cache: SentenceCache, tmp_path: Path
) -> None:
    bad, good = _keep(cache, story, 1), _keep(cache, story, 2)
    before = _files(tmp_path)
    eraser = QuarantineEraser(cache, lambda: story.book)
    assert eraser.look() == 0
    assert (_is_kept(cache, bad), _is_kept(cache, good)) == (True, True)
    story.quarantined(1)
    assert eraser.look() > 0
    assert (_is_kept(cache, bad), _is_kept(cache, good)) == (False, True)
    assert 0 < _files(tmp_path) < before
    erasures = cache.erasures
    assert eraser.look() == 0
    assert cache.erasures == erasures, "a voice is erased once"


def test_a_disk_that_fails_is_tried_again(
    story: Story, cache: SentenceCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = _keep(cache, story, 1)
    story.quarantined(1)
    eraser = QuarantineEraser(cache, lambda: story.book)

    def fail(*_: Any) -> int:
        raise StorageError("the disk is away")

    with monkeypatch.context() as patched:
        patched.setattr(cache, "erase", fail)
        with pytest.raises(StorageError):
            eraser.look()
    assert eraser.look() > 0
    assert not _is_kept(cache, key)
