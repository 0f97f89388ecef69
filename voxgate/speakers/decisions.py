"""Who decides what about a profile: pure, from what stands to the event to append.

None is returned where it stands already: each may be tried again after a crash.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from voxgate.corpus.consent import Consent
from voxgate.errors import ConsentError, ProfileRefusedError, ProfileStateError
from voxgate.excerpts import excerpt
from voxgate.speakers.events import Draft, Kind
from voxgate.speakers.profiles import ConsentTerms, ProfileInputs, ProfileVersion, State, allows
from voxgate.speakers.quality import QualityScore
from voxgate.speakers.register import Register
from voxgate.speakers.usage import require_measurable, require_unexpired
from voxgate.speakers.words import input_faults, require_words

__all__ = [
    "activate",
    "change_consent",
    "enrol",
    "resume",
    "revoke",
    "score",
    "suspend",
]


def enrol(
    register: Register,
    inputs: ProfileInputs,
    *,
    duration_s: float,
    checks: Mapping[str, float | None],
    by: str,
    now: datetime,
) -> Draft | None:
    """Enter a new version of a profile as a draft; the same inputs add nothing.

    Raises:
        ProfileRefusedError: name, speaker or text cannot be used; all faults are named.
        ProfileStateError: the same inputs were revoked.
        ConsentError: the consent has ended already.
    """
    require_words(by, "enrolled")
    faults = input_faults(register, inputs)
    if faults:
        raise ProfileRefusedError(f"profile {excerpt(inputs.name)}", faults)
    require_unexpired(f"profile {inputs.name}", inputs.consent, now.date())
    versions = register.profiles.get(inputs.name, ())
    for known in versions:
        if known.digest != inputs.digest:
            continue
        if known.state is State.REVOKED:
            raise ProfileStateError(
                f"profile {known.label}: the same recording under the same consent was revoked "
                f"({known.why}); it stays so. A new consent makes a new version."
            )
        return None
    return Draft(
        kind=Kind.ENROLLED,
        profile=inputs.name,
        version=len(versions) + 1,
        actor=by,
        reason="enrolled",
        facts={"inputs": inputs.as_json(), "duration_s": duration_s, "checks": dict(checks)},
    )


def activate(
    register: Register, name: str, version: int | None, *, by: str, reason: str, now: datetime
) -> Draft | None:
    """Let a draft be spoken with; without a version it is the one that was enrolled last.

    Raises:
        UnknownProfileError: there is no such version.
        ProfileStateError: it is no draft, or who and why are not said.
        ConsentError: its consent has ended.
    """
    require_words(by, reason)
    profile = _newest(register, name, version)
    if profile.state is State.SUSPENDED:
        raise ProfileStateError(
            f"profile {profile.label} is suspended ({profile.why}); resume it, or leave it"
        )
    if profile.state is not State.USABLE:
        require_unexpired(f"profile {profile.label}", profile.consent, now.date())
    return _moved(profile, Kind.ACTIVATED, State.USABLE, by=by, reason=reason)


def suspend(
    register: Register, name: str, version: int | None, *, by: str, reason: str
) -> Draft | None:
    """Stop the use of a profile until it is resumed.

    Raises:
        UnknownProfileError: there is no such version.
        ProfileStateError: it is a draft or revoked, or who and why are not said.
    """
    profile = register.require(name, version)
    return _moved(profile, Kind.SUSPENDED, State.SUSPENDED, by=by, reason=reason)


def resume(
    register: Register, name: str, version: int | None, *, by: str, reason: str, now: datetime
) -> Draft | None:
    """Let a suspended profile be spoken with again.

    Raises:
        UnknownProfileError: there is no such version.
        ProfileStateError: it is a draft or revoked, or who and why are not said.
        ConsentError: its consent has ended meanwhile.
    """
    require_words(by, reason)
    profile = register.require(name, version)
    if profile.state is State.DRAFT:
        raise ProfileStateError(f"profile {profile.label} is a draft; activate it")
    if profile.state is State.SUSPENDED:
        require_unexpired(f"profile {profile.label}", profile.consent, now.date())
    return _moved(profile, Kind.RESUMED, State.USABLE, by=by, reason=reason)


def revoke(
    register: Register, name: str, version: int | None, *, by: str, reason: str
) -> Draft | None:
    """Stop the use of a version for good.

    Raises:
        UnknownProfileError: there is no such version.
        ProfileStateError: who and why are not said.
    """
    profile = register.require(name, version)
    return _moved(profile, Kind.REVOKED, State.REVOKED, by=by, reason=reason)


def change_consent(
    register: Register,
    name: str,
    version: int | None,
    consent: Consent,
    *,
    by: str,
    reason: str,
    now: datetime,
) -> Draft | None:
    """Put another record in the place of a version's consent: wider, narrower, or ending otherwise.

    Raises:
        UnknownProfileError: there is no such version.
        ProfileStateError: it is revoked, or who and why are not said.
        ConsentError: the new record has ended already; revoke the profile instead.
    """
    require_words(by, reason)
    profile, terms = register.require(name, version), ConsentTerms.of(consent)
    if profile.state is State.REVOKED:
        raise ProfileStateError(f"profile {profile.label} is revoked ({profile.why}); it stays so")
    if terms == profile.consent:
        return None
    if terms.expires_on is not None and terms.expires_on < now.date():
        raise ConsentError(
            f"profile {profile.label}: the new record ended with {terms.expires_on}; to end the "
            "use, `voxgate speakers revoke` it"
        )
    return _draft(profile, Kind.CONSENT_CHANGED, by, reason, consent=terms.as_json())


def score(
    register: Register, name: str, version: int, found: QualityScore, *, by: str, now: datetime
) -> Draft | None:
    """Note what was measured of a version; the same figures add nothing.

    Raises:
        UnknownProfileError: there is no such version.
        ProfileStateError: it was suspended or revoked meanwhile.
        ConsentError: its consent has ended meanwhile.
    """
    profile = register.require(name, version)
    require_measurable(profile, now.date())
    known = profile.score(model_digest=found.model_digest, preset_digest=found.preset_digest)
    if known is not None and _figures(known) == _figures(found):
        return None
    return _draft(profile, Kind.SCORED, by, "measured", score=found.as_json())


def _figures(found: QualityScore) -> dict[str, object]:
    return {name: value for name, value in found.as_json().items() if name != "measured_at"}


def _newest(register: Register, name: str, version: int | None) -> ProfileVersion:
    """Take the newest version where none is named: a draft is what is to be activated."""
    return register.require(name, version or max(1, len(register.profiles.get(name, ()))))


def _moved(
    profile: ProfileVersion, kind: Kind, state: State, *, by: str, reason: str
) -> Draft | None:
    require_words(by, reason)
    if profile.state is state:
        return None
    if not allows(profile.state, state):
        why = f" ({profile.why})" if profile.why else ""
        raise ProfileStateError(
            f"profile {profile.label} is {profile.state}{why} and cannot become {state}"
        )
    return _draft(profile, kind, by, reason)


def _draft(profile: ProfileVersion, kind: Kind, by: str, reason: str, **facts: object) -> Draft:
    return Draft(
        kind=kind,
        profile=profile.name,
        version=profile.version,
        actor=by,
        reason=reason,
        facts=facts,
    )
