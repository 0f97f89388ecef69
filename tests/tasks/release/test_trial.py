"""A trial from its start to its stop, over a real ledger: routed, spoken, counted, judged."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tasks.release.approve import approve
from tasks.release.promote import promote
from tasks.release.trial import check_trial, follow_trial, start, stop, trial_status
from tests.fakes.memory import memory_folder
from tests.fakes.release_site import ReleaseSite
from tests.fakes.releases import POLICY, enter, make_plan
from tests.fakes.speech_pool import FakeSpeechPool, fake_sentence, plain_sentences, utterance
from voxgate.adapters.sql.database import Database, open_database
from voxgate.adapters.sql.leases import LeaseTable
from voxgate.adapters.sql.ledger import SqlLedger
from voxgate.adapters.sql.outbox import SqlOutbox
from voxgate.adapters.sql.trial_tallies import SqlTallies
from voxgate.errors import (
    ApprovalNeededError,
    ApproverError,
    EvidenceChangedError,
    ExternalServiceError,
    ReleaseConflictError,
    VoiceError,
)
from voxgate.files import digest_bytes
from voxgate.gate.criterion import Ruling
from voxgate.release import promotions
from voxgate.release.audit import log, verify
from voxgate.release.desk import Desk
from voxgate.release.events import Kind
from voxgate.release.policy import MONITOR_ACTOR, Policy
from voxgate.release.records import Release
from voxgate.release.states import State
from voxgate.release.trial_rules import start_trial
from voxgate.release.trial_tally import Counts, Share, TrialTally
from voxgate.serving.releases.live_versions import LiveVersions
from voxgate.serving.releases.routing import RoutingRules, route
from voxgate.serving.releases.shadow import AnswerFacts, TrialWatch
from voxgate.serving.releases.tallying import TallyBook
from voxgate.serving.requests import (
    Lane,
    PackagedVoice,
    SpeechRequest,
    SpokenSentence,
    Utterance,
)
from voxgate.settings import Settings
from voxgate.stage import Workspace

MODEL = "voice-test"
LIVE, CHALLENGER = 1, 2


class OfflineDesk(Desk):
    """A desk without a registry."""

    def follow(self) -> tuple[tuple[str, ...], str | None]:
        return (), None


def unreachable() -> Any:
    raise ExternalServiceError("there is no registry")


def make_desk(database: Database, root: Path, policy: Policy = POLICY) -> OfflineDesk:
    return OfflineDesk(
        workspace=Workspace(root),
        ledger=SqlLedger(database),
        leases=LeaseTable(database),
        model=MODEL,
        policy=policy,
        outbox=SqlOutbox(database),
        connect=unreachable,
    )


@pytest.fixture
def database() -> Iterator[Database]:
    with memory_folder() as root:
        yield open_database(Settings(), root)


@pytest.fixture
def desk(database: Database) -> Desk:
    """Version 1 is live, 2 is approved and waits."""
    desk = make_desk(database, Path())
    enter(desk.ledger, LIVE)
    desk.ledger.append(
        MODEL,
        lambda book, now: promotions.promote(book, LIVE, expected_live=None, by="anna", now=now),
    )
    enter(desk.ledger, CHALLENGER)
    return desk


def begin(desk: Desk, **changes: Any) -> None:
    plan = make_plan(CHALLENGER, **changes)
    desk.ledger.append(MODEL, lambda book, now: start_trial(book, plan, now=now))


class Pool(FakeSpeechPool):
    """Live speaks; the challenger does as it is told."""

    def __init__(self, challenger: str) -> None:
        super().__init__()
        self.challenger = challenger
        self.fault: Exception | None = None
        self.silent = False

    async def speak(
        self, utterance: Utterance, *, lane: Lane, deadline_s: float | None = None, first: int = 0
    ) -> AsyncIterator[SpokenSentence]:
        of_challenger = utterance.voice.digest == self.challenger
        if of_challenger and self.fault is not None:
            raise self.fault
        for place, text in enumerate(plain_sentences(utterance)):
            sentence = fake_sentence(utterance, text, place)
            silent = of_challenger and self.silent
            yield replace(sentence, pcm=sentence.pcm * 0) if silent else sentence


class Service:
    """A service as it follows the ledger: versions, routing, a watch, sums."""

    def __init__(self, desk: Desk, database: Database) -> None:
        self.tallies = SqlTallies(database)
        self.versions = LiveVersions(
            desk.ledger,
            [MODEL],
            fetch=self._fetch,
            warm=lambda _voice: None,
            max_stale_s=60.0,
            with_challenger=True,
        )
        self.pool = Pool(challenger=f"{0xC0000 + CHALLENGER:064x}")
        self.book = TallyBook(self.tallies)
        self.look()

    def look(self) -> None:
        """Read the ledger as `follow` does every few seconds."""
        self.versions.read()
        self.versions.prepare()

    async def say(self, watch: TrialWatch, key: str) -> int:
        served, trial = self.versions.current(MODEL), self.versions.on_trial(MODEL)
        routing = route(
            digest_bytes(key.encode()),
            served.version,
            None if trial is None else trial.challenger,
            RoutingRules() if trial is None else trial.rules,
        )
        if trial is not None and routing.share == "canary":
            served = trial.ready
        asked = replace(utterance("Your parcel is here."), voice=served.voice)
        told = AnswerFacts(trial=trial, routing=routing, sentences=(), allowed=lambda: None)
        try:
            sentences = [s async for s in self.pool.speak(asked, lane=Lane.REAL_TIME)]
            told = replace(told, sentences=tuple(sentences), first_audio_s=0.05)
        except VoiceError as error:
            told = replace(told, error=error)
        watch.observe(SpeechRequest(text=asked.text, model=MODEL), asked, told)
        return routing.version

    def answer(self, requests: range) -> list[int]:
        """Answer a number of requests and keep the sums; returns who answered each."""

        async def scenario() -> list[int]:
            watch = TrialWatch(
                self.pool, on_trial=self.versions.on_trial, count=self.book.add, max_shadows=1000
            )
            running = asyncio.create_task(watch.run())
            answered = []
            for number in requests:
                answered.append(await self.say(watch, f"key {number}"))
                if number % 20 == 0:
                    await watch.settled()
            await watch.settled()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            return answered

        answered = asyncio.run(scenario())
        self.book.keep()
        return answered

    def _fetch(self, model: str, release: Release) -> PackagedVoice:
        digest = release.origin.model_digest
        assert digest is not None
        return PackagedVoice(folder=Path(model), digest=digest)


def test_a_canary_that_fails_is_found_told_of_and_stopped(desk: Desk, database: Database) -> None:
    begin(desk, canary_per_mille=50, shadow_per_mille=0)
    service = Service(desk, database)
    answered = service.answer(range(300))
    assert 5 <= answered.count(CHALLENGER) <= 30
    sound = check_trial(desk, service.tallies)
    assert (sound.on, sound.alarms, sound.stopped) == (True, (), None)

    service.pool.fault = VoiceError("it cannot say a thing")
    service.answer(range(300, 800))
    report = check_trial(desk, service.tallies)
    canary = report.tally.of(Share.CANARY)
    assert canary.failed == canary.faulty > 10
    assert [a.key.rpartition(".")[2] for a in report.alarms] == ["canary_faults"]
    assert f"{canary.faulty} of {canary.answers}" in report.alarms[0].text
    assert (report.on, report.stopped) == (False, len(desk.ledger.rows()))

    stopped = log(desk.ledger.rows())[-1]
    assert (stopped.kind, stopped.actor) == (Kind.TRIAL_STOPPED, MONITOR_ACTOR)
    assert stopped.facts["figures"]["canary"]["failed"] == canary.failed
    assert verify(desk.ledger.rows()) == []
    assert [alarm.subject for alarm in desk.outbox.alarms()] == [report.alarms[0].subject]
    told = [notice.subject for notice in desk.notices()]
    assert f"{MODEL}: the trial of version 2 was stopped" in told

    service.look()
    assert set(service.answer(range(300))) == {LIVE}, "from the next look at the ledger on"
    after = check_trial(desk, service.tallies)
    assert (after.on, after.alarms, after.tally) == (False, (), report.tally)
    assert desk.ledger.read(MODEL).require(CHALLENGER).state is State.APPROVED


def test_a_shadow_that_is_silent_is_told_of_and_goes_on_for_nobody_hears_it(
    desk: Desk, database: Database
) -> None:
    begin(desk, shadow_per_mille=200)
    service = Service(desk, database)
    service.pool.silent = True
    assert set(service.answer(range(200))) == {LIVE}
    report = check_trial(desk, service.tallies)
    shadow = report.tally.of(Share.SHADOW)
    assert shadow.silent == shadow.alone == shadow.answers > 15
    assert [alarm.key.rpartition(".")[2] for alarm in report.alarms] == ["shadow_faults"]
    assert "voxgate trial stop 2" in report.alarms[0].text
    assert (report.on, report.stopped) == (True, None)
    assert check_trial(desk, service.tallies).alarms == report.alarms
    assert len(desk.outbox.alarms()) == 1, "once, however often it is found"


def test_two_that_are_alike_run_on_and_pass(desk: Desk, database: Database) -> None:
    begin(desk, canary_per_mille=50, shadow_per_mille=500)
    service = Service(desk, database)
    service.answer(range(400))
    report = check_trial(desk, service.tallies)
    assert {c.code: c.ruling for c in report.criteria if c.subject == "shadow"} == dict.fromkeys(
        ["shadow_faults", "shadow_duration", "shadow_level"], Ruling.PASS
    )
    assert report.tally.of(Share.LIVE).faulty == 0
    assert (report.on, report.alarms) == (True, ())


def fail_everything(desk: Desk, database: Database) -> SqlTallies:
    trial = desk.ledger.read(MODEL).trial
    assert trial is not None
    tallies = SqlTallies(database)
    tallies.keep(
        "a",
        {
            (trial.number, Share.LIVE): Counts(answers=1000, timed=1000),
            (trial.number, Share.CANARY): Counts(answers=50, faulty=50, failed=50),
        },
    )
    return tallies


def test_where_a_person_decides_the_alarm_stops_nothing(database: Database, desk: Desk) -> None:
    begin(desk, canary_per_mille=20)
    tallies = fail_everything(desk, database)
    mine = make_desk(database, Path(), replace(POLICY, automatic_rollback=False))
    report = check_trial(mine, tallies)
    assert (report.on, report.stopped, len(report.alarms)) == (True, None, 1)
    assert "Callers still hear it" in report.alarms[0].text
    stop(mine, CHALLENGER, by="bob", reason="as the alarm says")
    assert not trial_status(mine, tallies).on


def test_a_look_that_is_killed_between_alarm_and_stop_is_made_up_for(
    database: Database, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(desk, canary_per_mille=20)
    tallies = fail_everything(desk, database)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("tasks.release.trial.stop_by_monitor", killed)
        check_trial(desk, tallies)
    assert len(desk.outbox.alarms()) == 1
    assert check_trial(desk, tallies).stopped is not None
    assert len(desk.outbox.alarms()) == 1


def test_what_follows_a_trial_outlives_an_outage_and_stops_it(
    database: Database, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    begin(desk, canary_per_mille=20)
    tallies = fail_everything(desk, database)

    class Away:
        times = 0

        def read(self, trial: int) -> TrialTally:
            self.times += 1
            if self.times == 1:
                raise ExternalServiceError("the database does not answer")
            return tallies.read(trial)

        def keep(self, writer: str, counts: Mapping[tuple[int, Share], Counts]) -> None:
            raise AssertionError("a look keeps nothing")

    async def scenario() -> None:
        following = asyncio.create_task(follow_trial(desk, Away(), period_s=0.01))
        async with asyncio.timeout(10):
            while desk.ledger.read(MODEL).trial is not None:
                await asyncio.sleep(0.02)
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following

    asyncio.run(scenario())
    assert "the trial was not looked at: the database does not answer" in caplog.text


def test_where_nothing_was_ever_tried_there_is_nothing_to_see(
    database: Database, desk: Desk
) -> None:
    report = check_trial(desk, SqlTallies(database))
    assert (report.trial, report.on, report.criteria) == (None, False, ())


def test_a_canary_is_an_approval_that_is_not_promoted_yet(release_site: ReleaseSite) -> None:
    live = release_site.offer(1)
    approve(release_site.desk, live, by="anna", reason="sounds right")
    version = release_site.offer(2)
    begin_as = partial(make_plan, version, canary_per_mille=20)
    with pytest.raises(ApproverError):
        start(release_site.desk, begin_as(by="cron"))
    with pytest.raises(EvidenceChangedError, match="you saw 0123"):
        start(release_site.desk, begin_as(), evidence="0123")
    answer = start(release_site.desk, begin_as())
    assert (answer.state, answer.live) == ("approved", live)
    again = start(release_site.desk, begin_as())
    assert again.event is None
    with pytest.raises(ReleaseConflictError):
        start(release_site.desk, begin_as(canary_per_mille=30))
    done = promote(release_site.desk, version, by="bob")
    assert done.live == version
    assert release_site.desk.ledger.read(release_site.desk.model).trial is None
    assert verify(release_site.desk.ledger.rows()) == []


def test_a_canary_whose_evidence_was_altered_is_not_heard(release_site: ReleaseSite) -> None:
    approve(release_site.desk, release_site.offer(1), by="anna", reason="sounds right")
    version = release_site.offer(2)
    (verdict,) = release_site.root.glob(f".voxgate/bundles/{version}-*/verdict.json")
    verdict.write_text(verdict.read_text().replace("PASS", "FAIL"))
    with pytest.raises(EvidenceChangedError, match="is not the evidence that its verdict rests on"):
        start(release_site.desk, make_plan(version, canary_per_mille=20))


def test_a_canary_is_not_approved_where_it_could_not_start(release_site: ReleaseSite) -> None:
    version = release_site.offer(1)
    with pytest.raises(ReleaseConflictError, match="nothing is live"):
        start(release_site.desk, make_plan(version, canary_per_mille=20))
    book = release_site.desk.ledger.read(release_site.desk.model)
    assert book.require(version).state is State.PENDING


def test_a_version_that_failed_its_verdict_is_never_heard(release_site: ReleaseSite) -> None:
    approve(release_site.desk, release_site.offer(1), by="anna", reason="sounds right")
    version = release_site.register(2)
    release_site.judge(version, verdict="FAIL")
    with pytest.raises(ApprovalNeededError, match="is not offered, not approved"):
        start(release_site.desk, make_plan(version, canary_per_mille=20))
    assert start(release_site.desk, make_plan(version)).state == "candidate"
