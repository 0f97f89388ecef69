"""May a profile be spoken with, for this purpose, today? Asked at every use, never remembered."""

from __future__ import annotations

from datetime import date

from voxgate.corpus.consent import ConsentScope
from voxgate.errors import ConsentError, ProfileStateError
from voxgate.speakers.profiles import ConsentTerms, ProfileVersion, State

__all__ = ["covers", "require_consent", "require_measurable", "require_unexpired", "require_usable"]

_WIDTHS = {scope: width for width, scope in enumerate(ConsentScope)}  # from narrow to wide

_REMEDIES = {
    State.DRAFT: "listen to it, then `voxgate speakers activate {name}`",
    State.SUSPENDED: "when its reason is gone, `voxgate speakers resume {name}`",
    State.REVOKED: "a revoked version stays so; use another profile",
}


def require_usable(profile: ProfileVersion, purpose: ConsentScope, today: date) -> None:
    """Stop a use that the state of the profile or the consent of the speaker does not allow.

    Raises:
        ProfileStateError: it is a draft, suspended or revoked.
        ConsentError: the consent is narrower than `purpose`, or its last day is over.
    """
    if profile.state is not State.USABLE:
        remedy = _REMEDIES[profile.state].format(name=profile.name)
        why = f" ({profile.why})" if profile.why else ""
        raise ProfileStateError(
            f"profile {profile.label}: expected a usable profile, it is {profile.state}{why}; "
            f"{remedy}"
        )
    require_consent(profile, purpose, today)


def require_measurable(profile: ProfileVersion, today: date) -> None:
    """Stop a measurement: a draft may be measured, what was suspended or revoked may not.

    Raises:
        ProfileStateError: it is suspended or revoked.
        ConsentError: the last day of the consent is over.
    """
    if profile.state not in (State.DRAFT, State.USABLE):
        raise ProfileStateError(
            f"profile {profile.label}: expected a draft or a usable profile to measure, it is "
            f"{profile.state} ({profile.why}); nothing is spoken with it"
        )
    require_consent(profile, ConsentScope.EVALUATION, today)


def require_consent(profile: ProfileVersion, purpose: ConsentScope, today: date) -> None:
    """Stop a use that the speaker did not agree to, or no longer does.

    Raises:
        ConsentError: the consent is narrower than `purpose`, or its last day is over.
    """
    consent = profile.consent
    if not covers(consent.scope, purpose):
        raise ConsentError(
            f"profile {profile.label}: expected consent to {purpose}, the speaker "
            f"{profile.inputs.speaker_id} agreed to {consent.scope} only; ask for a wider record "
            f"and give it to `voxgate speakers consent {profile.name}`, or use another profile"
        )
    require_unexpired(f"profile {profile.label}", consent, today)


def covers(scope: ConsentScope, purpose: ConsentScope) -> bool:
    """Tell whether who agreed to `scope` agreed to `purpose`."""
    return _WIDTHS[scope] >= _WIDTHS[purpose]


def require_unexpired(where: str, consent: ConsentTerms, today: date) -> None:
    """Stop when the last day of a consent is over.

    Raises:
        ConsentError: it is.
    """
    if consent.expires_on is not None and today > consent.expires_on:
        raise ConsentError(
            f"{where}: expected a consent that holds on {today}, it ended with "
            f"{consent.expires_on}; ask the speaker again and give the new record to "
            "`voxgate speakers consent`"
        )
