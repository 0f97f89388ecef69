from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fakes.releases import MODEL
from tests.fakes.served_releases import caught_up
from tests.fakes.speaker_profiles import NOW, make_score
from tests.fakes.speaking_house import ASKED, CALLER, TEXT, House
from voxgate.errors import (
    ConsentError,
    OverloadedError,
    ProfileStateError,
    QuarantinedVersionError,
    StorageError,
    TextError,
    UnknownPresetError,
    UnknownProfileError,
    UnknownVersionError,
    VoxgateError,
)
from voxgate.serving.audit.record import Outcome, SpeechRecord
from voxgate.speakers import decisions


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def run(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 20))


def test_an_answer_says_what_made_it_and_is_entered_as_a_whole(house: House) -> None:
    async def scene() -> None:
        answer = await house.say(replace(ASKED, profile="anna", preset="telephone", seed=7))
        said = [sentence async for sentence in answer.sentences]
        preset = house.book.find("telephone")
        assert (answer.model, answer.version, answer.profile) == (MODEL, 1, "anna@1")
        assert (answer.preset, answer.preset_digest) == ("telephone@1", preset.digest)
        assert (answer.seed, answer.cache, answer.sample_rate_hz) == (7, "miss", 16_000)
        assert answer.device is None
        on_gpu = replace(house.service, device="Acme One")
        assert (await on_gpu.say(ASKED, caller=CALLER)).device == "Acme One"
        (record,) = house.records()
        pcm = np.concatenate([sentence.pcm for sentence in said])
        assert record.outcome is Outcome.COMPLETE
        assert record.pcm_sha256 == hashlib.sha256(pcm.tobytes()).hexdigest()
        assert record.duration_s == pytest.approx(len(pcm) / 16_000, abs=1e-6)
        assert (record.sentences, record.text, record.key_id) == (2, None, "k1")
        anna = house.shelf.require("anna")
        assert (record.profile, record.consent_digest) == ("anna@1", anna.consent.digest)
        assert (record.version, record.voice_digest) == (1, answer.voice_digest)

    run(scene)


def test_what_is_left_to_others_is_chosen_by_release_and_preset(house: House) -> None:
    async def scene() -> None:
        answer = await house.say()
        assert (answer.profile, answer.preset, answer.seed) == (None, "standard@1", 0)
        house.releases.story.released(2)
        caught_up(house.live)
        assert (await house.say()).version == 2
        assert (await house.say(replace(ASKED, version=1))).version == 1

    run(scene)


def test_the_second_time_nothing_is_spoken(house: House) -> None:
    async def scene() -> None:
        for expected in ("miss", "hit"):
            answer = await house.say()
            assert answer.cache == expected
            assert len([sentence async for sentence in answer.sentences]) == 2
        assert house.pool.syntheses == 1
        assert [record.cache for record in house.records()] == ["miss", "hit"]

    run(scene)


def test_only_a_key_that_keeps_texts_leaves_one(house: House) -> None:
    async def scene() -> None:
        answer = await house.say(rights=frozenset({"speak", "audit:text"}))
        async for _ in answer.sentences:
            pass
        (record,) = house.records()
        assert record.text == TEXT

    run(scene)


def test_what_an_uncached_key_asks_for_is_not_kept_and_may_be_answered_from_what_is(
    house: House,
) -> None:
    async def said(*rights: str) -> str:
        answer = await house.say(rights=frozenset({"speak", *rights}))
        async for _ in answer.sentences:
            pass
        return answer.cache

    async def scene() -> None:
        assert [await said("cache:none") for _ in range(2)] == ["miss", "miss"]
        assert house.cache.bytes == 0
        assert await said() == "miss"
        assert house.cache.bytes > 0
        assert await said("cache:none") == "hit"

    run(scene)


def test_who_leaves_is_entered_with_what_was_handed_out(house: House) -> None:
    async def scene() -> None:
        answer = await house.say()
        await anext(answer.sentences)
        await answer.sentences.aclose()  # type: ignore[attr-defined]
        await answer.sentences.aclose()  # type: ignore[attr-defined]
        (record,) = house.records()
        assert (record.outcome, record.sentences) == (Outcome.LEFT, 1)
        assert house.spool.used_bytes < 16_384  # its room is free again

    run(scene)


def test_what_breaks_off_is_entered_and_raised(house: House) -> None:
    async def scene() -> None:
        house.pool.faults[1] = TextError("broken")
        answer = await house.say()
        await anext(answer.sentences)
        with pytest.raises(TextError):
            await anext(answer.sentences)
        (record,) = house.records()
        assert (record.outcome, record.sentences) == (Outcome.FAILED, 1)

    run(scene)


