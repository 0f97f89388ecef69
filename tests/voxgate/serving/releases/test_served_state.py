from __future__ import annotations

from pathlib import Path

from tests.fakes.releases import MODEL, Story
from voxgate.serving.releases.served_state import ModelState, ServedVersion
from voxgate.serving.requests import PackagedVoice


def _ready(version: int) -> ServedVersion:
    voice = PackagedVoice(folder=Path(str(version)), digest=f"{version:064x}")
    return ServedVersion(model=MODEL, version=version, voice=voice)


def test_what_is_to_be_prepared_is_ordered_by_urgency_and_named_once() -> None:
    story = Story().released(1).released(2).released(3).registered(4).judged(4).tried(4)
    state = ModelState(book=story.book, read_at_s=0.0).with_wanted(1).with_wanted(3).with_wanted(2)
    assert state.wanted == (2, 3), "only the last two that were named stay"
    assert state.to_prepare(challenger=False) == (3, 2)
    assert state.to_prepare(challenger=True) == (3, 2, 4)
    assert state.with_warm(_ready(3)).to_prepare(challenger=True) == (2, 4)
    book = story.quarantined(2).book
    assert state.after_reading(book, now_s=1.0).to_prepare(challenger=False) == (3,)


def test_a_version_that_is_no_longer_live_is_warm_and_does_not_answer() -> None:
    story = Story().released(1)
    state = ModelState(book=story.released(2).book, read_at_s=0.0).with_warm(_ready(1))
    assert state.served is None
    assert state.with_warm(_ready(2)).answering(now_s=0.0, max_stale_s=1.0) == _ready(2)


def test_a_state_is_not_changed_by_what_comes_after_it() -> None:
    story = Story().released(1)
    before = ModelState(book=story.book, read_at_s=0.0).with_warm(_ready(1))
    after = before.after_reading(story.quarantined(1).book, now_s=9.0)
    assert (before.quarantined, after.quarantined) == (frozenset(), frozenset({1}))
    assert after.without_the_rest().warm == {}
    assert before.warm == {1: _ready(1)}
    assert before.answering(now_s=9.0, max_stale_s=1.0) == _ready(1)
