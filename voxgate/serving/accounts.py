"""The sentences of an answer, counted as they are handed out and entered into the audit.

However an answer ends (to its end, left, broken off), it has exactly one record.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
        self._pcm = hashlib.sha256()
        self._sentences = self._samples = 0
        self._rate_hz = 1
        self._entered = False

    def __aiter__(self) -> AccountedSentences:
        return self

    async def __anext__(self) -> SpokenSentence:
        """Return the next sentence.

        Raises:
            StorageError: the record could not be kept.
            Exception: as the answer raises it.
        """
        try:
            sentence = await anext(self._answer)
        except StopAsyncIteration:
            await self._enter(Outcome.COMPLETE)
            raise
        except (asyncio.CancelledError, GeneratorExit):
            await self._enter(Outcome.LEFT)
            raise
        except BaseException as error:
            await self._enter(Outcome.FAILED, error)
            raise
        self._pcm.update(sentence.pcm.astype("<i2", copy=False).tobytes())
        self._sentences += 1
        self._samples += len(sentence.pcm)
        self._rate_hz = sentence.sample_rate_hz
        if self._watch is not None:
            self._heard.append(sentence)
        return sentence

    async def aclose(self) -> None:
        """Leave; an answer that has ended is not changed by it."""
        await self._answer.aclose()
        await self._enter(Outcome.LEFT)

    async def _enter(self, outcome: Outcome, error: BaseException | None = None) -> None:
        if self._entered:
            return
        self._entered = True
        if self._watch is not None:
            self._watch(self._heard, outcome, error)
        await self._room.write(
            self._account.record(
                outcome=outcome,
                sentences=self._sentences,
                duration_s=round(self._samples / self._rate_hz, 6),
                pcm_sha256=self._pcm.hexdigest() if self._sentences else None,
                finished_at=self._clock(),
            )
        )
