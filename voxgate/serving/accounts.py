"""The sentences of an answer, counted as they are handed out and entered into the audit.

However an answer ends (to its end, left, broken off), it has exactly one record. Before a sentence
leaves, the spool has what is recorded if this process dies with it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from voxgate.serving.admission import Admitted
from voxgate.serving.audit.record import Outcome, SpeechRecord, keyed_text_digest
from voxgate.serving.audit.spool import Room
from voxgate.serving.desk.answer import SpokenAnswer
from voxgate.serving.requests import SpokenSentence

__all__ = ["AccountedSentences", "SpeechAccount", "Watch"]


Watch = Callable[[Sequence[SpokenSentence], Outcome, BaseException | None], None]
"""Is told of an answer that has ended: what was handed out, how it ended, and by what fault."""


@dataclass(frozen=True, kw_only=True)
class SpeechAccount:
    """What is known of an answer when it begins; `text` is None unless the key keeps texts."""

    admitted: Admitted
    cache: Literal["hit", "join", "miss"]
    text: str | None
    text_key: bytes
    started_at: datetime

    def record(self, **said: Any) -> SpeechRecord:
        """Return the record of the answer; `said` is what became of it."""
        admitted = self.admitted
        caller, served, profile = admitted.caller, admitted.served, admitted.profile
        preset = admitted.utterance.preset
        return SpeechRecord(
            request_id=caller.request_id,
            trace_id=caller.trace_id,
            key_id=caller.key_id,
            purpose=caller.purpose,
            model=served.model,
            version=served.version,
            voice_digest=served.voice.digest,
            profile=None if profile is None else profile.label,
            consent_digest=None if profile is None else profile.consent.digest,
            preset=preset.label,
            preset_digest=preset.digest,
            seed=admitted.utterance.seed,
            lane=caller.lane.value,
            cache=self.cache,
            text_hmac=keyed_text_digest(admitted.request.text, self.text_key),
            text=self.text,
            started_at=self.started_at,
            **said,
        )


class AccountedSentences:
    """Hands the sentences of an answer on; whoever stops before the end calls `aclose`.

    `watch` is told how it ended, with what was handed out; None keeps no sentence.
    """

    def __init__(
        self,
        answer: SpokenAnswer,
        *,
        room: Room,
        account: SpeechAccount,
        clock: Callable[[], datetime],
        watch: Watch | None = None,
    ) -> None:
        self._watch, self._heard = watch, list[SpokenSentence]()
        self._answer, self._room, self._account, self._clock = answer, room, account, clock
        self._said = _Said()
        self._entered = False

    def __aiter__(self) -> AccountedSentences:
        return self

    async def __anext__(self) -> SpokenSentence:
        """Return the next sentence.

        Raises:
            StorageError: the record, or a note of it, could not be kept.
            Exception: as the answer raises it.
        """
        try:
            sentence = await anext(self._answer)
            said = await self._noted(sentence)
        except StopAsyncIteration:
            await self._enter(Outcome.COMPLETE)
            raise
        except (asyncio.CancelledError, GeneratorExit):
            await self._enter(Outcome.LEFT)
            raise
        except BaseException as error:
            await self._enter(Outcome.FAILED, error)
            raise
        self._said = said
        if self._watch is not None:
            self._heard.append(sentence)
        return sentence

    async def aclose(self) -> None:
        """Leave; an answer that has ended is not changed by it."""
        await self._answer.aclose()
        await self._enter(Outcome.LEFT)

    async def _noted(self, sentence: SpokenSentence) -> _Said:
        """Note an answer as it is if this process dies when the sentence leaves."""
        said = self._said.with_sentence(sentence)
        try:
            await self._room.note(self._record(Outcome.DIED, said))
        except BaseException:
            await self._answer.aclose()
            raise
        return said

    async def _enter(self, outcome: Outcome, error: BaseException | None = None) -> None:
        if self._entered:
            return
        self._entered = True
        if self._watch is not None:
            self._watch(self._heard, outcome, error)
        await self._room.write(self._record(outcome, self._said))

    def _record(self, outcome: Outcome, said: _Said) -> SpeechRecord:
        return self._account.record(
            outcome=outcome,
            sentences=said.sentences,
            duration_s=round(said.samples / said.rate_hz, 6),
            pcm_sha256=said.pcm.hexdigest() if said.sentences else None,
            finished_at=self._clock(),
        )


@dataclass(frozen=True, kw_only=True)
class _Said:
    """What was handed out; `pcm` is over the PCM16 of the sentences, and never updated."""

    sentences: int = 0
    samples: int = 0
    rate_hz: int = 1
    pcm: hashlib._Hash = field(default_factory=hashlib.sha256)

    def with_sentence(self, sentence: SpokenSentence) -> _Said:
        pcm = self.pcm.copy()
        pcm.update(sentence.pcm.astype("<i2", copy=False).tobytes())
        return _Said(
            sentences=self.sentences + 1,
            samples=self.samples + len(sentence.pcm),
            rate_hz=sentence.sample_rate_hz,
            pcm=pcm,
        )
