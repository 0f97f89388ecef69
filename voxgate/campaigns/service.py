"""What a door asks of campaigns: values that it shows, and changes in the name of a caller.

A campaign belongs to the key that made it; for others it does not exist. Whatever blocks (a
database, a disk, another process) blocks here too: a door with an event loop calls this in threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from voxgate.campaigns.records import (
    Campaign,
    Cell,
    CellState,
    Counts,
    Fault,
    Rejection,
    SentenceState,
    SentenceWork,
    SpokenResult,
    Upload,
)
from voxgate.errors import SpeechError
from voxgate.serving.jobs.counting import RowCounts
from voxgate.serving.ports import Caller

__all__ = [
    "Action",
    "CampaignRefusedError",
    "CampaignService",
    "DryRun",
    "DryRunStatus",
    "OpenCampaigns",
    "PutCampaign",
    "ShownCampaign",
    "ShownCell",
    "ShownSentence",
    "TakenList",
]


class CampaignRefusedError(SpeechError):
    """A campaign file cannot be used; carries every fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


class Action(StrEnum):
    """What may be decided about a campaign."""

    START = "start"
    APPROVE = "approve"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


class DryRunStatus(StrEnum):
    """Where a dry run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class PutCampaign:
    """A campaign that was made, or was there; `advice` is what is doubtful about its templates."""

    campaign: Campaign
    is_new: bool
    advice: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, kw_only=True)
class ShownCampaign:
    """How a campaign stands."""

    campaign: Campaign
    counts: Counts


@dataclass(frozen=True, kw_only=True)
class TakenList:
    """What became of a list: its counts, its first rejected rows, and what is odd about it."""

    upload: Upload
    rejected: Sequence[Rejection]
    warnings: Sequence[Mapping[str, Any]] = ()
    replayed: bool = False
    """It had come under the same key before, and was taken whole."""


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """A dry run; SUCCEEDED has its plan as JSON values, FAILED the error."""

    campaign: str
    status: DryRunStatus
    plan: Mapping[str, Any] | None = field(default=None, hash=False)
    error: Exception | None = None


@dataclass(frozen=True, kw_only=True)
class ShownCell:
    """A cell; `url` where its file may be fetched by whoever has the address, None without a file.

    `text` is what it says, where that was asked for and is still known. A URL that begins with a
    slash is of this service, whose name it was not told.
    """

    cell: Cell
    text: str | None
    url: str | None


@dataclass(frozen=True, kw_only=True)
class ShownSentence:
    """A sentence, what became of it, and where its best try may be heard."""

    work: SentenceWork
    state: SentenceState
    result: SpokenResult | None
    fault: Fault | None
    url: str | None


@dataclass(frozen=True, kw_only=True)
class OpenCampaigns:
    """What an app is given; `counts` is refreshed by whoever opened it, None where nobody does."""

    service: CampaignService
    counts: RowCounts[CellState] | None = None


class CampaignService(Protocol):
    """Campaigns as a door sees them; every method may be called from any thread.

    All of them raise UnknownCampaignError where there is no such campaign of this caller, and
    ExternalServiceError, LedgerError or StorageError when they cannot answer.
    """

    def put(self, campaign_id: str, document: Mapping[str, Any], *, caller: Caller) -> PutCampaign:
        """Make a draft of the values of a campaign file.

        Raises:
            CampaignRefusedError, TemplateError: it cannot be used; all faults are listed.
            CampaignStateError: the name is taken, by another file or another caller.
            AccessDeniedError: its purpose is wider than the caller's.
        """
        ...

    def campaigns(self, *, caller: Caller) -> Sequence[Campaign]:
        """Return the caller's campaigns, newest first."""
        ...

    def show(self, campaign_id: str, *, caller: Caller) -> ShownCampaign:
        """Say how a campaign stands."""
        ...

    def add_recipients(
        self, campaign_id: str, file: Path, *, idempotency_key: str, caller: Caller
    ) -> TakenList:
        """Add a list; the same again adds nothing, and bad rows are listed.

        Raises:
            RecipientListError: it is no list at all.
            CampaignStateError: the campaign takes no recipients any more.
            SpeechRequestError: the key came with another list (`idempotency_key_reused`), or
                another list of this campaign is being read (`upload_in_progress`).
        """
        ...

    def dry_run(self, campaign_id: str, *, caller: Caller) -> DryRun:
        """Begin to plan a campaign, away from here; one that is under way goes on.

        Raises:
            CampaignStateError: it was started.
            OverloadedError: too many dry runs wait.
        """
        ...

    def last_dry_run(self, campaign_id: str, *, caller: Caller) -> DryRun:
        """Return the newest dry run that this server made.

        Raises:
            SpeechRequestError: code `dry_run_not_found`: it made none.
        """
        ...

    def decide(
        self, campaign_id: str, action: Action, *, reason: str, caller: Caller
    ) -> ShownCampaign:
        """Start, approve, pause, resume or cancel; what is done already changes nothing.

        Raises:
            CampaignStateError: it cannot be done in the campaign's state.
            ConsentError, ProfileStateError, QuarantinedVersionError: it may not be spoken any more.
        """
        ...

    def cells(
        self,
        campaign_id: str,
        *,
        caller: Caller,
        state: CellState | None = None,
        proof: bool = False,
        texts: bool = False,
        after: tuple[int, str] = (0, ""),
        limit: int = 20,
    ) -> Sequence[ShownCell]:
        """Return cells in their order, after (number, template); `proof`: of the sample only."""
        ...

    def sentences(
        self,
        campaign_id: str,
        *,
        caller: Caller,
        state: SentenceState,
        after: str = "",
        limit: int = 20,
    ) -> Sequence[ShownSentence]:
        """Return sentences of a state, by key, after that key."""
        ...

    def accept(self, campaign_id: str, key: str, *, reason: str, caller: Caller) -> None:
        """Let a sentence pass that needed review, because somebody heard it.

        Raises:
            CampaignStateError: it does not need review.
        """
        ...

    def report(self, campaign_id: str, *, caller: Caller) -> Mapping[str, Any]:
        """Return the newest report that was written.

        Raises:
            SpeechRequestError: code `report_not_found`: there is none; says how it is written.
        """
        ...

    def count_cells(self) -> Mapping[CellState, int]:
        """Count the cells of all campaigns that have not ended, of whomever."""
        ...
