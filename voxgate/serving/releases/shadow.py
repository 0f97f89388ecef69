"""Watch the answers of a trial, beside them: measure each, let the shadow speak, count.

The service tells of every answer that has ended, by `TrialObserver.observe`, and goes on at once.
Whatever happens here, no caller waits for it or hears of it: what does not fit into a bounded
queue is dropped, and counted. Audio is thrown away as soon as it is measured.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from voxgate.errors import (
    DeadlineError,
    OverloadedError,
    SpeechRequestError,
    TextError,
    VoxgateError,
)
from voxgate.release.trial_tally import Counts, Share
from voxgate.serving.pool.memory_budget import DeviceMemoryError, UnmeasuredError
from voxgate.serving.ports import SpeechPool
from voxgate.serving.releases.routing import OnTrial, Routing
from voxgate.serving.releases.signals import (
    Signal,
    compare_signals,
    count_answer,
    measure_signal,
)
from voxgate.serving.requests import Lane, SpeechRequest, SpokenSentence, Utterance

__all__ = ["AnswerFacts", "CountInTrial", "NoTrial", "TrialObserver", "TrialWatch"]

CountInTrial = Callable[[int, Share, Counts], None]
"""Adds to the sums of a trial, by its number; costs no input or output (`TallyBook.add`)."""

_INNOCENT = (
    DeviceMemoryError,
    OverloadedError,
    SpeechRequestError,
    TextError,
    UnmeasuredError,
)
"""No room, or the text cannot be spoken: that says nothing of a version."""

_MAX_HELD_BYTES = 64 * 2**20
"""Samples that may wait to be measured."""

_Item = TypeVar("_Item")

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class AnswerFacts:
    """How an answer ended, as the service knows it.

    `trial` and `routing` are those by which it was begun; `sentences` are what was handed out.
    `error` is why it broke off or never began, `left` that its caller went away. `made` is False
    where the sentences were kept, or somebody else's: such an answer is no second sample.
    `first_audio_s` is the time from the request to the first sentence, None where there was none.
    `allowed` raises a VoxgateError where the text may not be spoken any more (consent, state of the
    profile): it is asked again before the shadow speaks.
    """

    trial: OnTrial | None
    routing: Routing
    sentences: Sequence[SpokenSentence]
    allowed: Callable[[], None]
    made: bool = True
    left: bool = False
    error: VoxgateError | None = None
    first_audio_s: float | None = None


class TrialObserver(Protocol):
    """Is told of every answer, after it has ended."""

    def observe(self, request: SpeechRequest, utterance: Utterance, answered: AnswerFacts) -> None:
        """Take note of an answer; returns at once and raises nothing. In the event loop."""
        ...


class NoTrial:
    """Implements `TrialObserver` where no trial can be."""

    def observe(self, request: SpeechRequest, utterance: Utterance, answered: AnswerFacts) -> None:
        """Forget it."""


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """An answer that waits to be measured."""

    utterance: Utterance
    trial: OnTrial
    share: Share
    answered: AnswerFacts


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """A shadow that waits to speak; `beside` is live's answer, None where it failed."""

    heard: _Heard
    beside: Signal | None


