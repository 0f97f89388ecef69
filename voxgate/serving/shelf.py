"""The speaker profiles that can be asked for, as they stood a moment ago.

A request must not wait for the database, and must not use what was revoked. So the register is read
beside the event loop, every second; what was read too long ago is used no more.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from voxgate.errors import LedgerError, UnknownProfileError, VoxgateError
from voxgate.excerpts import excerpt
from voxgate.serving.requests import ReferencePlace
from voxgate.speakers.ports import SpeakerRegister
from voxgate.speakers.profiles import ProfileVersion, State
from voxgate.speakers.register import Register

__all__ = ["ProfileShelf"]

_LOGGER = logging.getLogger(__name__)


class ProfileShelf:
    """Profiles by name; the questions cost no input or output.

    Args:
        register: what is followed.
        folder: where the references lie.
        max_stale_s: how long the last known state is used where the register cannot be read.
        withdrawn: told of a version that may be spoken with no more; what is kept of it must go.
        clock: seconds, never running back.
    """

    def __init__(
        self,
        register: SpeakerRegister,
        folder: Path,
        *,
        max_stale_s: float,
        withdrawn: Callable[[ProfileVersion], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source, self._folder = register, folder
        self._max_stale_s, self._withdrawn, self._clock = max_stale_s, withdrawn, clock
        self._register = Register()
        self._read_at_s: float | None = None
        self._fault: str | None = None

    def require(self, label: str) -> ProfileVersion:
        """Return `name@version`, or the version of `name` that is in use.

        Raises:
            UnknownProfileError: there is none.
            LedgerError: the register could not be read for longer than `max_stale_s`.
        """
        name, at, version = label.partition("@")
        if at and not (version.isdecimal() and version.isascii() and len(version) < 10):  # noqa: PLR2004
            raise UnknownProfileError(
                f"voice {excerpt(label)}: expected NAME or NAME@VERSION, a version is a number"
            )
        return self._fresh().require(name, int(version) if at else None)

    def usable(self) -> tuple[ProfileVersion, ...]:
        """Return the newest usable version of each profile, by name."""
        found = (
            next((v for v in reversed(versions) if v.state is State.USABLE), None)
            for _, versions in sorted(self._register.profiles.items())
        )
        return tuple(version for version in found if version is not None)

    def reference(self, profile: ProfileVersion) -> ReferencePlace:
        """Return what a worker is told of a profile's reference."""
        return ReferencePlace(
            folder=self._folder, sha256=profile.inputs.reference_sha256, text=profile.inputs.text
        )

    def problems(self) -> tuple[str, ...]:
        """Say what keeps the profiles from being followed, for readiness."""
        return () if self._fault is None else (self._fault,)

    def read(self) -> None:
        """Read the register where it has changed; what it says takes effect at once."""
        try:
            now_s, head = self._clock(), self._source.head()
            if self._read_at_s is None or head != self._register.head:
                before, self._register = self._register, self._source.read()
                self._tell_withdrawn(before)
            self._read_at_s, self._fault = now_s, None
        except VoxgateError as error:
            self._fault = f"speaker profiles cannot be read: {error}"
            _LOGGER.warning("%s", self._fault)

    def _fresh(self) -> Register:
        why = self._fault or "try again in a moment"
        if self._read_at_s is None:
            raise LedgerError(f"the speaker profiles have not been read yet; {why}")
        age_s = self._clock() - self._read_at_s
        if age_s > self._max_stale_s:
            raise LedgerError(
                f"the speaker profiles were read {age_s:.0f} s ago; after {self._max_stale_s:.0f} "
                f"s nobody knows who may be spoken with; {why}"
            )
        return self._register

    def _tell_withdrawn(self, before: Register) -> None:
        for versions in self._register.profiles.values():
            for now in versions:
                known = before.profiles.get(now.name, ())
                then = known[now.version - 1] if now.version <= len(known) else None
                if now.state is State.REVOKED and (then is None or then.state is not State.REVOKED):
                    self._withdrawn(now)
