"""One training at a time on each device: wait for a place, and say for whom.

A place is held by a lease in the ledger's database, the same that guards a repair of the registry:
a holder that died frees it within the time to live of leases, on one machine or on many
(docs/adr/0009-training-slot.md, docs/adr/0013-training-places.md).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flows.training_places import TrainingPlace, training_places
from voxgate.errors import LockHeldError
from voxgate.release.ports.leases import Leases
from voxgate.wiring.checkout import Checkout

__all__ = ["LONGEST_WAIT_S", "hold_training_slot", "take_training_slot"]

LONGEST_WAIT_S = 6 * 3600.0
EVERY_S = 3.0


@contextmanager
def hold_training_slot(root: Path) -> Iterator[TrainingPlace]:
    """Hold one of this machine's places in this checkout's ledger; yields which.

    Raises:
        LockHeldError: none came free within `LONGEST_WAIT_S`; says who holds the last one.
        ConfigError: the devices of the settings are not there.
        ExternalServiceError: the ledger does not answer.
    """
    checkout = Checkout.open(root)
    places = training_places(checkout.settings, os.environ)
    with take_training_slot(
        checkout.desk.leases, places=places, purpose=f"training in {root}"
    ) as place:
        yield place


@contextmanager
def take_training_slot(
    leases: Leases,
    *,
    places: Sequence[TrainingPlace],
    purpose: str,
    longest_s: float = LONGEST_WAIT_S,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[TrainingPlace]:
    """Hold the first place that is free; one line on stderr for each holder waited for.

    Raises:
        LockHeldError: as `hold_training_slot`, after `longest_s`.
    """
    deadline = clock() + longest_s
    told: set[str] = set()
    with ExitStack() as stack:
        while isinstance(found := _try(stack, leases, places, purpose), LockHeldError):
            if clock() >= deadline:
                raise found
            if found.holder not in told:
                told.add(found.holder)
                sys.stderr.write(
                    f"waiting for {' or '.join(place.lease for place in places)}: held by "
                    f"{found.holder}; a holder that died frees it within a minute; at most "
                    f"{longest_s / 3600:.0f} h\n"
                )
            sleep(EVERY_S)
        yield found


def _try(
    stack: ExitStack, leases: Leases, places: Sequence[TrainingPlace], purpose: str
) -> TrainingPlace | LockHeldError:
    assert places
    last: LockHeldError
    for place in places:
        try:
            stack.enter_context(leases.hold(place.lease, purpose=purpose))
        except LockHeldError as error:
            last = error
        else:
            return place
    return last
