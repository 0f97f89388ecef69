"""A way to reach people that fails as it is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from voxgate.release.notices import Notice


@dataclass
class FakeChannel:
    """Implements `Channel`; fails with the next of `failures`, None is a success."""

    name: str = "webhook"
    failures: list[Exception | None] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def send(self, notice: Notice) -> None:
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure
        self.sent.append(notice.key)
