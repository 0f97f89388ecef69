"""What stops a campaign by itself, from the results of its last sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from voxgate.campaigns.ports import Deviation
from voxgate.campaigns.quality.breaker import Outcome, watch_outcomes
from voxgate.campaigns.quality.calibration import Refusals
from voxgate.campaigns.quality.expected import SentenceKind
from voxgate.campaigns.records import SpokenResult

__all__ = ["find_alarm"]


def find_alarm(
    results: Sequence[SpokenResult],
    own: Mapping[SentenceKind, Refusals],
    deviations: Sequence[Deviation],
) -> str | None:
    """Return why a campaign must stop, or None.

    Args:
        results: of the last sentences that were spoken for it, the newest last.
        own: the voice's own refusals, by its calibration.
        deviations: sentences that came out otherwise than before on the same kind of machine.
    """
    if deviations:
        first = deviations[0]
        return (
            f"{len(deviations)} sentences have other samples than the same inputs gave before on "
            f"this kind of machine, the first {first.key[:12]}: {first.before[:12]} before, "
            f"{first.now[:12]} now. Something that is no part of their key decides what is heard"
        )
    outcomes = [
        Outcome(
            kind=SentenceKind(result.quality["kind"]),
            # Of the first try alone, as the calibration counted.
            refused=result.tries > 1 or not result.passed,
        )
        for result in results
    ]
    trip = watch_outcomes(outcomes, own)
    return None if trip is None else trip.message
