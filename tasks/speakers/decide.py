"""`speakers activate|suspend|resume|revoke|consent`: one event each, or none where it stands.

Each returns the version as it stands then, as JSON values.
"""

from __future__ import annotations

from typing import Any

from tasks.speakers.show import describe_profile
from voxgate.clock import utc_now
from voxgate.corpus.consent import Consent
from voxgate.speakers import decisions
from voxgate.speakers.ports import Decide, SpeakerRegister

__all__ = ["activate", "change_consent", "resume", "revoke", "suspend"]


def activate(
    register: SpeakerRegister, name: str, version: int | None, *, by: str, reason: str
) -> dict[str, Any]:
    """Let a draft be spoken with; without a version it is the one that was enrolled last.

    Raises:
        UnknownProfileError, ProfileStateError, ConsentError: the rules do not allow it.
        LedgerError, ExternalServiceError: the register cannot be used.
    """
    return _append(
        register,
        lambda standing, now: decisions.activate(
            standing, name, version, by=by, reason=reason, now=now
        ),
        name,
        version,
    )


def suspend(
    register: SpeakerRegister, name: str, version: int | None, *, by: str, reason: str
) -> dict[str, Any]:
    """Stop the use of a version until it is resumed; raises as `activate`."""
    return _append(
        register,
        lambda standing, _now: decisions.suspend(standing, name, version, by=by, reason=reason),
        name,
        version,
    )


def resume(
    register: SpeakerRegister, name: str, version: int | None, *, by: str, reason: str
) -> dict[str, Any]:
    """Let a suspended version be spoken with again; raises as `activate`."""
    return _append(
        register,
        lambda standing, now: decisions.resume(
            standing, name, version, by=by, reason=reason, now=now
        ),
        name,
        version,
    )


def revoke(
    register: SpeakerRegister, name: str, version: int | None, *, by: str, reason: str
) -> dict[str, Any]:
    """Stop the use of a version for good; raises as `activate`."""
    return _append(
        register,
        lambda standing, _now: decisions.revoke(standing, name, version, by=by, reason=reason),
        name,
        version,
    )


def change_consent(
    register: SpeakerRegister,
    name: str,
    version: int | None,
    consent: Consent,
    *,
    by: str,
    reason: str,
) -> dict[str, Any]:
    """Put another record in the place of a version's consent; raises as `activate`."""
    return _append(
        register,
        lambda standing, now: decisions.change_consent(
            standing, name, version, consent, by=by, reason=reason, now=now
        ),
        name,
        version,
    )


def _append(
    register: SpeakerRegister, decide: Decide, name: str, version: int | None
) -> dict[str, Any]:
    event = register.append(decide)
    standing = register.read().require(name, version if event is None else event.version)
    return describe_profile(standing, today=utc_now().date())
