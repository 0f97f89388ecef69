"""Profiles that are enrolled and decided about in a line, in a register that can be away."""

from __future__ import annotations

from typing import Any

from tests.fakes.speaker_profiles import MemorySpeakerRegister, make_inputs
from voxgate.errors import ExternalServiceError
from voxgate.speakers import decisions
from voxgate.speakers.register import Register


class Enrolled(MemorySpeakerRegister):
    """`away` lets every question fail; `reads` counts how often all rows were read."""

    away = False
    reads = 0

    def head(self) -> str | None:
        """See SpeakerRegister."""
        if self.away:
            raise ExternalServiceError("the database does not answer")
        return super().head()

    def read(self) -> Register:
        """See SpeakerRegister."""
        self.reads += 1
        return super().read()

    def enrol(self, name: str = "anna", *, activate: bool = True, **inputs: Any) -> None:
        """Enter a profile, usable at once."""
        made = make_inputs(name, **inputs)
        self.append(
            lambda register, now: decisions.enrol(
                register, made, duration_s=5.0, checks={}, by="jane", now=now
            )
        )
        if activate:
            self.append(
                lambda register, now: decisions.activate(
                    register, name, None, by="jane", reason="heard", now=now
                )
            )

    def suspend(self, name: str = "anna") -> None:
        """Stop its use for a while."""
        self.append(
            lambda register, _now: decisions.suspend(register, name, None, by="j", reason="asked")
        )

    def revoke(self, name: str = "anna") -> None:
        """Stop its use for good."""
        self.append(
            lambda register, _now: decisions.revoke(register, name, None, by="j", reason="asked")
        )
