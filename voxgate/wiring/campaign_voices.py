"""What a campaign speaks with: what is live when it is planned, and then the same for its life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import cast

from voxgate.audio.encoding import EncodingName
from voxgate.campaigns.records import Campaign, Pinned
from voxgate.campaigns.spec import CampaignSpec, parse_spec
from voxgate.campaigns.work.rendering import RenderRecipe
from voxgate.clock import utc_now
from voxgate.corpus.consent import ConsentScope
from voxgate.errors import CampaignStateError, UnknownVersionError
from voxgate.release.records import Release
from voxgate.release.states import State
from voxgate.serving.permission import agreed_scope, require_covered, require_not_quarantined
from voxgate.serving.requests import PackagedVoice, ReferencePlace, Utterance
from voxgate.speakers.profiles import ProfileVersion
from voxgate.speakers.standing import Bar, require_fit
from voxgate.speakers.usage import require_usable
from voxgate.speaking.presets import SpeakingPreset
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.packages import registered_package
from voxgate.wiring.presets import open_preset_book
from voxgate.wiring.release import open_ledger, open_registry
from voxgate.wiring.speakers import open_speaker_register
from voxgate.wiring.speaking_desk import speaking_code

__all__ = [
    "CampaignVoice",
    "campaign_recipe",
    "choose_voice",
    "pinned_recipe",
    "pinned_voice",
    "require_allowed",
    "require_may_speak",
]


@dataclass(frozen=True, kw_only=True)
class CampaignVoice:
    """What a campaign speaks with: a release, how, and as whom; `utterance` has no text."""

    release: Release
    preset: SpeakingPreset
    profile: ProfileVersion | None
    utterance: Utterance

    @property
    def reference_sha256(self) -> str | None:
        """The profile's prepared reference; None is the voice package's own."""
        return None if self.profile is None else self.profile.inputs.reference_sha256

    def pinned(self, spec: CampaignSpec, *, quality: str, code: str) -> Pinned:
        """Say what is kept for the campaign's whole life."""
        consent = None if self.profile is None else self.profile.consent
        return Pinned(
            model=spec.model,
            version=self.release.version,
            voice_digest=self.utterance.voice.digest,
            profile=None if self.profile is None else self.profile.label,
            reference_sha256=self.reference_sha256,
            consent_scope=(agreed_scope(self.release) if consent is None else consent.scope).value,
            consent_digest=None if consent is None else consent.digest,
            preset=self.preset.label,
            preset_digest=self.preset.digest,
            quality_digest=quality,
            recipe_digest=campaign_recipe(spec, self.preset).digest,
            code=code,
        )


def campaign_recipe(spec: CampaignSpec, preset: SpeakingPreset) -> RenderRecipe:
    """Return how the files of a campaign are made.

    Raises:
        ValueError: the format cannot have the sample rate.
    """
    return RenderRecipe(
        format=cast("EncodingName", spec.format),
        sample_rate_hz=spec.sample_rate_hz,
        loudness_lufs=preset.loudness_lufs,
    )


def choose_voice(checkout: Checkout, spec: CampaignSpec) -> CampaignVoice:
    """Return what a campaign that is planned now speaks with: what is live, if it may.

    Raises:
        UnknownVersionError: nothing of the model is live.
        UnknownPresetError, UnknownProfileError: there is no such thing.
        ConsentError, ProfileStateError, QuarantinedVersionError: it may not be spoken.
        LedgerError, RegistryError, ExternalServiceError: it cannot be looked up, or fetched.
    """
    book = open_ledger(checkout.settings, checkout.root).read(spec.model)
    if book.live is None:
        raise UnknownVersionError(
            f"nothing of {spec.model} is live; `voxgate approve` releases a version, and a "
            "campaign speaks with what is live when it is planned"
        )
    return _voice(checkout, spec, book.require(book.live), spec.profile, spec.preset)


def pinned_voice(checkout: Checkout, campaign: Campaign) -> CampaignVoice:
    """Return what a planned campaign speaks with, whatever is live now.

    Raises:
        ConsentError, ProfileStateError, QuarantinedVersionError: it may not be spoken any more.
        LedgerError, RegistryError, ExternalServiceError: it cannot be looked up, or fetched.
    """
    pinned = _require_pinned(campaign)
    spec = parse_spec(dict(campaign.spec), campaign.id)
    book = open_ledger(checkout.settings, checkout.root).read(pinned.model)
    release = book.require(pinned.version)
    return _voice(checkout, spec, release, pinned.profile, pinned.preset)


