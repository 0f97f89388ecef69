"""One training at a time on what machines share: wait for the slot, and say for whom.

The slot is a lease in the ledger's database, the same that guards a repair of the registry: a
holder that died frees it within the time to live of leases, on one machine or on many
(docs/adr/0009-training-slot.md).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from voxgate.errors import LockHeldError
from voxgate.release.ports.leases import Leases
from voxgate.wiring.checkout import Checkout

__all__ = ["LONGEST_WAIT_S", "hold_training_slot", "take_training_slot"]

LONGEST_WAIT_S = 6 * 3600.0
EVERY_S = 3.0


@contextmanager
def hold_training_slot(root: Path) -> Iterator[None]:
    """Hold one of the training slots of this checkout's ledger.

    Raises:
        LockHeldError: none came free within `LONGEST_WAIT_S`; says who holds the last one.
        ExternalServiceError: the ledger does not answer.
    """
    checkout = Checkout.open(root)
    with take_training_slot(
        checkout.desk.leases, slots=checkout.settings.training_slots, purpose=f"training in {root}"
    ):
        yield


@contextmanager
def take_training_slot(
    leases: Leases,
    *,
    slots: int,
    purpose: str,
    longest_s: float = LONGEST_WAIT_S,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Hold `training:N` for some N of 1 to `slots`; one line on stderr for each holder waited for.

    Raises:
        LockHeldError: as `hold_training_slot`, after `longest_s`.
    """
    deadline = clock() + longest_s
    told: set[str] = set()
    with ExitStack() as stack:
        while (held := _try(stack, leases, slots, purpose)) is not None:
            if clock() >= deadline:
                raise held
            if held.holder not in told:
                told.add(held.holder)
                sys.stderr.write(
                    f"waiting for the training slot: held by {held.holder}; a holder that died "
                    f"frees it within a minute; at most {longest_s / 3600:.0f} h\n"
                )
            sleep(EVERY_S)
        yield


def _try(stack: ExitStack, leases: Leases, slots: int, purpose: str) -> LockHeldError | None:
    last: LockHeldError | None = None
    for number in range(1, slots + 1):
        try:
            stack.enter_context(leases.hold(f"training:{number}", purpose=purpose))
        except LockHeldError as error:
            last = error
        else:
            return None
    return last
