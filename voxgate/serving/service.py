"""The speech service: a request becomes an answer that was allowed, is kept, and is accounted for.

In this order, so that nothing is spoken that may not be: which version answers, how (preset), as
whom (profile), whether everybody agreed to this use; then room for the audit, then the desk.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voxgate.clock import utc_now
from voxgate.corpus.consent import ConsentScope
from voxgate.errors import ConsentError, QuarantinedVersionError, VoxgateError
from voxgate.files import digest_json
from voxgate.serving.accounts import AccountedSentences, SpeechAccount
from voxgate.serving.api_keys import KEEPS_TEXT
from voxgate.serving.audit.record import Outcome, kept_text
from voxgate.serving.audit.spool import SpeechSpool
from voxgate.serving.desk.desk import SpeakingDesk
from voxgate.serving.ports import Answer, Caller, Readiness
from voxgate.serving.preset_book import PresetBook
from voxgate.serving.releases.live_versions import LiveVersions
from voxgate.serving.releases.routing import OnTrial, Routing, RoutingRules, route
from voxgate.serving.releases.served_state import ServedVersion
from voxgate.serving.releases.shadow import AnswerFacts, TrialObserver
from voxgate.serving.requests import SpeechRequest, SpokenSentence, Utterance
from voxgate.serving.shelf import ProfileShelf
from voxgate.speakers.profiles import ProfileVersion
from voxgate.speakers.standing import Bar, require_fit
from voxgate.speakers.usage import covers, require_usable
from voxgate.speaking.presets import SpeakingPreset

__all__ = ["ReleasedSpeech"]


@dataclass(frozen=True, kw_only=True)
class ReleasedSpeech:
    """Implements `SpeechService` with the versions that the ledger says are live.

    `pool` says how the workers are; `text_key` digests texts for the audit; `observer` is told of
    answers while a version is on trial; `min_similarity` is what a profile must reach with voice
    and preset; `default_preset` is the label of the preset of requests that name none.
    """

    models_served: tuple[str, ...]
    live: LiveVersions
    shelf: ProfileShelf
    book: PresetBook
    desk: SpeakingDesk
    spool: SpeechSpool
    pool: Callable[[], Readiness]
    text_key: bytes
    observer: TrialObserver
    min_similarity: float
    default_preset: str = "standard"
    clock: Callable[[], datetime] = utc_now

    async def say(
        self, request: SpeechRequest, *, caller: Caller, deadline_s: float | None = None
    ) -> Answer:
        """Implement SpeechService."""
        began_s, started_at = time.monotonic(), self.clock()
        purpose = ConsentScope(caller.purpose)
        served, trial, routing = self._route(request, caller)
        preset = self.book.find(request.preset or self.default_preset)
        profile = None if request.profile is None else self.shelf.require(request.profile)

        def allowed() -> None:
            self._require_allowed(served, preset, profile, purpose)

        allowed()
        utterance = Utterance(
            voice=served.voice,
            preset=preset,
            text=request.text,
            seed=preset.seed if request.seed is None else request.seed,
            reference=None if profile is None else self.shelf.reference(profile),
            speed=request.speed,
        )
        text = kept_text(request.text, allowed=KEEPS_TEXT in caller.rights)
        room = self.spool.reserve(text)

        def observe(
            sentences: Sequence[SpokenSentence],
            *,
            made: bool = True,
            left: bool = False,
            error: BaseException | None = None,
            first_audio_s: float | None = None,
        ) -> None:
            if trial is None:
                return
            facts = AnswerFacts(
                trial=trial,
                routing=routing,
                sentences=sentences,
                allowed=allowed,
                made=made,
                left=left,
                error=error if isinstance(error, VoxgateError) else None,
                first_audio_s=first_audio_s,
            )
            self.observer.observe(request, utterance, facts)

        try:
            cache, answer = await self.desk.speak(
                utterance, lane=caller.lane, allowed=allowed, deadline_s=deadline_s
            )
        except BaseException as error:
            room.leave()
            observe((), left=not isinstance(error, Exception), error=error)
            raise
        first_audio_s = time.monotonic() - began_s
        account = SpeechAccount(
            request=request,
            caller=caller,
            served=served,
            profile=profile,
            utterance=utterance,
            cache=cache,
            text=text,
            text_key=self.text_key,
            started_at=started_at,
        )
        return Answer(
            model=served.model,
            version=served.version,
            voice_digest=served.voice.digest,
            profile=None if profile is None else profile.label,
            preset=preset.label,
            preset_digest=preset.digest,
            seed=utterance.seed,
            cache=cache,
            sample_rate_hz=answer.sample_rate_hz,
            loudness_lufs=preset.loudness_lufs,
            sentences=AccountedSentences(
                answer,
                room=room,
                account=account,
                clock=self.clock,
                watch=None
                if trial is None
                else lambda sentences, outcome, error: observe(
                    sentences,
                    made=cache == "miss",
                    left=outcome is Outcome.LEFT,
                    error=error,
                    first_audio_s=first_audio_s,
                ),
            ),
        )

    def _route(
        self, request: SpeechRequest, caller: Caller
    ) -> tuple[ServedVersion, OnTrial | None, Routing]:
        """Choose the version: what is named, what is live, or what is on trial for a share."""
        served = self.live.current(request.model, request.version)
        trial = self.live.on_trial(request.model)
        routing = route(
            digest_json([caller.key_id, request.text]),
            served.version,
            None if trial is None else trial.challenger,
            RoutingRules() if trial is None else trial.rules,
            pinned=request.version,
            lane=caller.lane,
        )
        if trial is not None and routing.share == "canary":
            served = trial.ready
        return served, trial, routing

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
            }
            for profile in self.shelf.usable()
        ]

    def presets(self) -> Sequence[Mapping[str, Any]]:
        """Implement SpeechService."""
        return [
            {"id": row.label, "digest": row.digest, **row.model_dump(mode="json")}
            for row in self.book.rows()
        ]

    def readiness(self) -> Readiness:
        """Implement SpeechService: ready is who can answer a request that names no version."""
        pool = self.pool()
        faults = [*self.live.problems(), *self.shelf.problems()]
        answering = 0
        for model in self.models_served:
            try:
                self.live.current(model)
            except VoxgateError as error:
                faults.append(str(error))
            else:
                answering += 1
        return Readiness(
            ready=pool.ready and answering > 0,
            degraded=(*pool.degraded, *dict.fromkeys(faults)),
            lanes=pool.lanes,
        )

    def _require_allowed(
        self,
        served: ServedVersion,
        preset: SpeakingPreset,
        profile: ProfileVersion | None,
        purpose: ConsentScope,
    ) -> None:
        """Stop what may not be heard now; asked again before every sentence.

        Raises:
            QuarantinedVersionError, ConsentError, ProfileStateError: it may not.
            LedgerError: nobody knows.
        """
        if served.version in self.live.quarantined(served.model):
            raise QuarantinedVersionError(f"{served.model} version {served.version} is quarantined")
        release = self.live.release(served.model, served.version)
        approval = release.approval
        agreed = ConsentScope(release.origin.consent_scope if approval is None else approval.scope)
        if not covers(agreed, purpose):
            raise ConsentError(
                f"{served.model} version {served.version}: expected a voice that was released for "
                f"{purpose}, it was for {agreed} only; train on recordings with a wider consent "
                "(`voxgate corpus add --consent`), or use a key for a narrower purpose"
            )
        if profile is not None:
            now = self.shelf.require(profile.label)
            require_usable(now, purpose, self.clock().date())
            bar = Bar(model_digest=served.voice.digest, min_similarity=self.min_similarity)
            require_fit(now, preset.digest, bar)

    def _describe_model(self, model: str) -> dict[str, Any]:
        try:
            served = self.live.current(model)
        except VoxgateError as error:
            return {"id": model, "live": None, "why_not": str(error)}
        release = self.live.release(model, served.version)
        since = self.live.live_since(model, served.version)
        return {
            "id": model,
            "live": served.version,
            "live_since": None if since is None else since.isoformat(timespec="seconds"),
            "voice_digest": served.voice.digest,
            "data_version": release.origin.data_version,
            "consent_scope": release.origin.consent_scope,
        }