class TrialWatch:
    """Implements `TrialObserver`; `run` does the work, in the event loop of the pool.

    Args:
        pool: speaks the shadow, in its batch lane.
        on_trial: the trial of a model that is on now (`LiveVersions.on_trial`): a shadow that
            waited while its trial was stopped is not spoken.
        count: where the sums are kept.
        max_waiting: answers that wait to be measured.
        max_shadows: texts that wait for the challenger.
        room_s: how long a shadow waits for a worker before it is dropped.
        limit_s: how long one may speak.
    """

    def __init__(
        self,
        pool: SpeechPool,
        *,
        on_trial: Callable[[str], OnTrial | None],
        count: CountInTrial,
        max_waiting: int = 64,
        max_shadows: int = 8,
        room_s: float = 30.0,
        limit_s: float = 120.0,
    ) -> None:
        self._pool, self._on_trial, self._count = pool, on_trial, count
        self._room_s, self._limit_s = room_s, limit_s
        self._held_bytes = 0
        self._heard: asyncio.Queue[_Heard] = asyncio.Queue(max_waiting)
        self._shadows: asyncio.Queue[_Wanted] = asyncio.Queue(max_shadows)

    def observe(
        self,
        request: SpeechRequest,  # noqa: ARG002  # of the protocol; the utterance says it all
        utterance: Utterance,
        answered: AnswerFacts,
    ) -> None:
        """Implement TrialObserver."""
        trial, share = answered.trial, _SHARES.get(answered.routing.share)
        if trial is None or share is None or not answered.made:
            return
        if answered.left:
            self._count(trial.number, share, Counts(left=1))
            return
        if isinstance(answered.error, _INNOCENT):
            return
        heard = _Heard(utterance=utterance, trial=trial, share=share, answered=answered)
        size = _size(answered)
        if self._heard.full() or self._held_bytes + size > _MAX_HELD_BYTES:
            self._count(trial.number, share, Counts(dropped=1))
            return
        self._held_bytes += size
        self._heard.put_nowait(heard)

    async def run(self) -> None:
        """Measure what was observed, and speak the shadows, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(_for_each(self._heard, self._measure))
            group.create_task(_for_each(self._shadows, self._shadow))

    async def settled(self) -> None:
        """Wait until all that was observed so far is counted."""
        await self._heard.join()
        await self._shadows.join()

    async def _measure(self, heard: _Heard) -> None:
        answered, trial = heard.answered, heard.trial
        failed = answered.error is not None
        try:
            signal = await asyncio.to_thread(measure_signal, answered.sentences)
        finally:
            self._held_bytes -= _size(answered)
        counts = count_answer(signal, failed=failed, first_audio_s=answered.first_audio_s)
        self._count(trial.number, heard.share, counts)
        if answered.routing.shadow is None:
            return
        # Its samples are measured and wait for nobody.
        kept = replace(heard, answered=replace(answered, sentences=()))
        try:
            self._shadows.put_nowait(_Wanted(heard=kept, beside=None if failed else signal))
        except asyncio.QueueFull:
            self._count(trial.number, Share.SHADOW, Counts(dropped=1))

    async def _shadow(self, wanted: _Wanted) -> None:
        heard = wanted.heard
        if not self._may_speak(heard):
            return
        trial = heard.trial
        try:
            signal = await self._speak(replace(heard.utterance, voice=trial.ready.voice))
        except (DeadlineError, DeviceMemoryError, OverloadedError, UnmeasuredError):
            self._count(trial.number, Share.SHADOW, Counts(dropped=1))
            return
        except VoxgateError as error:
            # Not its message, which may hold the text.
            _LOGGER.info("shadow of version %d: %s", trial.ready.version, type(error).__name__)
            signal = None
        pair = compare_signals(wanted.beside, signal)
        self._count(trial.number, Share.SHADOW, count_answer(signal).plus(pair))

    def _may_speak(self, heard: _Heard) -> bool:
        try:
            heard.answered.allowed()
            now = self._on_trial(heard.trial.ready.model)
        except VoxgateError:
            return False
        return now is not None and now.number == heard.trial.number

    async def _speak(self, utterance: Utterance) -> Signal | None:
        """Return what was spoken; None where it had begun and does not end."""
        spoken = self._pool.speak(utterance, lane=Lane.BATCH, deadline_s=self._room_s)
        sentences: list[SpokenSentence] = []
        try:
            async with asyncio.timeout(self._room_s + self._limit_s):
                while (sentence := await anext(spoken, None)) is not None:
                    sentences.append(sentence)
        except TimeoutError:
            if not sentences:
                raise DeadlineError("the shadow found no worker") from None
            return None
        finally:
            leave = getattr(spoken, "aclose", None)
            if leave is not None:
                await leave()
        return await asyncio.to_thread(measure_signal, sentences)


_SHARES = {"live": Share.LIVE, "canary": Share.CANARY}


def _size(answered: AnswerFacts) -> int:
    return sum(sentence.pcm.nbytes for sentence in answered.sentences)


async def _for_each(
    queue: asyncio.Queue[_Item], work: Callable[[_Item], Coroutine[None, None, None]]
) -> None:
    while True:
        item = await queue.get()
        try:
            await work(item)
        except Exception:
            # A fault of ours ends neither the watch nor the service that it runs in.
            _LOGGER.exception("an answer of the trial was not counted")
        finally:
            queue.task_done()
