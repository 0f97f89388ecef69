"""Each clip is screened once, for everything that it depends on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fakes.clips import ingested_clip
from tests.fakes.counting_executor import CountingExecutor
from tests.fakes.ingested_corpus import RATE, make_speech, small_params
from voxgate.audio.shards import Pcm16, Place, to_pcm16
from voxgate.content_cache import ContentCache
from voxgate.corpus.validation import screening_room as module
from voxgate.corpus.validation.clip_screening import Screened, ScreeningRules
from voxgate.corpus.validation.dossiers import Dossier
from voxgate.corpus.validation.screening_room import ScreeningRoom
from voxgate.errors import TextError


def clip(n: int, *, text: str = "some words", language: str = "en", **audio: Any) -> Dossier:
    ingested = ingested_clip(
        f"r{n}", place=Place(0, 0, 2 * RATE), text=text, language=language, sha256=f"{n:064d}"
    )
    assert ingested.audio is not None
    return Dossier(clip=replace(ingested, audio=replace(ingested.audio, **audio)))


def stored(dossier: Dossier) -> Pcm16:
    return to_pcm16(make_speech(int(dossier.recording_id[1:])))


@pytest.fixture
def room(tmp_path: Path) -> ScreeningRoom:
    return ScreeningRoom(
        executor=CountingExecutor(),
        cache=ContentCache(tmp_path, "screening"),
        rules=ScreeningRules.of(small_params().validate_),
        languages=["en"],
        read=stored,
    )


def screened(room: ScreeningRoom, *clips: Dossier) -> int:
    """Screen the clips; return how many of them were checked."""
    executor = CountingExecutor()
    assert len(list(replace(room, executor=executor).screen(clips))) == len(clips)
    return len(executor.works)


def value(found: Screened) -> tuple[object, ...]:
    picture = None if found.fingerprint is None else found.fingerprint.tolist()
    return found.train_text, found.trim, found.signal, found.findings, picture


CLIPS = [clip(1), clip(2, text="[laughs]"), clip(3, text="it’s * here", clipped_fraction=0.5)]


def test_what_was_screened_is_not_checked_again(room: ScreeningRoom) -> None:
    first = [value(found) for found in room.screen(CLIPS)]
    assert screened(room, *CLIPS) == 0
    assert [value(found) for found in room.screen(CLIPS)] == first


def test_an_added_clip_costs_one_and_the_order_stays(room: ScreeningRoom) -> None:
    texts = ["one", "two", "three", "four"]
    clips = [clip(n, text=text) for n, text in enumerate(texts)]
    assert screened(room, clips[0], clips[2]) == 2
    assert screened(room, *clips[:3]) == 1
    assert [found.train_text for found in room.screen(clips)] == texts


@pytest.mark.parametrize(
    "other",
    [
        clip(1, text="other words"),
        clip(2),
        clip(1, clipped_fraction=0.01),
        clip(1, sample_rate_hz=24_000),
    ],
)
def test_another_clip_is_checked(room: ScreeningRoom, other: Dossier) -> None:
    assert [screened(room, clip(1)), screened(room, other)] == [1, 1]


@pytest.mark.parametrize(
    ("change", "checked"),
    [
        ({"min_snr_db": 21.0}, 1),
        ({"max_silence_s": 0.4}, 1),
        ({"spoken_symbols": {"star": "*"}}, 1),
        ({"max_cer": 0.9, "min_speaker_cosine": 0.1, "duplicate_correlation": 0.9}, 0),
    ],
)
def test_another_parameter_checks_again_where_the_checks_read_it(
    room: ScreeningRoom, change: dict[str, Any], checked: int
) -> None:
    screened(room, clip(1))
    changed = replace(room, rules=ScreeningRules.of(small_params(**change).validate_))
    assert screened(changed, clip(1)) == checked


def test_other_code_checks_again(room: ScreeningRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    screened(room, clip(1))
    monkeypatch.setattr(module, "code_digest", lambda _: "another line")
    assert screened(replace(room), clip(1)) == 1


def test_where_a_clip_lies_is_not_what_it_is(room: ScreeningRoom) -> None:
    screened(room, clip(1))
    assert screened(room, clip(1, place=Place(3, 999, 2 * RATE))) == 0


def test_english_texts_do_not_go_by_the_other_languages_of_the_corpus(room: ScreeningRoom) -> None:
    korean = clip(2, text="안녕하세요", language="ko")
    assert screened(room, clip(1), korean) == 2
    assert screened(replace(room, languages=["en", "ko"]), clip(1), korean) == 0
    assert screened(replace(room, languages=["en", "ja", "ko"]), clip(1), korean) == 1


def test_a_damaged_entry_is_made_again(room: ScreeningRoom) -> None:
    screened(room, clip(1))
    for path in room.cache.folder.rglob("*.npz"):
        path.write_bytes(path.read_bytes()[:100])
    assert screened(room, clip(1)) == 1
    assert screened(room, clip(1)) == 0


def test_what_came_before_a_failure_is_kept(room: ScreeningRoom) -> None:
    with pytest.raises(TextError):
        list(room.screen([clip(1), clip(2, language="fr"), clip(3)]))
    assert screened(room, clip(1), clip(3)) == 1


def test_samples_are_read_when_a_worker_is_free(room: ScreeningRoom) -> None:
    read: list[Dossier] = []

    def reading(dossier: Dossier) -> Pcm16:
        read.append(dossier)
        return stored(dossier)

    found = replace(room, read=reading).screen([clip(n) for n in range(5)])
    next(found)
    assert len(read) == 1
    assert np.array_equal(stored(read[0]), stored(clip(0)))
