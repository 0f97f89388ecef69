"""`speakers list|show`: what stands of the profiles, as JSON values."""

from __future__ import annotations

from datetime import date
from typing import Any

from voxgate.corpus.consent import ConsentScope
from voxgate.errors import ConsentError, ProfileStateError
from voxgate.speakers.ports import SpeakerRegister
from voxgate.speakers.profiles import ProfileVersion
from voxgate.speakers.standing import Bar, scored_presets, standing_of
from voxgate.speakers.usage import require_usable

__all__ = ["describe_profile", "list_profiles", "show_profile"]


def list_profiles(
    register: SpeakerRegister, *, today: date, bar: Bar | None = None
) -> list[dict[str, Any]]:
    """Return every version of every profile, by name."""
    standing = register.read().profiles
    return [
        describe_profile(version, today=today, bar=bar)
        for name in sorted(standing)
        for version in standing[name]
    ]


def show_profile(
    register: SpeakerRegister,
    name: str,
    version: int | None,
    *,
    today: date,
    bar: Bar | None = None,
) -> dict[str, Any]:
    """Return one version with its scores.

    Raises:
        UnknownProfileError: there is no such version.
    """
    return describe_profile(register.read().require(name, version), today=today, bar=bar)


def describe_profile(
    profile: ProfileVersion, *, today: date, bar: Bar | None = None
) -> dict[str, Any]:
    """Return a version as JSON values.

    `standing` says, by the digest of each preset that was ever measured, how the profile stands
    with the voice of `bar`; without one nothing is live, and it is empty.
    `usable_for` are the purposes that it may be used for today, from narrow to wide. The whole
    text that the reference says is no part of it: it may be private.
    """
    return {
        "name": profile.name,
        "version": profile.version,
        "digest": profile.digest,
        "state": profile.state.value,
        "why": profile.why,
        "speaker_id": profile.inputs.speaker_id,
        "consent": profile.consent.as_json(),
        "reference": {
            "sha256": profile.inputs.reference_sha256,
            "duration_s": profile.duration_s,
            "recipe_digest": profile.inputs.recipe_digest,
            "has_text": profile.inputs.text is not None,
            "checks": dict(profile.checks),
        },
        "quality": [score.as_json() for score in profile.scores],
        "standing": {
            preset: standing_of(profile, preset, bar).value
            for preset in scored_presets(profile)
            if bar is not None
        },
        "usable_for": [scope.value for scope in ConsentScope if _is_usable(profile, scope, today)],
    }


def _is_usable(profile: ProfileVersion, scope: ConsentScope, today: date) -> bool:
    try:
        require_usable(profile, scope, today)
    except (ProfileStateError, ConsentError):
        return False
    return True
