"""What every decision about a release needs: the ledger, its rules, the evidence, the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from voxgate.clock import utc_now
from voxgate.errors import (
    BundleError,
    EvidenceChangedError,
    ExternalServiceError,
    RegistryError,
)
from voxgate.files import digest_file
from voxgate.gate.bundle import read_bundle
from voxgate.release.audit import log
from voxgate.release.events import Event
from voxgate.release.notices import Channel, Notice, notices
from voxgate.release.policy import Policy
from voxgate.release.ports.leases import Leases
from voxgate.release.ports.ledger import Ledger
from voxgate.release.ports.outbox import Outbox
from voxgate.release.ports.registry import Registry
from voxgate.release.records import Release
from voxgate.stage import Workspace

__all__ = ["Answer", "Desk"]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How a command ended. `event` is None when it stood already; JSON values by `as_json`.

    `by_hand` are changes in the registry that wait for a decision; `registry_problem` says that
    the registry could not be reached: the ledger stands, the registry follows later.
    """

    version: int
    state: str
    live: int | None
    event: int | None
    by_hand: tuple[str, ...] = ()
    registry_problem: str | None = None
    unsent: tuple[str, ...] = ()
    """Notifications that did not get through; they are sent later."""

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One model's ledger with the rules of this checkout.

    `connect` opens the registry, anew each time: it may be away while the ledger stands.
    """

    workspace: Workspace
    ledger: Ledger
    leases: Leases
    model: str
    policy: Policy
    outbox: Outbox
    connect: Callable[[], Registry]
    channels: tuple[Channel, ...] = ()
    actor: str | None = None
    """On whose behalf this process works; None is the name of the login."""

    def answer(self, version: int, event: Event | None) -> Answer:
        """Let the registry follow the ledger, tell people, and say what stands now."""
        by_hand, problem = self.follow()
        unsent = self.notify()
        book = self.ledger.read(self.model)
        return Answer(
            version=version,
            state=book.require(version).state.value,
            live=book.live,
            event=None if event is None else event.sequence,
            by_hand=by_hand,
            registry_problem=problem,
            unsent=unsent,
        )

    def follow(self) -> tuple[tuple[str, ...], str | None]:
        """Make the registry follow; returns hand edits and why it did not, if so."""
        try:
            drifts = self.connect().catch_up(self.ledger, self.model, now=utc_now())
        except (ExternalServiceError, RegistryError) as error:
            # Away, or this account may not: the next command that can lets it follow.
            return (), str(error)
        return tuple(drift.message for drift in drifts), None

    def notices(self) -> list[Notice]:
        """Return everything that there is to tell, oldest first: of the ledger, and alarms."""
        events = log(self.ledger.rows(), model=self.model)
        found = notices(self.model, events, self.policy, utc_now())
        return sorted([*found, *self.outbox.alarms()], key=lambda notice: notice.at)

    def notify(self) -> tuple[str, ...]:
        """Send what is due on every channel; returns the problems, which hold no release up."""
        if not self.channels:
            return ()
        try:
            told = self.notices()
            return tuple(p for channel in self.channels for p in self.outbox.send(channel, told))
        except ExternalServiceError as error:
            return (str(error),)

    def require_evidence(self, release: Release) -> Path:
        """Return the bundle that a version's verdict rests on, after a look at every byte.

        It is taken from the checkout, or else fetched from the run that stores it.

        Raises:
            EvidenceChangedError: it is not the one that the ledger names.
            ExternalServiceError: it is not here and cannot be fetched.
        """
        judgement = release.judgement
        assert judgement is not None
        folder = self.workspace.root / judgement.bundle
        if not folder.is_dir() and release.parent_run_id is not None:
            cache = self.workspace.cache_dir / "bundles" / judgement.evidence_digest[:16]
            folder = self.connect().fetch(release.parent_run_id, judgement.artifact, cache)
        try:
            digest = read_bundle(folder).digest
        except BundleError as error:
            raise EvidenceChangedError(f"version {release.version}: {error}") from error
        verdict = folder / "verdict.json"
        same = digest == judgement.evidence_digest and verdict.is_file()
        if not same or digest_file(verdict) != judgement.verdict_digest:
            raise EvidenceChangedError(
                f"version {release.version}: {folder} is not the evidence that its verdict rests "
                f"on ({judgement.evidence_digest[:12]}); it was altered or written anew. "
                f"Remove the folder: the stored one is fetched from the registry."
            )
        return folder

    def stored_evidence(self, release: Release) -> Path:
        """Fetch the measurements that a version was registered with; returns evidence.json.

        Raises:
            EvidenceChangedError: they are not the ones that the ledger names.
            GateError, ExternalServiceError: they cannot be fetched.
        """
        digest = release.origin.evidence_digest
        folder = self.workspace.cache_dir / "evidence" / digest[:16]
        path = self.connect().fetch_evidence(release.parent_run_id, folder)
        if digest_file(path) != digest:
            raise EvidenceChangedError(
                f"the stored evidence of version {release.version} (run {release.parent_run_id}) "
                "is not the one that was registered: it was altered. Restore the artifact store."
            )
        return path
