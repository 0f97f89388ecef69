"""What campaigns need of the world: their rows. Files are `serving.jobs.ports.AssetStore`'s."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from voxgate.campaigns.events import Draft, Event, Row
from voxgate.campaigns.records import (
    Campaign,
    Cell,
    CellState,
    Counts,
    Fault,
    Pinned,
    PlannedCell,
    PlannedRender,
    PlannedSentence,
    Recipient,
    Rejection,
    RenderOutput,
    RenderState,
    RenderWork,
    SentenceState,
    SentenceWork,
    SpokenResult,
    Upload,
)
from voxgate.campaigns.transitions import Changed

__all__ = [
    "Affected",
    "CampaignStore",
    "Claim",
    "Deviation",
    "NamedCell",
    "Selector",
    "Settled",
    "SettledRender",
    "SettledSentence",
    "Transition",
]

Transition = Callable[[Campaign, float], Changed]
"""A campaign and the database's time in, the changed campaign and its event out."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a worker may do until `lease_s` after it was taken: sentences or renders, never both."""

    campaign: Campaign
    sentences: Sequence[SentenceWork] = ()
    renders: Sequence[RenderWork] = ()

    @property
    def size(self) -> int:
        """How many things there are to do."""
        return len(self.sentences) + len(self.renders)


@dataclass(frozen=True, kw_only=True)
class SettledSentence:
    """What became of a sentence. PASSED and NEEDS_REVIEW have a result, FAILED a fault.

    WAITING hands it back: the worker could not begin, and the sentence is not to blame.
    """

    key: str
    attempt: int
    state: SentenceState
    result: SpokenResult | None = None
    fault: Fault | None = None


@dataclass(frozen=True, kw_only=True)
class SettledRender:
    """What became of a render: STORED has its output, FAILED a fault, WAITING hands it back."""

    key: str
    attempt: int
    state: RenderState
    output: RenderOutput | None = None
    fault: Fault | None = None


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """A sentence that gave other samples than before on the same kind of machine."""

    key: str
    before: str
    now: str


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What was written. `lost` are keys whose token was not the newest: nobody heard of them."""

    lost: Sequence[str] = ()
    deviations: Sequence[Deviation] = ()


@dataclass(frozen=True, kw_only=True)
class Selector:
    """Which assets are meant: those with all the values that are given, one at least.

    Raises:
        ValueError: none is given, or a version without its model.
    """

    campaign: str | None = None
    model: str | None = None
    version: int | None = None
    profile: str | None = None
    """`name@version`, or `name` for all its versions."""

    consent: str | None = None
    """The digest of a consent record."""

    preset: str | None = None
    """`name@version`."""

    code: str | None = None
    asset: str | None = None

    def __post_init__(self) -> None:
        if not any(value is not None for value in vars(self).values()):
            raise ValueError("a selector names one thing at least")
        if self.version is not None and self.model is None:
            raise ValueError("a version is one of a model")

    @property
    def given(self) -> dict[str, Any]:
        """The values that are given, as the events of a recall have them."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Affected:
    """What a selector names: `files` are stored ones, of renders and of sentences."""

    campaigns: Sequence[str] = ()
    cells: int = 0
    renders: int = 0
    sentences: int = 0
    files: int = 0


@dataclass(frozen=True, kw_only=True)
class NamedCell:
    """A cell whose file a selector names: it stands, or was called back."""

    campaign: str
    recipient_id: str
    template: str
    asset_id: str


