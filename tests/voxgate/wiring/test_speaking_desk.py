from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.speech_pool import FakeSpeechPool, fake_sentence, utterance
from tests.fakes.voice_package import CARD
from voxgate.code_digest import import_closure
from voxgate.serving.desk.cache import SentenceCache
from voxgate.serving.desk.reading import PackagedSentences
from voxgate.serving.requests import Lane, PackagedVoice, SpokenSentence, Utterance
from voxgate.voice.card import write_card
from voxgate.wiring.speaking_desk import (
    CacheBounds,
    build_speaking_desk,
    open_sentence_cache,
    speaking_code,
)

TEXT = "Dr. Miller owes you $3. Thank you."


def always() -> None:
    return


def test_a_text_is_read_by_the_voices_own_front_end_and_kept_on_disk(tmp_path: Path) -> None:
    write_card(tmp_path / "voice", CARD)
    packaged = PackagedVoice(folder=tmp_path / "voice", digest="ab" * 32)
    asked = replace(utterance(TEXT), voice=packaged)
    first = asyncio.run(_say(asked, open_sentence_cache(tmp_path / "kept", bounds=CacheBounds())))
    again = asyncio.run(_say(asked, open_sentence_cache(tmp_path / "kept", bounds=CacheBounds())))
    expected = [
        fake_sentence(asked, "Doctor Miller owes you three dollars.", 0),
        fake_sentence(asked, "Thank you.", 1),
    ]
    assert (first[0], again[0]) == ("miss", "hit")
    for spoken in (first[1], again[1]):
        assert [s.pcm.tobytes() for s in spoken] == [s.pcm.tobytes() for s in expected]


async def _say(asked: Utterance, cache: SentenceCache) -> tuple[str, list[SpokenSentence]]:
    desk = build_speaking_desk(FakeSpeechPool(read=PackagedSentences()), cache)
    state, answer = await desk.speak(asked, lane=Lane.BATCH, allowed=always)
    return state, [sentence async for sentence in answer]


def test_what_is_too_old_is_gone_when_the_cache_is_opened(tmp_path: Path) -> None:
    now = datetime(2026, 11, 28, tzinfo=UTC)
    write_card(tmp_path / "voice", CARD)
    packaged = PackagedVoice(folder=tmp_path / "voice", digest="ab" * 32)
    asked = replace(utterance("Thank you."), voice=packaged)
    bounds, folder = CacheBounds(time_to_live=timedelta(hours=1)), tmp_path / "kept"
    asyncio.run(_say(asked, open_sentence_cache(folder, bounds=bounds, clock=lambda: now)))
    assert len(list(folder.rglob("*.s16"))) == 1
    open_sentence_cache(folder, bounds=bounds, clock=lambda: now + timedelta(hours=2))
    assert list(folder.rglob("*.s16")) == []


def test_the_speaking_code_is_everything_between_text_and_samples() -> None:
    inside = import_closure(["voxgate.speaking.loading"])
    needed = {
        "voxgate.speaking.streaming",
        "voxgate.speaking.sentence",
        "voxgate.text.sentences",
        "voxgate.text.english",
        "voxgate.audio.joining",
        "models.gpt_sovits.s1.token_model",
        "models.gpt_sovits.s2.wave_model",
    }
    assert needed <= inside
    assert not any(name.startswith(("voxgate.serving", "voxgate.adapters")) for name in inside)


def test_another_version_of_a_library_is_other_speaking_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("voxgate.wiring.speaking_desk.version", lambda name: f"{name} 1")
    names = [speaking_code.__wrapped__()]
    monkeypatch.setattr("voxgate.wiring.speaking_desk.version", lambda name: f"{name} 2")
    names += [speaking_code.__wrapped__(), speaking_code.__wrapped__()]
    assert names[0] != names[1] == names[2]
