from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest

from tests.fakes.releases import MODEL
from tests.fakes.served_releases import ServedReleases as Served
from tests.fakes.served_releases import caught_up
from voxgate.errors import (
    OverloadedError,
    QuarantinedVersionError,
    UnknownVersionError,
)
from voxgate.release.records import Release
from voxgate.serving.releases.routing import Challenger, RoutingRules
from voxgate.serving.releases.served_state import StaleLedgerError
from voxgate.serving.requests import PackagedVoice


@pytest.fixture
def site() -> Served:
    made = Served()
    made.story.released(1)
    return made


def test_the_live_version_answers_with_the_package_of_the_ledger(site: Served) -> None:
    served = caught_up(site.follow()).current(MODEL)
    assert (served.version, served.model) == (1, MODEL)
    assert served.voice.digest == site.story.book.require(1).origin.model_digest
    assert site.warmed == [f"{MODEL}-1"]


def test_a_promotion_takes_over_once_its_version_is_warm(site: Served) -> None:
    live = caught_up(site.follow())
    in_flight = live.current(MODEL)
    site.story.released(2)
    live.read()
    assert live.current(MODEL).version == 1, "2 is not warm yet"
    live.prepare()
    assert live.current(MODEL).version == 2
    assert in_flight.version == 1
    live.prepare()
    assert site.fetched == [1, 2]


def test_it_is_told_since_when_a_version_is_live(site: Served) -> None:
    live = caught_up(site.follow())
    first = live.live_since(MODEL, 1)
    assert first is not None
    site.story.released(2)
    live.read()
    assert live.live_since(MODEL, 1) is None
    second = live.live_since(MODEL, 2)
    assert second is not None
    assert second > first
    site.story.rolled_back()
    live.read()
    again = live.live_since(MODEL, 1)
    assert again is not None
    assert again > second


def test_a_version_is_warm_before_it_answers(site: Served) -> None:
    seen: list[int] = []

    def warm(voice: PackagedVoice) -> None:
        if voice.folder.name.endswith("2"):
            seen.append(live.current(MODEL).version)

    live = caught_up(site.follow(warm=warm))
    site.story.released(2)
    caught_up(live)
    assert (seen, live.current(MODEL).version) == ([1], 2)


def test_a_rollback_answers_at_the_next_request_for_its_target_is_still_warm(
    site: Served,
) -> None:
    live = caught_up(site.follow())
    site.story.released(2)
    caught_up(live)
    site.story.rolled_back()
    live.read()
    assert live.current(MODEL).version == 1
    assert site.fetched == [1, 2]


def test_a_quarantine_takes_effect_while_another_version_is_being_fetched(
    site: Served,
) -> None:
    fetching, go_on = threading.Event(), threading.Event()

    def fetch(model: str, release: Release) -> PackagedVoice:
        if release.version == 2:
            fetching.set()
            assert go_on.wait(10)
        return site.fetch(model, release)

    live = caught_up(site.follow(fetch=fetch))
    site.story.released(2)
    live.read()
    preparing = threading.Thread(target=live.prepare)
    preparing.start()
    assert fetching.wait(10)
    site.story.quarantined(1)
    live.read()
    with pytest.raises(OverloadedError, match="version 2 is being made ready"):
        live.current(MODEL)
    with pytest.raises(QuarantinedVersionError):
        live.current(MODEL, 1)
    assert live.quarantined(MODEL) == {1}
    go_on.set()
    preparing.join(10)
    assert live.current(MODEL).version == 2


def test_a_version_that_is_quarantined_while_it_is_fetched_never_answers(
    site: Served,
) -> None:
    def warm(voice: PackagedVoice) -> None:
        if voice.folder.name.endswith("2"):
            site.story.quarantined(2)
            live.read()

    live = caught_up(site.follow(warm=warm))
    site.story.released(2)
    caught_up(live)
    assert live.quarantined(MODEL) == {2}
    assert live.current(MODEL).version == 1
    assert {served.version for served in live.kept()} == {1}


def test_when_the_live_version_is_quarantined_nothing_answers(site: Served) -> None:
    live = caught_up(site.follow())
    site.story.quarantined(1)
    live.read()
    with pytest.raises(QuarantinedVersionError, match="nothing took its place"):
        live.current(MODEL)


def test_the_last_known_state_is_served_for_a_while_and_then_not(site: Served) -> None:
    live = caught_up(site.follow())
    site.away = True
    site.now_s += 30.0
    live.read()
    assert live.current(MODEL).version == 1
    assert live.problems() == (f"{MODEL}: the ledger cannot be read: the database does not answer",)
    site.now_s += 0.1
    for ask in (live.current, live.quarantined, live.on_trial):
        with pytest.raises(StaleLedgerError, match=r"after 30 s .*database does not answer"):
            ask(MODEL)
    site.away = False
    live.read()
    assert (live.current(MODEL).version, live.problems()) == (1, ())


def test_nothing_is_served_before_the_ledger_was_read(site: Served) -> None:
    with pytest.raises(StaleLedgerError, match="has not been read yet"):
        site.follow().current(MODEL)


def test_a_promotion_that_cannot_be_fetched_leaves_the_old_version_and_is_named(
    site: Served,
) -> None:
    live = caught_up(site.follow())
    site.story.released(2)
    site.broken = {2}
    caught_up(live)
    assert live.current(MODEL).version == 1
    (problem,) = live.problems()
    assert problem == f"{MODEL}: version 2 cannot be made ready: the store is empty"
    live.read()
    assert live.problems() == (problem,)
    site.broken = set()
    caught_up(live)
    assert (live.current(MODEL).version, live.problems()) == (2, ())