class CampaignStore(Protocol):
    """The rows of campaigns. Every method is one transaction, and may be called from any thread.

    All of them raise ExternalServiceError or LedgerError when the database cannot be used; nothing
    was changed then. Methods that take a campaign's id raise UnknownCampaignError.
    """

    # Campaigns

    def create(
        self, campaign_id: str, spec: Mapping[str, Any], *, owner: str, weight: float = 1.0
    ) -> tuple[Campaign, bool]:
        """Make a draft; False where it is there already with the same spec.

        Raises:
            CampaignStateError: it is there with another spec.
        """
        ...

    def campaign(self, campaign_id: str) -> Campaign:
        """Return a campaign."""
        ...

    def campaigns(self) -> list[Campaign]:
        """Return all campaigns, newest first."""
        ...

    def change(self, campaign_id: str, transition: Transition) -> Campaign:
        """Apply a transition and append its event, if it has one.

        Raises:
            CampaignStateError: as the transition.
        """
        ...

    def append(self, draft: Draft) -> Event:
        """Append an event that changes no state."""
        ...

    def events(self, campaign_id: str | None = None) -> list[Event]:
        """Return what happened, oldest first.

        Raises:
            LedgerTamperedError: a row is not what was appended.
        """
        ...

    def event_rows(self) -> tuple[Row, ...]:
        """Return every event as it is stored, by sequence; unchecked, for an audit."""
        ...

    def was_approved(self, campaign_id: str) -> bool:
        """Tell whether somebody approved the proof sample of what is planned now."""
        ...

    # Recipients

    def upload(self, campaign_id: str, name: str) -> Upload | None:
        """Return an upload; None where none of this name was begun."""
        ...

    def add_rows(
        self, campaign_id: str, name: str, rows: Sequence[Recipient | Rejection]
    ) -> Upload:
        """Add some rows of an upload; a row number that is there already changes nothing.

        A recipient of another upload with the same digest counts as known; one with another digest
        is written as a rejection `recipient_changed`.

        Raises:
            CampaignStateError: the campaign is no draft any more, and there is something to add.
        """
        ...

    def end_upload(self, campaign_id: str, name: str, *, rows: int, owner: str) -> Upload:
        """Note that an upload was read to its end, with an event; again it changes nothing.

        Raises:
            CampaignStateError: other than `rows` rows of it are there.
        """
        ...

    def recipients(self, campaign_id: str, *, after: int = 0, limit: int = 1000) -> list[Recipient]:
        """Return accepted rows in the order of their place in the campaign, after that place.

        `Recipient.number` is the place here: 1, 2, 3 over all uploads.
        """
        ...

    def rejections(
        self, campaign_id: str, *, after: int = 0, limit: int = 1000
    ) -> list[tuple[str, Rejection]]:
        """Return rejected rows with the name of their upload, in order, after the `after`-th."""
        ...

    # Planning

    def clear_plan(self, campaign_id: str) -> None:
        """Forget cells, renders and sentences of a campaign that was never started.

        Raises:
            CampaignStateError: it was.
        """
        ...

    def add_plan(
        self,
        campaign_id: str,
        *,
        cells: Sequence[PlannedCell],
        renders: Sequence[PlannedRender],
        sentences: Sequence[PlannedSentence],
    ) -> None:
        """Add cells with what they need; what is there already changes nothing.

        Sentences that an earlier campaign spoke and that were not recalled are settled with what
        was found.
        """
        ...

    def mark_proof(self, campaign_id: str, cells: Sequence[tuple[str, str]]) -> None:
        """Mark (recipient, template) cells as the proof sample, with their renders."""
        ...

    def spoken_before(self, keys: Sequence[str]) -> Mapping[str, SpokenResult]:
        """Return what any campaign spoke under these keys and nobody recalled."""
        ...

    # Work

    def claim(
        self,
        *,
        worker: str,
        lease_s: float,
        limit: int = 32,
        render_limit: int = 200,
        campaign_id: str | None = None,
    ) -> Claim | None:
        """Take work of a campaign that is under way; None where there is none that is due.

        Of several campaigns the one comes first that had the least for its weight. While a
        campaign is proofing only what its proof sample needs is due. Renders come before sentences
        when at least `render_limit` are ready, or no sentence is due; sentences go by the number of
        cells that wait for them. What a worker died with once is handed out alone; what three
        workers were seen to die with (`release`), or ten took without a word, ends as failed
        (`poison`). Two callers never get the same while its lease lives.
        """
        ...

    def release(self, worker: str, *, died: bool) -> int:
        """Give back at once what a worker holds that is no more; returns how much.

        `died`: it may be the cause, and is counted; else the worker was told to go.
        """
        ...

    def renew(self, claim: Claim, *, lease_s: float) -> None:
        """Let what is still held of a claim be held `lease_s` from now."""
        ...

    def settle_sentences(self, campaign_id: str, settled: Sequence[SettledSentence]) -> Settled:
        """Write what became of sentences, and what follows for the renders that need them.

        A render whose last pending sentence passed is ready; one of whose sentences needs review
        or failed comes to the same end.
        """
        ...

    def settle_renders(self, campaign_id: str, settled: Sequence[SettledRender]) -> Settled:
        """Write what became of renders."""
        ...

    def recent_results(self, campaign_id: str, *, limit: int = 200) -> list[SpokenResult]:
        """Return the last sentences that were spoken for a campaign, the newest last."""
        ...

    def end_if_done(self, campaign_id: str, *, actor: str) -> Campaign:
        """End the part that is under way (`transitions.end_part`) if none of it is open any more.

        The look and the change are one transaction.
        """
        ...

    def has_open_work(self, campaign_id: str) -> bool:
        """Tell whether anything is waiting or running of what may be spoken in its state."""
        ...

    def accept_reviewed(self, campaign_id: str, key: str, *, actor: str, reason: str) -> None:
        """Let a sentence that needed review pass, because a person heard it; with an event.

        A campaign that had finished, or whose proof sample had, has work again and goes on.

        Raises:
            CampaignStateError: it does not need review, or the campaign speaks no more.
        """
        ...

    # Reading

    def counts(self, campaign_id: str) -> Counts:
        """Count everything of a campaign."""
        ...

    def cells(
        self,
        campaign_id: str,
        *,
        after: tuple[int, str] = (0, ""),
        limit: int = 1000,
        state: CellState | None = None,
        proof: bool = False,
    ) -> list[Cell]:
        """Return cells in the order of their recipients and templates, after (number, template).

        With `proof` only those of the proof sample.
        """
        ...

    def each_cell(self, campaign_id: str) -> Iterator[Cell]:
        """Yield all cells in their order, page by page, in flat memory."""
        ...

    def sentences(
        self,
        campaign_id: str,
        *,
        state: SentenceState | None = None,
        after: str = "",
        limit: int = 100,
    ) -> list[tuple[SentenceWork, SpokenResult | None, Fault | None]]:
        """Return sentences by key with what became of them."""
        ...

    # Recall

    def affected(self, selector: Selector) -> Affected:
        """Count what a selector names and nobody recalled yet; changes nothing."""
        ...

    def recall(self, selector: Selector, *, actor: str, reason: str) -> Affected:
        """Call back what a selector names, in one transaction, with an event a campaign.

        Its renders are recalled; sentences that it names are found by nobody any more. A campaign
        whose pinned values it names is recalled as a whole and speaks no more; of others (by asset)
        only the files are. What is recalled already is left as it is.
        """
        ...

    def named_cells(self, selector: Selector) -> Iterator[NamedCell]:
        """Yield the cells whose files a selector names, called back or not, in flat memory.

        So it is the same list before a recall and after it, however often that is repeated.
        """
        ...

    def is_recalled(self, asset_id: str) -> bool:
        """Tell whether a file was called back, removed or not; of another store's nobody was."""
        ...

    def recalled_files(self, *, limit: int = 1000) -> list[str]:
        """Return files that were called back and are not known to be removed."""
        ...

    def note_removed(self, asset_ids: Sequence[str]) -> None:
        """Note that files are removed; again it changes nothing."""
        ...

    def erase_recipient(
        self, recipient_id: str, *, campaign_id: str | None, actor: str, reason: str
    ) -> Affected:
        """Forget a recipient: values are gone, files that only its cells had are called back.

        Sentences that only they needed are called back too; what others share is not personal.
        Cells stay as `erased`, so that counts still add up.
        """
        ...

    def pinned_campaigns(self) -> list[tuple[Campaign, Pinned]]:
        """Return every campaign that was planned, with what it speaks with."""
        ...