REFUSED: list[tuple[str, dict[str, Any], dict[str, Any], type[VoxgateError]]] = [
    ("no such model", {"model": "none"}, {}, UnknownVersionError),
    ("no such version", {"version": 9}, {}, UnknownVersionError),
    ("no such voice", {"profile": "carl"}, {}, UnknownProfileError),
    ("no such preset", {"preset": "none"}, {}, UnknownPresetError),
    ("a wider purpose than the speaker's", {"profile": "anna"}, {"purpose": "publication"},
     ConsentError),
    ("a wider purpose than the release's", {}, {"purpose": "publication"}, ConsentError),
]  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "caller", "error"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_may_not_be_said_is_refused_and_takes_no_room(
    house: House, request_: dict[str, Any], caller: dict[str, Any], error: type[VoxgateError]
) -> None:
    async def scene() -> None:
        with pytest.raises(error) as said:
            await house.say(replace(ASKED, **request_), **caller)
        with pytest.raises(error) as checked:
            house.service.check(replace(ASKED, **request_), caller=replace(CALLER, **caller))
        assert str(checked.value) == str(said.value)
        assert (house.pool.syntheses, house.records(), house.spool.used_bytes) == (0, [], 0)

    run(scene)


def test_what_may_be_said_passes_the_check_and_is_not_spoken(house: House) -> None:
    house.service.check(replace(ASKED, profile="anna", preset="telephone"), caller=CALLER)
    assert (house.pool.syntheses, house.records(), house.spool.used_bytes) == (0, [], 0)
    house.register.revoke("anna")
    house.shelf.read()
    with pytest.raises(ProfileStateError):
        house.service.check(replace(ASKED, profile="anna"), caller=CALLER)


def test_a_text_that_cannot_be_spoken_takes_no_room(house: House) -> None:
    async def scene() -> None:
        house.pool.faults[0] = TextError("nothing speakable")
        with pytest.raises(TextError):
            await house.say()
        assert (house.records(), house.spool.used_bytes) == ([], 0)

    run(scene)


def test_a_consent_that_has_ended_is_refused(house: House) -> None:
    async def scene() -> None:
        house.register.enrol("dora", expires_on=NOW.date(), reference="d" * 64)
        house.shelf.read()
        assert await house.say(replace(ASKED, profile="dora"))
        later = replace(house.service.admission, clock=lambda: NOW + timedelta(days=1))
        tomorrow = replace(house.service, admission=later)
        with pytest.raises(ConsentError, match=str(date(2026, 6, 1))):
            await tomorrow.say(replace(ASKED, profile="dora"), caller=CALLER)

    run(scene)


def test_a_revocation_stops_what_is_being_said_and_what_is_kept(house: House) -> None:
    async def scene() -> None:
        asked = replace(ASKED, profile="anna")
        async for _ in (await house.say(asked)).sentences:
            pass
        answer = await house.say(asked)
        await anext(answer.sentences)
        house.register.revoke("anna")
        house.shelf.read()
        with pytest.raises(ProfileStateError):
            await anext(answer.sentences)
        with pytest.raises(ProfileStateError):
            await house.say(asked)
        assert [record.outcome for record in house.records()] == [Outcome.COMPLETE, Outcome.FAILED]

    run(scene)


def test_who_the_live_voice_surely_does_not_sound_like_is_not_spoken_as(house: House) -> None:
    asked = replace(ASKED, profile="anna")

    def score(model: str, preset: str, similarity: float) -> None:
        found = make_score(model, house.book.find(preset).digest, similarity=similarity)
        house.register.append(
            lambda standing, now: decisions.score(standing, "anna", 1, found, by="bob", now=now)
        )
        house.shelf.read()

    async def scene() -> None:
        served = house.live.current(MODEL)
        score("0" * 64, "standard", 0.1)  # of another version
        score(served.voice.digest, "realtime", 0.1)  # of another preset
        assert (await house.say(asked)).profile == "anna@1"
        score(served.voice.digest, "standard", 0.1)
        with pytest.raises(ProfileStateError, match=r"expected a similarity .* of 0\.550 or more"):
            await house.say(asked)
        score(served.voice.digest, "standard", 0.9)
        assert (await house.say(asked)).profile == "anna@1"

    run(scene)


def test_a_list_of_profiles_says_how_each_stands_with_what_answers(house: House) -> None:
    def standing() -> Any:
        (anna,) = house.service.profiles()
        return anna["standings"][MODEL]

    def score(digest: str, similarity: float) -> None:
        found = make_score(digest, house.book.find("standard").digest, similarity=similarity)
        house.register.append(
            lambda now_standing, now: decisions.score(
                now_standing, "anna", 1, found, by="bob", now=now
            )
        )
        house.shelf.read()

    assert standing() == "unmeasured"
    score("0" * 64, 0.9)
    assert standing() == "stale"
    served = house.live.current(MODEL)
    score(served.voice.digest, 0.9)
    assert standing() == "good"
    score(served.voice.digest, 0.1)
    assert standing() == "unfit"
    house.releases.story.quarantined(1)
    house.live.read()
    assert standing() is None, "nothing answers"


