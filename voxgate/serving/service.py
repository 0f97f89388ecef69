"""The speech service: a request becomes an answer that was allowed, kept and accounted for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voxgate.clock import utc_now
from voxgate.errors import VoxgateError
from voxgate.serving.accounts import AccountedSentences, SpeechAccount
from voxgate.serving.admission import Admission, Admitted
from voxgate.serving.api_keys import KEEPS_TEXT, UNCACHED
from voxgate.serving.audit.record import Outcome, kept_text
from voxgate.serving.audit.spool import SpeechSpool
from voxgate.serving.desk.desk import SpeakingDesk
from voxgate.serving.ports import Answer, Caller, Readiness
from voxgate.serving.releases.shadow import AnswerFacts, TrialObserver
from voxgate.serving.requests import SpeechRequest, SpokenSentence

__all__ = ["ReleasedSpeech"]


@dataclass(frozen=True, kw_only=True)
class ReleasedSpeech:
    """Implements `SpeechService` with the versions that the ledger says are live.

    `pool` says how the workers are; `text_key` digests texts for the audit; `observer` is told of
    answers while a version is on trial; `device` is the kind of the pool's GPUs, if it has any.
    """

    models_served: tuple[str, ...]
    admission: Admission
    desk: SpeakingDesk
    spool: SpeechSpool
    pool: Callable[[], Readiness]
    text_key: bytes
    observer: TrialObserver
    device: str | None = None
    clock: Callable[[], datetime] = utc_now

    async def say(
        self, request: SpeechRequest, *, caller: Caller, deadline_s: float | None = None
    ) -> Answer:
        """Implement SpeechService: admitted, with room for its record, it comes to the desk."""
        began_s, started_at = time.monotonic(), self.clock()
        admitted = self.admission.admit(request, caller)
        text = kept_text(request.text, allowed=KEEPS_TEXT in caller.rights)
        room = self.spool.reserve(text)
        try:
            cache, answer = await self.desk.speak(
                admitted.utterance,
                lane=caller.lane,
                allowed=admitted.allowed,
                deadline_s=deadline_s,
                keep=UNCACHED not in caller.rights,
            )
        except BaseException as error:
            room.leave()
            self._observe(admitted, left=not isinstance(error, Exception), error=error)
            raise
        first_audio_s = time.monotonic() - began_s

        def ended(
            sentences: Sequence[SpokenSentence], outcome: Outcome, error: BaseException | None
        ) -> None:
            self._observe(
                admitted,
                sentences,
                made=cache == "miss",
                left=outcome is Outcome.LEFT,
                error=error,
                first_audio_s=first_audio_s,
            )

        served, preset = admitted.served, admitted.utterance.preset
        account = SpeechAccount(
            admitted=admitted,
            cache=cache,
            text=text,
            text_key=self.text_key,
            started_at=started_at,
        )
        return Answer(
            model=served.model,
            version=served.version,
            voice_digest=served.voice.digest,
            profile=None if admitted.profile is None else admitted.profile.label,
            preset=preset.label,
            preset_digest=preset.digest,
            seed=admitted.utterance.seed,
            cache=cache,
            sample_rate_hz=answer.sample_rate_hz,
            loudness_lufs=preset.loudness_lufs,
            device=self.device,
            sentences=AccountedSentences(
                answer,
                room=room,
                account=account,
                clock=self.clock,
                watch=None if admitted.trial is None else ended,
            ),
        )

    def _observe(
        self,
        admitted: Admitted,
        sentences: Sequence[SpokenSentence] = (),
        *,
        error: BaseException | None,
        made: bool = True,
        left: bool = False,
        first_audio_s: float | None = None,
    ) -> None:
        """Tell the trial, where one is on, how an answer has ended."""
        if admitted.trial is None:
            return
        facts = AnswerFacts(
            trial=admitted.trial,
            routing=admitted.routing,
            sentences=sentences,
            allowed=admitted.allowed,
            made=made,
            left=left,
            error=error if isinstance(error, VoxgateError) else None,
            first_audio_s=first_audio_s,
        )
        self.observer.observe(admitted.request, admitted.utterance, facts)

    def check(self, request: SpeechRequest, *, caller: Caller) -> None:
        """Implement SpeechService: admitted, and no more."""
        self.admission.admit(request, caller)

    def models(self) -> Sequence[Mapping[str, Any]]:
        """Implement SpeechService."""
        return [self._describe_model(model) for model in self.models_served]

    def profiles(self) -> Sequence[Mapping[str, Any]]:
        """Implement SpeechService."""
        return [
            {
                "id": profile.name,
                "name": profile.name,
                "version": profile.version,
                "consent_scope": profile.consent.scope.value,
                "duration_s": profile.duration_s,
                "standings": {
                    model: self.admission.standing(profile, model) for model in self.models_served
                },
            }
            for profile in self.admission.shelf.usable()
        ]

    def presets(self) -> Sequence[Mapping[str, Any]]:
        """Implement SpeechService."""
        return [
            {"id": row.label, "digest": row.digest, **row.model_dump(mode="json")}
            for row in self.admission.book.rows()
        ]

    def readiness(self) -> Readiness:
        """Implement SpeechService: ready is who can answer a request that names no version."""
        pool = self.pool()
        faults = [*self.admission.live.problems(), *self.admission.shelf.problems()]
        answering = 0
        for model in self.models_served:
            try:
                self.admission.live.current(model)
            except VoxgateError as error:
                faults.append(str(error))
            else:
                answering += 1
        return Readiness(
            ready=pool.ready and answering > 0,
            degraded=(*pool.degraded, *dict.fromkeys(faults)),
            lanes=pool.lanes,
        )

    def _describe_model(self, model: str) -> dict[str, Any]:
        try:
            served = self.admission.live.current(model)
        except VoxgateError as error:
            return {"id": model, "live": None, "why_not": str(error)}
        release = self.admission.live.release(model, served.version)
        since = self.admission.live.live_since(model, served.version)
        return {
            "id": model,
            "live": served.version,
            "live_since": None if since is None else since.isoformat(timespec="seconds"),
            "voice_digest": served.voice.digest,
            "data_version": release.origin.data_version,
            "consent_scope": release.origin.consent_scope,
        }
