"""What a campaign is made of, as the rows that are the truth about it.

A *cell* is one recipient and one template: exactly one asset. A *sentence* is what is spoken at
once, for all cells that say it at the same place. A *render* is one delivered file: sentences in
their order, joined and encoded. All are keyed by their inputs; a worker holds a lease and a fencing
token (the number of the attempt), and is heard only while its token is the newest.

Times are seconds since 1970 by the database's clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = [
    "ENDED",
    "UNDER_WAY",
    "WORTH_A_REPORT",
    "Campaign",
    "CampaignState",
    "Cell",
    "CellState",
    "Counts",
    "Fault",
    "Pinned",
    "PlannedCell",
    "PlannedRender",
    "PlannedSentence",
    "Recipient",
    "Rejection",
    "RenderOutput",
    "RenderState",
    "RenderWork",
    "SentenceState",
    "SentenceWork",
    "SpokenResult",
    "Upload",
]


class CampaignState(StrEnum):
    """Where a campaign stands; `transitions` says what leads where."""

    DRAFT = "draft"
    """Takes recipients."""

    PLANNED = "planned"
    """Version, profile and preset are pinned, every cell has its render; nothing was spoken."""

    PROOFING = "proofing"
    """Only the proof sample is spoken."""

    PROOFED = "proofed"
    """The proof sample waits for somebody's approval."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    """An alarm stopped it; a person looks, and resumes or cancels."""

    FINISHED = "finished"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """The time at which it should have been sent is over; what was not ready is not spoken."""

    RECALLED = "recalled"


UNDER_WAY = frozenset({CampaignState.PROOFING, CampaignState.RUNNING})
"""Workers take turns at these."""

ENDED = frozenset(
    {
        CampaignState.FINISHED,
        CampaignState.CANCELLED,
        CampaignState.EXPIRED,
        CampaignState.RECALLED,
    }
)


WORTH_A_REPORT = frozenset({CampaignState.FINISHED, CampaignState.STOPPED, CampaignState.EXPIRED})
"""Who brings a campaign to these writes its table and report."""


class SentenceState(StrEnum):
    """Where a sentence of a campaign stands."""

    WAITING = "waiting"
    RUNNING = "running"
    PASSED = "passed"
    NEEDS_REVIEW = "needs_review"
    """No try passed the check; the best one is kept, to be heard."""

    FAILED = "failed"
    """It could not be spoken."""


class RenderState(StrEnum):
    """Where a file stands; cells that share it share its state."""

    WAITING = "waiting"
    """For its sentences, or for a worker once none of them is pending."""

    RUNNING = "running"
    STORED = "stored"
    NEEDS_REVIEW = "needs_review"
    FAILED = "failed"
    RECALLED = "recalled"


