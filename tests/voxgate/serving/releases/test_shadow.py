"""A trial beside a service: what is spoken and counted, and that no answer is touched by it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.speech_pool import FakeSpeechPool, utterance
from voxgate.errors import (
    ConsentError,
    DeadlineError,
    OverloadedError,
    TextError,
    VoiceError,
    VoxgateError,
    WorkerLostError,
)
from voxgate.files import digest_bytes
from voxgate.release.trial_tally import Counts, Share
from voxgate.serving.pool.memory_budget import DeviceMemoryError, UnmeasuredError
from voxgate.serving.releases import shadow as module
from voxgate.serving.releases.routing import Challenger, OnTrial, Routing, RoutingRules, route
from voxgate.serving.releases.served_state import ServedVersion
from voxgate.serving.releases.shadow import AnswerFacts, NoTrial, TrialObserver, TrialWatch
from voxgate.serving.requests import (
    Lane,
    PackagedVoice,
    SpeechRequest,
    SpokenSentence,
    Utterance,
)

MODEL, LIVE, CHALLENGER = "voice-test", 1, 2
VOICES = {LIVE: "aa" * 32, CHALLENGER: "bb" * 32}
TEXT = "Good morning, Anna. Your parcel is here."


def on_trial(*, number: int = 7, canary: int = 0, shadow: int = 1000) -> OnTrial:
    voice = PackagedVoice(folder=Path("challenger"), digest=VOICES[CHALLENGER])
    return OnTrial(
        number=number,
        challenger=Challenger(version=CHALLENGER, hearable=canary > 0),
        rules=RoutingRules(canary_per_mille=canary, shadow_per_mille=shadow),
        ready=ServedVersion(model=MODEL, version=CHALLENGER, voice=voice),
    )


class TwoVoices(FakeSpeechPool):
    """Speaks live's and the challenger's utterances; `broken` is what the challenger raises."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: Exception | None = None
        self.asked: list[tuple[str, Lane]] = []

    async def speak(
        self, utterance: Utterance, *, lane: Lane, deadline_s: float | None = None, first: int = 0
    ) -> AsyncIterator[SpokenSentence]:
        self.asked.append((utterance.voice.digest, lane))
        if self.broken is not None and utterance.voice.digest == VOICES[CHALLENGER]:
            raise self.broken
        spoken = super().speak(utterance, lane=lane, deadline_s=deadline_s, first=first)
        async with contextlib.aclosing(spoken) as sentences:  # type: ignore[type-var]
            async for sentence in sentences:
                yield sentence


@dataclass
class Service:
    """What the core does with a trial: route, speak, tell the observer."""

    pool: TwoVoices
    observer: TrialObserver
    trial: OnTrial | None
    allowed: Callable[[], None] = lambda: None
    routings: list[Routing] = field(default_factory=list)

    async def say(self, key: str, text: str = TEXT) -> tuple[int, list[SpokenSentence]]:
        trial = self.trial
        routing = route(
            digest_bytes(key.encode()),
            LIVE,
            None if trial is None else trial.challenger,
            RoutingRules() if trial is None else trial.rules,
        )
        self.routings.append(routing)
        asked = utterance(text, voice=VOICES[routing.version])
        sentences: list[SpokenSentence] = []
        error: VoxgateError | None = None
        try:
            sentences = [s async for s in self.pool.speak(asked, lane=Lane.REAL_TIME)]
        except VoxgateError as raised:
            error = raised
        self.observer.observe(
            SpeechRequest(text=text, model=MODEL),
            asked,
            AnswerFacts(
                trial=trial,
                routing=routing,
                sentences=tuple(sentences),
                allowed=self.allowed,
                error=error,
                first_audio_s=0.1 if sentences else None,
            ),
        )
        return routing.version, sentences


class Bench:
    """A service with a watch, and what was counted; `trial` is what the ledger says now."""

    def __init__(self, trial: OnTrial, pool: TwoVoices | None = None, **bounds: Any) -> None:
        self.trial: OnTrial | None = trial
        self.counts: dict[tuple[int, Share], Counts] = defaultdict(Counts)
        self.pool = TwoVoices() if pool is None else pool
        self.watch = TrialWatch(
            self.pool, on_trial=lambda _model: self.trial, count=self._count, **bounds
        )
        self.service = Service(self.pool, self.watch, trial)

    def _count(self, trial: int, share: Share, counts: Counts) -> None:
        self.counts[(trial, share)] = self.counts[(trial, share)].plus(counts)

    def of(self, share: Share, trial: int = 7) -> Counts:
        return self.counts[(trial, share)]


def play(bench: Bench, scene: Callable[[Bench], Coroutine[Any, Any, None]]) -> None:
    async def scenario() -> None:
        running = asyncio.create_task(bench.watch.run())
        try:
            async with asyncio.timeout(20):
                await scene(bench)
                await bench.watch.settled()
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    asyncio.run(scenario())


