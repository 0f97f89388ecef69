"""What every decision about a release needs: the ledger, its rules, the evidence, the registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from voxgate.anchor import NOWHERE, Anchor
from voxgate.clock import utc_now
from voxgate.errors import (
    BundleError,
    EvidenceChangedError,
    ExternalServiceError,
    LedgerTamperedError,
    RegistryError,
)
from voxgate.files import digest_file
from voxgate.gate.bundle import read_bundle
from voxgate.hash_chain import find_breaks
from voxgate.release.audit import log
from voxgate.release.book import Book
from voxgate.release.events import Draft, Event
from voxgate.release.notices import Channel, Notice, notices
from voxgate.release.policy import Policy
from voxgate.release.ports.leases import Leases
from voxgate.release.ports.ledger import Decide, Fence, Ledger
from voxgate.release.ports.outbox import Outbox
from voxgate.release.ports.registry import Registry, RegistryView
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

    unkept: str | None = None
    """Why the released package could not be copied into this checkout, if so."""

    previous: int | None = None
    """What a rollback would bring back."""

    same_login: bool = False
    """The account that decided is the one that registered the version."""

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)


def _cannot_tell() -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One model's ledger with the rules of this checkout.

    `connect` opens the registry, anew each time: it may be away while the ledger stands.
    `glance` is what can be seen of it without opening it; None: it has to be opened.
    """

    workspace: Workspace
    ledger: Ledger
    leases: Leases
    model: str
    policy: Policy
    outbox: Outbox
    connect: Callable[[], Registry]
    glance: Callable[[], RegistryView | None] = _cannot_tell
    channels: tuple[Channel, ...] = ()
    actor: str | None = None
    """On whose behalf this process works; None is the name of the login."""

    anchor: Anchor = NOWHERE
    """Where this checkout notes the last event that it saw."""

    changed: Callable[[], str] | None = None
    """Says who changed params.yaml last, and when."""

    login: Mapping[str, str] = field(default_factory=dict)
    """The account of this process, as the operating system has it; a fact of every event."""

    @cached_property
    def remembered_heads(self) -> dict[str, str]:
        """Heads that are noted outside the ledger's database, by where; looked up once.

        An older head is as good as the newest one: the ledger only grows.
        """
        noted = self.anchor.heads()
        found = dict.fromkeys(["this checkout's head"], noted[0]) if noted else {}
        try:
            head = self.connect().shown(self.model).head
        except (ExternalServiceError, RegistryError):
            head = None  # away; what is noted here still counts
        return found if head is None else {**found, "the registry's head": head}

    def look(self) -> RegistryView:
        """Return the registry for one who only looks, which is quicker than to open it."""
        seen = self.glance()
        return self.connect() if seen is None else seen

    def append(
        self, decide: Decide, *, fence: Fence | None = None, emergency: bool = False
    ) -> Event | None:
        """Decide in the ledger, with this process' account as a fact, and note the new head.

        The whole chain is held against every remembered head first, inside the transaction, so
        that nothing is decided on a ledger that was cut. An `emergency` stop is held up by none of
        it.

        Raises:
            LedgerTamperedError: the ledger is not what is remembered of it.
            LedgerError, ReleaseError, ExternalServiceError: as `Ledger.append`.
        """

        def signed(book: Book, now: datetime) -> Draft | None:
            draft = decide(book, now)
            if draft is None or not self.login:
                return draft
            return replace(draft, facts={**draft.facts, "login": dict(self.login)})

        heads = None if emergency else tuple(self.remembered_heads.values())
        event = self.ledger.append(self.model, signed, fence=fence, heads=heads)
        if event is not None and not (emergency and self._is_cut()):
            self.anchor.note(event.head)
        return event

    def _is_cut(self) -> bool:
        """What is appended to a cut ledger must not make anybody forget the cut."""
        return bool(find_breaks(self.ledger.rows(), self.anchor.heads()))

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
            previous=book.previous,
            same_login=self._is_own(book, version),
        )

    def _is_own(self, book: Book, version: int) -> bool:
        login = book.require(version).login
        return bool(login) and all(login.get(k) == self.login.get(k) for k in ("uid", "host"))

    def follow(self) -> tuple[tuple[str, ...], str | None]:
        """Make the registry follow; returns hand edits and why it did not, if so."""
        try:
            drifts = self.connect().catch_up(self.ledger, self.model, now=utc_now())
        except (ExternalServiceError, RegistryError, LedgerTamperedError) as error:
            # Away, or this account may not: the next command that can lets it follow. A ledger that
            # was cut decides nothing any more; its emergency stop still has to be told of.
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