def test_a_quarantine_stops_an_answer_that_has_begun(house: House) -> None:
    async def scene() -> None:
        answer = await house.say()
        await anext(answer.sentences)
        house.releases.story.quarantined(1)
        house.live.read()
        with pytest.raises(QuarantinedVersionError):
            await anext(answer.sentences)
        with pytest.raises(QuarantinedVersionError):
            await house.say()

    run(scene)


def test_kept_sentences_of_a_quarantined_version_are_heard_by_nobody(house: House) -> None:
    async def scene() -> None:
        kept = [sentence async for sentence in (await house.say()).sentences]
        again = await house.say()
        assert again.cache == "hit"
        assert len(kept) > 1
        await anext(again.sentences)
        spoken = house.pool.syntheses
        house.releases.story.quarantined(1)
        house.live.read()
        with pytest.raises(QuarantinedVersionError):
            await anext(again.sentences)
        with pytest.raises(QuarantinedVersionError):
            await house.say()
        assert house.pool.syntheses == spoken

    run(scene)


def test_nothing_is_said_that_could_not_be_accounted_for(tmp_path: Path) -> None:
    async def scene() -> None:
        house = House(tmp_path, spool_bytes=40_000)
        await house.say()  # its record has its room
        with pytest.raises(OverloadedError, match="spool is full"):
            await house.say()
        assert house.pool.syntheses == 1

    run(scene)


def test_a_record_that_cannot_be_written_breaks_the_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        answer = await house.say()

        def refuse(_record: SpeechRecord, _answer: str) -> None:
            raise StorageError("the disk is full")

        monkeypatch.setattr(house.spool, "append", refuse)
        with pytest.raises(StorageError):
            async for _ in answer.sentences:
                pass

    run(scene)


def test_what_can_be_asked_for_is_listed(house: House) -> None:
    (model,) = house.service.models()
    assert (model["id"], model["live"], model["consent_scope"]) == (MODEL, 1, "internal")
    assert model["live_since"] == house.live.live_since(MODEL, 1).isoformat(timespec="seconds")
    assert [profile["id"] for profile in house.service.profiles()] == ["anna"]
    assert "standard@1" in [preset["id"] for preset in house.service.presets()]
    house.releases.story.quarantined(1)
    house.live.read()
    assert "quarantined" in house.service.models()[0]["why_not"]


def test_it_is_ready_while_something_is_live(house: House) -> None:
    assert house.service.readiness().ready
    house.releases.story.quarantined(1)
    house.live.read()
    found = house.service.readiness()
    assert not found.ready
    assert "quarantined" in found.degraded[0]


def test_nobody_is_told_of_answers_without_a_trial(house: House) -> None:
    async def scene() -> None:
        async for _ in (await house.say()).sentences:
            pass
        assert house.observed == []

    run(scene)


def test_a_trial_is_told_of_every_answer_and_how_it_ended(house: House) -> None:
    async def scene() -> None:
        house.releases.story.registered(2).judged(2).tried(2, shadow_per_mille=1000)
        caught_up(house.live)
        answer = await house.say()
        said = [sentence async for sentence in answer.sentences]
        assert answer.version == 1
        left = await house.say(replace(ASKED, text="Another one. It is left."))
        await anext(left.sentences)
        await left.sentences.aclose()  # type: ignore[attr-defined]
        house.pool.faults[0] = TextError("nothing speakable")
        with pytest.raises(TextError):
            await house.say(replace(ASKED, text="A third."))
        whole, gone, failed = house.observed
        assert (list(whole.sentences), whole.made, whole.left, whole.error) == (
            said, True, False, None,
        )  # fmt: skip
        assert whole.routing.shadow == 2
        assert whole.first_audio_s is not None
        assert (gone.left, len(gone.sentences)) == (True, 1)
        assert isinstance(failed.error, TextError)

    run(scene)


def test_a_canary_is_heard_by_its_share_and_by_nobody_who_names_a_version(house: House) -> None:
    async def scene() -> None:
        house.releases.story.registered(2).judged(2).approved(2).tried(2, canary_per_mille=50)
        caught_up(house.live)
        versions = [
            (await house.say(replace(ASKED, text=f"Number {n}."))).version for n in range(200)
        ]
        again = [(await house.say(replace(ASKED, text=f"Number {n}."))).version for n in range(200)]
        assert versions == again
        assert 1 <= versions.count(2) <= 30
        pinned = [
            (await house.say(replace(ASKED, text=f"Number {n}.", version=1))).version
            for n in range(200)
        ]
        assert set(pinned) == {1}
        house.releases.story.stopped(2)
        house.live.read()
        after = [(await house.say(replace(ASKED, text=f"Number {n}."))).version for n in range(200)]
        assert set(after) == {1}

    run(scene)