async def say_all(bench: Bench, count: int = 4) -> None:
    for number in range(count):
        await bench.service.say(f"key {number}")


def test_the_shadow_speaks_the_same_text_in_the_batch_lane_and_both_are_counted() -> None:
    bench = Bench(on_trial())
    play(bench, say_all)
    lanes = [lane for voice, lane in bench.pool.asked if voice == VOICES[CHALLENGER]]
    assert lanes == [Lane.BATCH] * 4
    assert bench.of(Share.LIVE) == Counts(answers=4, timed=4, first_audio_s=0.4)
    shadow = bench.of(Share.SHADOW)
    assert (shadow.answers, shadow.compared, shadow.faulty) == (4, 4, 0)
    assert shadow.duration_ratio == pytest.approx(1.0)
    assert abs(shadow.level_difference_db) < 1.0


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (VoiceError("no such phone"), Counts(answers=4, faulty=4, failed=4, alone=4)),
        (TextError("not speakable"), Counts(answers=4, faulty=4, failed=4, alone=4)),
        (WorkerLostError("died 3 times"), Counts(answers=4, faulty=4, failed=4, alone=4)),
        (OverloadedError("full", retry_after_s=1.0), Counts(dropped=4)),
        (DeadlineError("nobody was free"), Counts(dropped=4)),
        (DeviceMemoryError("no room"), Counts(dropped=4)),
        (UnmeasuredError("too long"), Counts(dropped=4)),
        (RuntimeError("a bug of ours"), Counts()),
    ],
)
def test_a_challenger_that_breaks_breaks_no_answer(broken: Exception, expected: Counts) -> None:
    bench = Bench(on_trial())
    bench.pool.broken = broken
    heard: list[tuple[int, int]] = []

    async def scene(bench: Bench) -> None:
        for number in range(4):
            version, sentences = await bench.service.say(f"key {number}")
            heard.append((version, len(sentences)))

    play(bench, scene)
    assert heard == [(LIVE, 2)] * 4
    assert bench.of(Share.SHADOW) == expected
    assert bench.of(Share.LIVE).answers == 4


def test_no_answer_waits_for_a_shadow_and_what_finds_no_room_is_counted() -> None:
    stuck = asyncio.Event()
    took_s: list[float] = []

    class Slow(TwoVoices):
        async def speak(
            self,
            utterance: Utterance,
            *,
            lane: Lane,
            deadline_s: float | None = None,
            first: int = 0,
        ) -> AsyncIterator[SpokenSentence]:
            if lane is Lane.BATCH:
                await stuck.wait()
            async for sentence in super().speak(utterance, lane=lane, first=first):
                yield sentence

    bench = Bench(on_trial(), Slow(), max_shadows=2)

    async def scene(bench: Bench) -> None:
        for number in range(10):
            begun = time.monotonic()
            _, sentences = await bench.service.say(f"key {number}")
            took_s.append(time.monotonic() - begun)
            assert len(sentences) == 2
            await bench.watch._heard.join()
        stuck.set()

    play(bench, scene)
    assert max(took_s) < 0.5
    shadow = bench.of(Share.SHADOW)
    # One is being spoken, two wait.
    assert (shadow.answers, shadow.dropped) == (3, 7)


def test_a_flood_of_answers_is_dropped_and_counted_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def flood(bench: Bench) -> None:
        # Nothing is awaited in between that the watch could use.
        _, sentences = await bench.service.say("key 0")
        routing = bench.service.routings[0]
        for _ in range(9):
            facts = AnswerFacts(
                trial=bench.trial, routing=routing, sentences=sentences, allowed=lambda: None
            )
            asked = utterance(TEXT, voice=VOICES[LIVE])
            bench.watch.observe(SpeechRequest(text=TEXT, model=MODEL), asked, facts)

    by_number = Bench(on_trial(shadow=0, canary=1), max_waiting=4)
    play(by_number, flood)
    assert by_number.of(Share.LIVE).answers + by_number.of(Share.LIVE).dropped == 10
    assert by_number.of(Share.LIVE).dropped >= 5
    monkeypatch.setattr(module, "_MAX_HELD_BYTES", 20_000)
    by_size = Bench(on_trial(shadow=0, canary=1))
    play(by_size, flood)
    assert by_size.of(Share.LIVE).dropped >= 5
    assert by_size.watch._held_bytes == 0


def test_a_shadow_that_waited_while_its_trial_was_stopped_is_not_spoken() -> None:
    bench = Bench(on_trial())

    async def scene(bench: Bench) -> None:
        await bench.service.say("key 0")
        bench.trial = None
        await bench.watch.settled()
        bench.trial = on_trial(number=8)
        await bench.service.say("key 1")  # of trial 7 still

    play(bench, scene)
    assert [voice for voice, _ in bench.pool.asked] == [VOICES[LIVE]] * 2
    assert (bench.of(Share.LIVE).answers, bench.of(Share.SHADOW)) == (2, Counts())