def _voice(
    checkout: Checkout, spec: CampaignSpec, release: Release, profile: str | None, preset: str
) -> CampaignVoice:
    found = None if profile is None else _profile(checkout, profile)
    chosen = open_preset_book(checkout.settings, checkout.root).find(preset)
    _require_may(checkout, spec, release, found, chosen, utc_now())
    digest = str(release.origin.model_digest)
    folder = registered_package(
        release,
        checkout.workspace.speech_dir / "voices" / digest[:16],
        connect=partial(open_registry, checkout.settings, checkout.root),
    )
    return CampaignVoice(
        release=release,
        preset=chosen,
        profile=found,
        utterance=Utterance(
            voice=PackagedVoice(folder=folder, digest=digest),
            preset=chosen,
            text="",
            seed=chosen.seed,
            reference=None if found is None else _reference(checkout, found),
        ),
    )


def _require_may(
    checkout: Checkout,
    spec: CampaignSpec,
    release: Release,
    profile: ProfileVersion | None,
    preset: SpeakingPreset,
    now: datetime,
) -> None:
    condemned = {release.version} if release.state is State.QUARANTINED else set()
    require_not_quarantined(spec.model, release.version, condemned)
    require_covered(release, spec.model, ConsentScope(spec.purpose))
    if profile is not None:
        require_usable(profile, ConsentScope(spec.purpose), now.date())
        bar = Bar(
            model_digest=str(release.origin.model_digest),
            min_similarity=checkout.params.speakers.min_similarity,
        )
        require_fit(profile, preset.digest, bar)


def require_allowed(checkout: Checkout, clock: Callable[[], datetime], campaign: Campaign) -> None:
    """Stop where version, profile or consent of a campaign may not be used now; costs reads alone.

    Nor may other code speak for it than it was planned with: it might say something else.

    Raises:
        ConsentError, ProfileStateError, QuarantinedVersionError: it may not be spoken.
        LedgerError, ExternalServiceError: nobody knows.
    """
    pinned = _require_pinned(campaign)
    if pinned.code != speaking_code():
        raise CampaignStateError(
            f"campaign {campaign.id}: it was planned with the speaking code {pinned.code[:12]}, "
            f"this worker has {speaking_code()[:12]}; finish it where that is installed, or cancel "
            "it and make a new one"
        )
    spec = parse_spec(dict(campaign.spec), campaign.id)
    book = open_ledger(checkout.settings, checkout.root).read(pinned.model)
    profile = None if pinned.profile is None else _profile(checkout, pinned.profile)
    preset = open_preset_book(checkout.settings, checkout.root).find(pinned.preset)
    _require_may(checkout, spec, book.require(pinned.version), profile, preset, clock())


def require_may_speak(checkout: Checkout, campaign: Campaign) -> None:
    """Stop where version, profile or consent of a planned campaign may not be used today.

    Raises:
        CampaignStateError: it is not planned.
        ConsentError, ProfileStateError, QuarantinedVersionError: it may not be spoken.
        LedgerError, ExternalServiceError: nobody knows.
    """
    if campaign.pinned is None:
        raise CampaignStateError(
            f"campaign {campaign.id}: nothing is pinned; `voxgate campaign plan` comes before it"
        )
    require_allowed(checkout, utc_now, campaign)


def pinned_recipe(checkout: Checkout, campaign: Campaign) -> RenderRecipe:
    """Return how the files of a planned campaign are made."""
    pinned = _require_pinned(campaign)
    spec = parse_spec(dict(campaign.spec), campaign.id)
    return campaign_recipe(
        spec, open_preset_book(checkout.settings, checkout.root).find(pinned.preset)
    )


def _profile(checkout: Checkout, label: str) -> ProfileVersion:
    name, _, version = label.partition("@")
    register = open_speaker_register(checkout.settings, checkout.root).read()
    return register.require(name, int(version) if version else None)


def _reference(checkout: Checkout, profile: ProfileVersion) -> ReferencePlace:
    return ReferencePlace(
        folder=checkout.workspace.speakers_dir,
        sha256=profile.inputs.reference_sha256,
        text=profile.inputs.text,
    )


def _require_pinned(campaign: Campaign) -> Pinned:
    assert campaign.pinned is not None, "only a planned campaign is spoken"
    return campaign.pinned
