"""Whether a request is let through, and as what: version, preset and profile, by consent.

In this order, so that nothing is spoken that may not be: which version answers, how (preset), as
whom (profile), and whether everybody agreed to this use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from voxgate.clock import utc_now
from voxgate.corpus.consent import ConsentScope
from voxgate.errors import VoxgateError
from voxgate.files import digest_json
from voxgate.serving.permission import require_covered, require_not_quarantined
from voxgate.serving.ports import Caller
from voxgate.serving.preset_book import PresetBook
from voxgate.serving.releases.live_versions import LiveVersions
from voxgate.serving.releases.routing import OnTrial, Routing, RoutingRules, route
from voxgate.serving.releases.served_state import ServedVersion
from voxgate.serving.requests import SpeechRequest, Utterance
from voxgate.serving.shelf import ProfileShelf
from voxgate.speakers.profiles import ProfileVersion
from voxgate.speakers.standing import Bar, Standing, require_fit, standing_of
from voxgate.speakers.usage import require_usable

__all__ = ["Admission", "Admitted"]


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """A request that was let through.

    `allowed` raises where what was agreed to holds no more; it is asked before every sentence.
    `trial` is the one that was on, by which `routing` was decided.
    """

    request: SpeechRequest
    caller: Caller
    served: ServedVersion
    trial: OnTrial | None
    routing: Routing
    profile: ProfileVersion | None
    utterance: Utterance
    allowed: Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Admission:
    """Lets requests through; costs no input or output.

    `min_similarity` is what a profile must reach with voice and preset; `default_preset` is the
    label of the preset of requests that name none.
    """

    live: LiveVersions
    shelf: ProfileShelf
    book: PresetBook
    min_similarity: float
    default_preset: str = "standard"
    clock: Callable[[], datetime] = utc_now

    def admit(self, request: SpeechRequest, caller: Caller) -> Admitted:
        """Let a request through, or say why not.

        Raises:
            UnknownVersionError, UnknownPresetError, UnknownProfileError: there is no such thing.
            QuarantinedVersionError, ConsentError, ProfileStateError: it may not be said.
            OverloadedError: the version is being made ready.
            LedgerError: nobody knows what is live, or who may be spoken with.
        """
        purpose = ConsentScope(caller.purpose)
        served, trial, routing = self._route(request, caller)
        preset = self.book.find(request.preset or self.default_preset)
        profile = None if request.profile is None else self.shelf.require(request.profile)
        utterance = Utterance(
            voice=served.voice,
            preset=preset,
            text=request.text,
            seed=preset.seed if request.seed is None else request.seed,
            reference=None if profile is None else self.shelf.reference(profile),
            speed=request.speed,
        )

        def allowed() -> None:
            self._require_released(served, purpose)
            if profile is not None:
                self._require_usable(profile, utterance, purpose)

        allowed()
        return Admitted(
            request=request,
            caller=caller,
            served=served,
            trial=trial,
            routing=routing,
            profile=profile,
            utterance=utterance,
            allowed=allowed,
        )

    def standing(self, profile: ProfileVersion, model: str) -> Standing | None:
        """Return how a profile stands with what answers for a model and the default preset.

        None while nothing does, or nobody knows what.
        """
        try:
            served = self.live.current(model)
        except VoxgateError:
            return None
        bar = Bar(model_digest=served.voice.digest, min_similarity=self.min_similarity)
        return standing_of(profile, self.book.find(self.default_preset).digest, bar)

    def _route(
        self, request: SpeechRequest, caller: Caller
    ) -> tuple[ServedVersion, OnTrial | None, Routing]:
        """Choose the version: what is named, what is live, or what is on trial for a share."""
        served = self.live.current(request.model, request.version)
        trial = self.live.on_trial(request.model)
        routing = route(
            # Not the key alone: with few keys a share of them is nobody, or one of them all.
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

    def _require_released(self, served: ServedVersion, purpose: ConsentScope) -> None:
        require_not_quarantined(served.model, served.version, self.live.quarantined(served.model))
        require_covered(self.live.release(served.model, served.version), served.model, purpose)

    def _require_usable(
        self, profile: ProfileVersion, utterance: Utterance, purpose: ConsentScope
    ) -> None:
        now = self.shelf.require(profile.label)
        require_usable(now, purpose, self.clock().date())
        bar = Bar(model_digest=utterance.voice.digest, min_similarity=self.min_similarity)
        require_fit(now, utterance.preset.digest, bar)
