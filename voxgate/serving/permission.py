"""May a version be spoken with, for this purpose? Asked at every use, by the service and campaigns.

Of a speaker profile `voxgate.speakers.usage` says it.
"""

from __future__ import annotations

from collections.abc import Collection

from voxgate.corpus.consent import ConsentScope
from voxgate.errors import ConsentError, QuarantinedVersionError
from voxgate.release.records import Release
from voxgate.speakers.usage import covers

__all__ = ["agreed_scope", "require_covered", "require_not_quarantined"]


def agreed_scope(release: Release) -> ConsentScope:
    """Return what a version was released for: as it was approved, else as its data allow."""
    approval = release.approval
    return ConsentScope(release.origin.consent_scope if approval is None else approval.scope)


def require_not_quarantined(model: str, version: int, quarantined: Collection[int]) -> None:
    """Stop a use of a version that was called back.

    Raises:
        QuarantinedVersionError: it was.
    """
    if version in quarantined:
        raise QuarantinedVersionError(f"{model} version {version} is quarantined")


def require_covered(release: Release, model: str, purpose: ConsentScope) -> None:
    """Stop a use that the consent of the version's speakers does not cover.

    Raises:
        ConsentError: it is narrower; says the ways out.
    """
    agreed = agreed_scope(release)
    if not covers(agreed, purpose):
        raise ConsentError(
            f"{model} version {release.version}: expected a voice that was released for "
            f"{purpose}, it was for {agreed} only; train on recordings with a wider consent "
            "(`voxgate corpus add --consent`), or use it for a narrower purpose"
        )