def test_a_consent_that_was_revoked_meanwhile_is_not_spoken_unheard_either() -> None:
    bench = Bench(on_trial())

    def refuse() -> None:
        raise ConsentError("revoked")

    bench.service.allowed = refuse
    play(bench, say_all)
    assert VOICES[CHALLENGER] not in [voice for voice, _ in bench.pool.asked]
    assert bench.of(Share.SHADOW) == Counts()


def test_a_shadow_that_does_not_end_is_a_failure_and_one_that_never_began_is_dropped() -> None:
    for began, expected in (
        (True, Counts(answers=1, faulty=1, failed=1, alone=1)),
        (False, Counts(dropped=1)),
    ):

        class Endless(TwoVoices):
            begins = began

            async def speak(
                self,
                utterance: Utterance,
                *,
                lane: Lane,
                deadline_s: float | None = None,
                first: int = 0,
            ) -> AsyncIterator[SpokenSentence]:
                async for sentence in super().speak(utterance, lane=lane, first=first):
                    if lane is Lane.REAL_TIME or self.begins:
                        yield sentence
                    if lane is Lane.BATCH:
                        await asyncio.Event().wait()

        bench = Bench(on_trial(), Endless(), room_s=0.05, limit_s=0.1)
        play(bench, lambda bench: say_all(bench, 1))
        assert bench.of(Share.SHADOW) == expected


def test_the_canary_is_measured_alone_and_the_same_keys_meet_it_every_time() -> None:
    bench = Bench(on_trial(canary=50, shadow=0))
    bench.pool.broken = VoiceError("no such phone")
    answered: dict[str, set[int]] = defaultdict(set)

    async def scene(bench: Bench) -> None:
        for _ in range(2):
            for number in range(60):
                version, _ = await bench.service.say(f"key {number}", text="Yes.")
                answered[f"key {number}"].add(version)
            await bench.watch.settled()

    play(bench, scene)
    assert all(len(versions) == 1 for versions in answered.values())
    of_canary = [key for key, versions in answered.items() if versions == {CHALLENGER}]
    assert 1 <= len(of_canary) <= 8
    canary, live = bench.of(Share.CANARY), bench.of(Share.LIVE)
    assert (canary.answers, canary.failed) == (2 * len(of_canary),) * 2
    assert (live.answers, live.faulty) == (120 - canary.answers, 0)
    assert bench.of(Share.SHADOW) == Counts()


def test_a_stop_takes_effect_at_the_next_request() -> None:
    bench = Bench(on_trial(canary=50, shadow=1000))

    async def scene(bench: Bench) -> None:
        await say_all(bench, 60)
        await bench.watch.settled()
        bench.service.trial = bench.trial = None
        await say_all(bench, 60)

    play(bench, scene)
    before, after = bench.service.routings[:60], bench.service.routings[60:]
    assert CHALLENGER in {routing.version for routing in before}
    assert set(after) == {Routing(version=LIVE, share="live")}
    assert bench.of(Share.LIVE).answers + bench.of(Share.CANARY).answers == 60


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"left": True}, Counts(left=1)),
        ({"made": False}, Counts()),
        ({"trial": None}, Counts()),
        ({"routing": Routing(version=LIVE, share="pinned")}, Counts()),
        ({"error": TextError("nothing to say")}, Counts()),
        ({"error": OverloadedError("full", retry_after_s=1.0)}, Counts()),
        ({"error": DeviceMemoryError("no room")}, Counts()),
        ({"error": UnmeasuredError("too long")}, Counts()),
        ({"error": DeadlineError("late")}, Counts(answers=1, faulty=1, failed=1)),
        ({"error": VoiceError("broken")}, Counts(answers=1, faulty=1, failed=1)),
        ({"first_audio_s": 2.0}, Counts(answers=1, faulty=1, failed=1, late=1, timed=1)),
    ],
)
def test_what_counts_as_an_answer(changes: dict[str, Any], expected: Counts) -> None:
    bench = Bench(on_trial(shadow=0, canary=1))

    async def scene(bench: Bench) -> None:
        facts: dict[str, Any] = {
            "trial": bench.trial,
            "routing": Routing(version=LIVE, share="live"),
            "sentences": (),
            "allowed": lambda: None,
        }
        asked = utterance(TEXT, voice=VOICES[LIVE])
        told = AnswerFacts(**{**facts, **changes})
        bench.watch.observe(SpeechRequest(text=TEXT, model=MODEL), asked, told)
        NoTrial().observe(SpeechRequest(text=TEXT, model=MODEL), asked, told)

    play(bench, scene)
    counted = bench.of(Share.LIVE)
    assert counted.plus(Counts(first_audio_s=-counted.first_audio_s)) == expected