class CellState(StrEnum):
    """How a cell is told to others: its own end, else the state of its render."""

    ACCEPTED = "accepted"
    """Not planned yet."""

    QUEUED = "queued"
    RENDERING = "rendering"
    STORED = "stored"
    NEEDS_REVIEW = "needs_review"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    RECALLED = "recalled"
    ERASED = "erased"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why something has no result. `code` is stable, for programs."""

    code: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """What a campaign speaks with for its whole life, whatever is promoted meanwhile.

    `consent_digest` is of the record that stood when it was planned: the profile's, or where there
    is none that of the voice's own speaker. `quality_digest` names the rules of the check,
    `recipe_digest` how files are made, `code` what speaks.
    """

    model: str
    version: int
    voice_digest: str
    profile: str | None
    reference_sha256: str | None
    consent_scope: str
    consent_digest: str | None
    preset: str
    preset_digest: str
    quality_digest: str
    recipe_digest: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """One campaign. `spec` is its file as JSON values; `why` the reason of its last change."""

    id: str
    spec: Mapping[str, Any] = field(hash=False)
    spec_digest: str
    state: CampaignState
    created_at_s: float
    owner: str
    """Who made it: an API key's id, or the login on this machine."""

    why: str = ""
    pinned: Pinned | None = None
    planned_at_s: float | None = None
    started_at_s: float | None = None
    completed_at_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One file of recipients, named by its digest; `complete` once its last row was read.

    rows = accepted + known + rejected, once it is complete.
    """

    name: str
    rows: int
    accepted: int
    known: int
    rejected: int
    complete: bool


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """An accepted row: whom to speak to, by which templates, with which values.

    `values` are slot names to JSON values as `values.SlotValue` gives them. `digest` names the
    content, so that the same row again is no second recipient.
    """

    number: int
    recipient_id: str
    templates: Sequence[str]
    values: Mapping[str, Any] = field(hash=False)
    digest: str


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """A row that is no recipient, and why."""

    number: int
    recipient_id: str | None
    fault: Fault


@dataclass(frozen=True, kw_only=True)
class PlannedSentence:
    """A sentence that some cell needs. `facts` are JSON values: what to say, and its slots."""

    key: str
    place: int
    facts: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True, kw_only=True)
class PlannedRender:
    """A file that some cell needs, of these sentences in their order."""

    key: str
    asset_id: str
    template: str
    sentences: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class PlannedCell:
    """What became of a cell at planning: its render, or why it cannot have one."""

    recipient_id: str
    template: str
    render: str | None
    fault: Fault | None = None
    proof: bool = False


@dataclass(frozen=True, kw_only=True)
class SpokenResult:
    """A sentence as it was spoken and checked; equal inputs give it again.

    `asset_id` is of its samples as a FLAC file. `machine` is the kind of processor: float
    arithmetic may differ between two, so only equal kinds are held against each other.
    `quality` are the JSON values of its check, `tries` how often it was spoken.
    """

    seed: int
    tries: int
    asset_id: str
    pcm_sha256: str
    duration_s: float
    sample_rate_hz: int
    quality: Mapping[str, Any] = field(hash=False)
    passed: bool
    fallback: bool = False
    """The campaign's fallback text was spoken in its stead."""

    machine: str
    cpu_ms: float


@dataclass(frozen=True, kw_only=True)
class SentenceWork:
    """A sentence that a worker holds; `attempt` is its fencing token, `cells` wait for it."""

    key: str
    place: int
    facts: Mapping[str, Any] = field(hash=False)
    attempt: int
    deliveries: int
    cells: int


@dataclass(frozen=True, kw_only=True)
class RenderWork:
    """A file that a worker holds, with the results of its sentences in their order."""

    key: str
    asset_id: str
    template: str
    attempt: int
    deliveries: int
    cells: int
    sentences: Sequence[SpokenResult]


@dataclass(frozen=True, kw_only=True)
class RenderOutput:
    """A stored file, and what was measured of it.

    `sha256` and `bytes` are of the file, `pcm_sha256` of the samples before they were encoded.
    `quality` is the worst of its sentences. `made`: at least one of them was spoken for it, and
    not found.
    """

    media_type: str
    format: str
    bytes: int
    sha256: str
    pcm_sha256: str
    duration_s: float
    sample_rate_hz: int
    seeds: Sequence[int]
    tries: int
    quality: Mapping[str, Any] = field(hash=False)
    machine: str
    cpu_ms: float
    worker: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell with everything that is told of it."""

    number: int
    recipient_id: str
    template: str
    state: CellState
    values: Mapping[str, Any] | None = field(hash=False)
    """None once the recipient was erased."""

    proof: bool
    render: str | None
    asset_id: str | None
    fault: Fault | None
    output: RenderOutput | None
    shared_with: int
    """How many cells have the same file, this one among them."""

    attempt: int
    started_at_s: float | None
    completed_at_s: float | None
    recalled_at_s: float | None
    recall_reason: str | None


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How a campaign stands, in numbers; states without any are left out.

    rows = recipients + rejected + known, by which the report must add up.
    """

    rows: int
    recipients: int
    rejected: int
    known: int
    cells: Mapping[CellState, int] = field(hash=False)
    sentences: Mapping[SentenceState, int] = field(hash=False)
    renders: Mapping[RenderState, int] = field(hash=False)
    found: int
    """Sentences that an earlier campaign had spoken."""

    proof_open: int
    """Files of the proof sample that have not come to an end."""
