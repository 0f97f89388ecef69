"""How a profile stands with the model that speaks today: measured, stale, or not good enough.

Only what was measured of this very model counts against a profile. One that nobody has measured
with it yet is spoken with: a promotion stops nobody, it makes scores stale until they are taken
again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from voxgate.errors import ProfileStateError
from voxgate.speakers.profiles import ProfileVersion

__all__ = ["Bar", "Standing", "require_fit", "scored_presets", "stale_presets", "standing_of"]


class Standing(StrEnum):
    """What the scores of one preset say of a profile today."""

    GOOD = "good"
    POOR = "poor"
    """The median is below the floor; with so few samples it may be chance."""

    UNFIT = "unfit"
    """The median surely is: nothing is spoken."""

    STALE = "stale"
    """There are scores, of other models only."""

    UNMEASURED = "unmeasured"


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What scores are held against: the digest of the voice that speaks, and the floor."""

    model_digest: str
    min_similarity: float


def standing_of(profile: ProfileVersion, preset_digest: str, bar: Bar) -> Standing:
    """Return how a profile stands with a preset."""
    names = {"model_digest": bar.model_digest, "preset_digest": preset_digest}
    score = profile.score(**names)
    if score is None:
        return Standing.STALE if profile.is_stale(**names) else Standing.UNMEASURED
    if score.similarity_upper < bar.min_similarity:
        return Standing.UNFIT
    return Standing.POOR if score.similarity_p50 < bar.min_similarity else Standing.GOOD


def require_fit(profile: ProfileVersion, preset_digest: str, bar: Bar) -> None:
    """Stop a use of a profile that the voice surely does not sound like.

    Ask it beside `usage.require_usable`, at every use.

    Raises:
        ProfileStateError: it was measured with this model and this preset, and is unfit.
    """
    if standing_of(profile, preset_digest, bar) is not Standing.UNFIT:
        return
    score = profile.score(model_digest=bar.model_digest, preset_digest=preset_digest)
    assert score is not None
    raise ProfileStateError(
        f"profile {profile.label}: expected a similarity to the reference of "
        f"{bar.min_similarity:.3f} or more, the voice that is live has {score.similarity_p50:.3f}, "
        f"surely below {score.similarity_upper:.3f} (N {score.n}). Enrol a better recording, or "
        "use another preset or profile"
    )


def scored_presets(profile: ProfileVersion) -> tuple[str, ...]:
    """Return the digests of the presets that a profile was ever measured with."""
    return tuple(dict.fromkeys(score.preset_digest for score in profile.scores))


def stale_presets(profile: ProfileVersion, *, model_digest: str) -> tuple[str, ...]:
    """Return the digests of the presets whose scores are all of other models."""
    return tuple(
        preset
        for preset in scored_presets(profile)
        if profile.is_stale(model_digest=model_digest, preset_digest=preset)
    )