def test_a_package_that_is_not_the_registered_one_is_never_served(site: Served) -> None:
    live = caught_up(site.follow())
    site.story.released(2)
    site.swapped = {2}
    caught_up(live)
    assert live.current(MODEL).version == 1
    assert f"{MODEL}-2" not in site.warmed
    assert "it is not served" in live.problems()[0]


def test_what_a_rollback_left_is_served_for_a_while_only(site: Served) -> None:
    site.story.released(2)
    live = caught_up(site.follow())
    site.story.rolled_back()
    site.broken = {1}
    caught_up(live)
    assert live.current(MODEL).version == 2
    site.now_s += 20.0
    live.read()
    site.now_s += 11.0
    live.read()
    with pytest.raises(StaleLedgerError, match="a rollback left version 2"):
        live.current(MODEL)
    site.broken = set()
    caught_up(live)
    assert live.current(MODEL).version == 1


def test_a_named_version_is_made_ready_and_stays_while_another_becomes_live(
    site: Served,
) -> None:
    site.story.released(2)
    live = caught_up(site.follow())
    with pytest.raises(OverloadedError, match="version 1 is being made ready") as caught:
        live.current(MODEL, 1)
    assert caught.value.retry_after_s > 0
    live.prepare()
    assert live.current(MODEL, 1).version == 1
    site.story.released(3)
    site.story.released(4)
    caught_up(live)
    assert (live.current(MODEL, 1).version, live.current(MODEL).version) == (1, 4)


def test_a_version_that_was_never_live_cannot_be_named(site: Served) -> None:
    site.story.registered(2).judged(2).approved(2)
    live = caught_up(site.follow(with_challenger=True))
    with pytest.raises(UnknownVersionError, match="version 2 is approved, never was live"):
        live.current(MODEL, 2)
    with pytest.raises(UnknownVersionError, match="version 9 is not in the ledger"):
        live.current(MODEL, 9)
    with pytest.raises(UnknownVersionError, match="no model 'x' is served here"):
        live.current("x")


def test_a_version_on_trial_is_warm_where_that_is_asked_and_heard_only_with_a_canary(
    site: Served,
) -> None:
    site.story.registered(2).judged(2).tried(2, shadow_per_mille=300)
    assert caught_up(site.follow()).on_trial(MODEL) is None
    live = site.follow(with_challenger=True, now=lambda: site.story.now)
    live.read()
    assert live.on_trial(MODEL) is None, "it is not warm yet"
    live.prepare()
    shadow = live.on_trial(MODEL)
    assert shadow is not None
    assert (shadow.challenger, shadow.ready.version) == (Challenger(version=2, hearable=False), 2)
    assert shadow.rules == RoutingRules(shadow_per_mille=300)
    site.story.stopped(2).approved(2).tried(2, canary_per_mille=20)
    live.read()
    canary = live.on_trial(MODEL)
    assert canary is not None
    assert (canary.challenger.hearable, canary.rules.canary_per_mille) == (True, 20)
    assert canary.number > shadow.number
    site.story.promoted(2)
    live.read()
    assert (live.on_trial(MODEL), live.current(MODEL).version) == (None, 2)


def test_a_stop_takes_effect_at_the_next_reading_and_the_end_of_its_time_without_one(
    site: Served,
) -> None:
    site.story.registered(2).judged(2).tried(2, days=1)
    now = site.story.now
    live = caught_up(site.follow(with_challenger=True, now=lambda: now))
    assert live.on_trial(MODEL) is not None
    now += timedelta(days=2)
    assert live.on_trial(MODEL) is None
    now -= timedelta(days=2)
    site.story.stopped(2)
    live.read()
    assert live.on_trial(MODEL) is None
    live.prepare()
    assert [ready.version for ready in live.kept()] == [1], "a stopped one is not kept warm"


def test_no_trial_while_another_version_than_the_live_one_answers(site: Served) -> None:
    live = site.follow(with_challenger=True, now=lambda: site.story.now)
    caught_up(live)
    site.broken.add(2)
    site.story.released(2).registered(3).judged(3).tried(3)
    caught_up(live)
    assert live.current(MODEL).version == 1, "2 cannot be made ready"
    assert live.on_trial(MODEL) is None


def test_where_nothing_is_live_nothing_answers() -> None:
    site = Served()
    site.story.registered(1)
    with pytest.raises(UnknownVersionError, match=r"nothing of .* is live"):
        caught_up(site.follow()).current(MODEL)


def test_versions_that_nobody_asks_for_are_let_go(site: Served) -> None:
    live = caught_up(site.follow())
    for number in (2, 3, 4):
        site.story.released(number)
        caught_up(live)
    assert sorted(served.version for served in live.kept()) == [3, 4]


def test_the_follower_goes_with_the_ledger_without_a_request_that_fails(
    site: Served,
) -> None:
    live = caught_up(site.follow())

    async def run() -> set[int]:
        following = asyncio.create_task(live.follow(period_s=0.002))
        heard: set[int] = set()
        for change in ("released", "rolled_back"):
            if change == "released":
                site.story.released(2)
            else:
                site.story.rolled_back()
            wanted = site.story.book.live
            async with asyncio.timeout(10):
                while live.current(MODEL).version != wanted:
                    heard.add(live.current(MODEL).version)
                    await asyncio.sleep(0.001)
            heard.add(live.current(MODEL).version)
        site.away = True
        await asyncio.sleep(0.02)
        assert not following.done()
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await following
        return heard

    assert asyncio.run(run()) == {1, 2}
