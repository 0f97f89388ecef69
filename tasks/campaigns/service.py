"""The campaigns of a checkout as the doors of a server see them; see `CampaignService`."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from tasks.campaigns import control
from tasks.campaigns.create import create, templates_of
from tasks.campaigns.desk import CampaignDesk
from tasks.campaigns.dry_runs import DryRuns
from tasks.campaigns.elsewhere import Elsewhere
from voxgate.campaigns.events import Draft, Kind
from voxgate.campaigns.ports import CampaignStore
from voxgate.campaigns.records import (
    ENDED,
    UNDER_WAY,
    Campaign,
    CampaignState,
    Cell,
    CellState,
    Rejection,
    SentenceState,
    Upload,
)
from voxgate.campaigns.service import (
    Action,
    CampaignRefusedError,
    DryRun,
    PutCampaign,
    ShownCampaign,
    ShownCell,
    ShownSentence,
    TakenList,
)
from voxgate.campaigns.spec import CampaignSpec, parse_spec, require_campaign_id
from voxgate.campaigns.templates.slots import SlotValue
from voxgate.campaigns.templates.template import Template
from voxgate.corpus.consent import ConsentScope
from voxgate.errors import (
    AccessDeniedError,
    CampaignStateError,
    ConfigError,
    NotCalibratedError,
    SpeechRequestError,
    TemplateError,
    UnknownCampaignError,
)
from voxgate.files import canonical_json, digest_bytes, digest_file
from voxgate.serving.api_keys import ANONYMOUS
from voxgate.serving.jobs.ports import AssetStore
from voxgate.serving.ports import Caller
from voxgate.speakers.usage import covers
from voxgate.wiring.campaign_rows import open_campaign_store
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.speech_jobs import open_assets

__all__ = ["ADDRESS_TTL_S", "DeskCampaigns", "open_campaigns"]

ADDRESS_TTL_S = 3600
"""How long an address in an answer leads to a file; whoever asks again gets a new one."""

_SHOWN_REJECTED = 20
_PAGE = 1000
_UNSTARTED = frozenset({CampaignState.DRAFT, CampaignState.PLANNED})


def open_campaigns(checkout: Checkout) -> DeskCampaigns:
    """Open the campaigns of a checkout; to be closed when the server ends.

    Raises:
        ConfigError, LedgerError, StorageError, ExternalServiceError: rows or files cannot be used.
    """
    elsewhere = Elsewhere(checkout.root)
    return DeskCampaigns(
        checkout,
        store=open_campaign_store(checkout.settings, checkout.root),
        assets=open_assets(checkout.settings, checkout.workspace),
        do=elsewhere.do,
        end=elsewhere.close,
    )


class DeskCampaigns:
    """Campaigns on the rows of `store`.

    `do` does what is slow somewhere else, as `Elsewhere.do`; `end` ends what it is at.
    """

    def __init__(
        self,
        checkout: Checkout,
        *,
        store: CampaignStore,
        assets: AssetStore,
        do: Callable[..., dict[str, Any]],
        end: Callable[[], None] = lambda: None,
    ) -> None:
        self._checkout = checkout
        self.store = store
        self._assets = assets
        self._do = do
        self._end = end
        self._dry_runs = DryRuns(self._plan)
        self._lock = threading.Lock()
        self._uploading: set[str] = set()

    def close(self) -> None:
        """End what is under way elsewhere."""
        self._end()
        self._dry_runs.close()

    def put(self, campaign_id: str, document: Mapping[str, Any], *, caller: Caller) -> PutCampaign:
        """Make a draft; see `CampaignService.put`."""
        spec = _spec(campaign_id, document)
        if not covers(ConsentScope(caller.purpose), spec.purpose):
            raise AccessDeniedError(
                f"this key is for the purpose {caller.purpose}, the campaign is for {spec.purpose}",
                known=True,
            )
        known = self._known(campaign_id)
        if known is not None and not _is_of(known, caller):
            raise _taken(campaign_id)
        made = create(self._desk(caller), spec)
        if not _is_of(made.campaign, caller):  # another came first
            raise _taken(campaign_id)
        advice = [asdict(one) for one in made.advice]
        return PutCampaign(campaign=made.campaign, is_new=made.is_new, advice=advice)

    def campaigns(self, *, caller: Caller) -> Sequence[Campaign]:
        """Return the caller's campaigns; see `CampaignService.campaigns`."""
        return [one for one in self.store.campaigns() if _is_of(one, caller)]

    def show(self, campaign_id: str, *, caller: Caller) -> ShownCampaign:
        """Say how a campaign stands."""
        return self._shown(self._own(campaign_id, caller))

    def add_recipients(
        self, campaign_id: str, file: Path, *, idempotency_key: str, caller: Caller
    ) -> TakenList:
        """Add a list; see `CampaignService.add_recipients`."""
        self._own(campaign_id, caller)
        name = digest_file(file)
        with self._one_upload(campaign_id):
            before = self._bound(campaign_id, idempotency_key)
            if before not in {None, name}:
                raise SpeechRequestError(
                    "Idempotency-Key",
                    "idempotency_key_reused",
                    "Idempotency-Key: it came with another list before; take a new one",
                )
            found = self.store.upload(campaign_id, name)
            if before is not None and found is not None and found.complete:
                return self._taken_list(campaign_id, found, replayed=True)
            if before is None:
                self._bind(campaign_id, idempotency_key, name, caller)
            answer = self._do("recipients", campaign_id, str(file), by=_by(caller))
        warnings = answer.pop("warnings")
        return self._taken_list(campaign_id, Upload(**answer), warnings=warnings)

    def dry_run(self, campaign_id: str, *, caller: Caller) -> DryRun:
        """Begin to plan a campaign; see `CampaignService.dry_run`."""
        campaign = self._own(campaign_id, caller)
        if campaign.state not in _UNSTARTED:
            raise CampaignStateError(
                f"campaign {campaign.id}: cannot plan it while it is {campaign.state}: make a new "
                "campaign"
            )
        return self._dry_runs.begin(campaign.id, by=_by(caller))

    def last_dry_run(self, campaign_id: str, *, caller: Caller) -> DryRun:
        """Return the newest dry run of this server."""
        found = self._dry_runs.find(self._own(campaign_id, caller).id)
        if found is None:
            raise SpeechRequestError(
                None,
                "dry_run_not_found",
                f"this server made no dry run of campaign {campaign_id} since it was started: POST "
                "to this address begins one",
            )
        return found

    def decide(
        self, campaign_id: str, action: Action, *, reason: str, caller: Caller
    ) -> ShownCampaign:
        """Start, approve, pause, resume or cancel; see `CampaignService.decide`."""
        self._own(campaign_id, caller)
        return self._shown(self._decided(self._desk(caller), campaign_id, action, reason))

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
        """Return cells; see `CampaignService.cells`."""
        campaign = self._own(campaign_id, caller)
        found = self.store.cells(campaign_id, after=after, limit=limit, state=state, proof=proof)
        templates = _templates(canonical_json(dict(campaign.spec))) if texts else {}
        return [
            ShownCell(cell=cell, text=_text(cell, templates), url=self._cell_url(cell))
            for cell in found
        ]

    def sentences(
        self,
        campaign_id: str,
        *,
        caller: Caller,
        state: SentenceState,
        after: str = "",
        limit: int = 20,
    ) -> Sequence[ShownSentence]:
        """Return sentences of a state; see `CampaignService.sentences`."""
        campaign = self._own(campaign_id, caller)
        found = self.store.sentences(campaign_id, state=state, after=after, limit=limit)
        recalled = campaign.state is CampaignState.RECALLED
        return [
            ShownSentence(
                work=work,
                state=state,
                result=result,
                fault=fault,
                url=None if result is None or recalled else self._url(result.asset_id),
            )
            for work, result, fault in found
        ]

    def accept(self, campaign_id: str, key: str, *, reason: str, caller: Caller) -> None:
        """Let a sentence pass; see `CampaignService.accept`."""
        self._own(campaign_id, caller)
        control.accept_sentence(self._desk(caller), campaign_id, key, reason=reason)

    def report(self, campaign_id: str, *, caller: Caller) -> Mapping[str, Any]:
        """Return the newest report; see `CampaignService.report`."""
        campaign = self._own(campaign_id, caller)
        folder = self._checkout.workspace.campaign_outputs(campaign.id)
        files = sorted(folder.glob("*/report.json"), key=lambda file: file.stat().st_mtime)
        if not files:
            raise SpeechRequestError(
                None,
                "report_not_found",
                f"no report of campaign {campaign.id} was written yet: the server writes one when "
                "its workers end the campaign, `voxgate campaign report` at any time",
            )
        found: dict[str, Any] = json.loads(files[-1].read_text(encoding="utf-8"))
        return found

    def count_cells(self) -> Mapping[CellState, int]:
        """Count the cells of all campaigns that have not ended."""
        found: Counter[CellState] = Counter()
        for campaign in self.store.campaigns():
            if campaign.state not in ENDED:
                found.update(self.store.counts(campaign.id).cells)
        return found

    def has_work(self) -> bool:
        """Tell whether a campaign is under way that workers may take turns at."""
        return any(one.state in UNDER_WAY for one in self.store.campaigns())

    def write_report(self, campaign_id: str) -> None:
        """Write table and report of a campaign that came to an end.

        Raises:
            VoxgateError: it cannot be written.
        """
        self._do("report", campaign_id, by="server")

    def _plan(self, campaign_id: str, by: str) -> dict[str, Any]:
        try:
            return self._do("plan", campaign_id, by=by)
        except NotCalibratedError:  # its words name a path
            raise NotCalibratedError(
                "its voice, profile and preset have no limits of the check, or stale ones: whoever "
                f"runs this server sets them by `voxgate campaign calibrate {campaign_id}`"
            ) from None

    def _decided(
        self, desk: CampaignDesk, campaign_id: str, action: Action, reason: str
    ) -> Campaign:
        match action:
            case Action.START:
                return control.start(desk, campaign_id)
            case Action.APPROVE:
                return control.approve(desk, campaign_id, reason=reason)
            case Action.PAUSE:
                return control.pause(desk, campaign_id, reason=reason)
            case Action.RESUME:
                return control.resume(desk, campaign_id, reason=reason)
            case Action.CANCEL:
                return control.cancel(desk, campaign_id, reason=reason)

    def _desk(self, caller: Caller) -> CampaignDesk:
        return CampaignDesk(checkout=self._checkout, store=self.store, by=_by(caller))

    def _known(self, campaign_id: str) -> Campaign | None:
        try:
            return self.store.campaign(campaign_id)
        except UnknownCampaignError:
            return None

    def _own(self, campaign_id: str, caller: Caller) -> Campaign:
        """Return a campaign of this caller; that of another is as unknown as none."""
        unknown = UnknownCampaignError(f"campaign {campaign_id[:80]!r}: there is none of this id")
        try:
            campaign = self.store.campaign(require_campaign_id(campaign_id))
        except ConfigError:  # no campaign can have such an id
            raise unknown from None
        if not _is_of(campaign, caller):
            raise unknown
        return campaign

    def _shown(self, campaign: Campaign) -> ShownCampaign:
        return ShownCampaign(campaign=campaign, counts=self.store.counts(campaign.id))

    @contextmanager
    def _one_upload(self, campaign_id: str) -> Iterator[None]:
        with self._lock:
            if campaign_id in self._uploading:
                raise SpeechRequestError(
                    None,
                    "upload_in_progress",
                    f"another list of campaign {campaign_id} is being read; send this one after it",
                )
            self._uploading.add(campaign_id)
        try:
            yield
        finally:
            with self._lock:
                self._uploading.discard(campaign_id)

    def _bound(self, campaign_id: str, idempotency_key: str) -> str | None:
        """Return the list that a key came with before."""
        wanted = _key_digest(idempotency_key)
        found = [
            event.facts["name"]
            for event in self.store.events(campaign_id)
            if event.kind is Kind.UPLOADED and event.facts.get("idempotency_key") == wanted
        ]
        return str(found[0]) if found else None

    def _bind(self, campaign_id: str, idempotency_key: str, name: str, caller: Caller) -> None:
        """Note which list a key came with, for as long as there is the campaign."""
        facts = {"name": name, "idempotency_key": _key_digest(idempotency_key)}
        self.store.append(
            Draft(
                kind=Kind.UPLOADED,
                campaign=campaign_id,
                actor=_by(caller),
                reason="a list begins to be read",
                facts=facts,
            )
        )

    def _taken_list(
        self,
        campaign_id: str,
        upload: Upload,
        *,
        warnings: Sequence[Mapping[str, Any]] = (),
        replayed: bool = False,
    ) -> TakenList:
        rejected: list[Rejection] = []
        wanted, after = min(upload.rejected, _SHOWN_REJECTED), 0
        while len(rejected) < wanted:
            page = self.store.rejections(campaign_id, after=after, limit=_PAGE)
            rejected += [row for name, row in page if name == upload.name]
            after += len(page)
            if len(page) < _PAGE:
                break
        return TakenList(
            upload=upload,
            rejected=rejected[:_SHOWN_REJECTED],
            warnings=warnings,
            replayed=replayed,
        )

    def _cell_url(self, cell: Cell) -> str | None:
        stored = cell.state is CellState.STORED and cell.asset_id is not None
        return self._url(cell.asset_id) if stored and cell.asset_id is not None else None

    def _url(self, asset_id: str) -> str:
        return self._assets.url(asset_id, ttl_s=ADDRESS_TTL_S)


def _spec(campaign_id: str, document: Mapping[str, Any]) -> CampaignSpec:
    try:
        require_campaign_id(campaign_id)
        spec = parse_spec({"campaign": campaign_id, **document}, "campaign")
    except TemplateError:
        raise
    except ConfigError as error:
        raise CampaignRefusedError(error.faults) from None
    if spec.campaign != campaign_id:
        raise CampaignRefusedError(
            [f"campaign: expected {campaign_id}, as the address says, got {spec.campaign}"]
        )
    return spec


def _by(caller: Caller) -> str:
    return f"key {caller.key_id}"


def _is_of(campaign: Campaign, caller: Caller) -> bool:
    """Tell whether a campaign is the caller's.

    Who needs no key, on this machine, has those to try voices that were made on it without one.
    """
    if campaign.owner == _by(caller):
        return True
    made_here = not campaign.owner.startswith("key ")
    to_try = campaign.spec.get("purpose") == ConsentScope.EVALUATION.value
    return caller.key_id == ANONYMOUS and made_here and to_try


def _taken(campaign_id: str) -> CampaignStateError:
    return CampaignStateError(
        f"campaign {campaign_id} is there already: give this one another name"
    )


def _key_digest(idempotency_key: str) -> str:
    return digest_bytes(idempotency_key.encode())


@lru_cache(maxsize=16)
def _templates(spec: str) -> dict[str, Template]:
    """Return the templates of a campaign file; to parse them takes a front end."""
    return templates_of(parse_spec(json.loads(spec), "campaign"))


def _text(cell: Cell, templates: Mapping[str, Template]) -> str | None:
    """Return what a cell says; None where its values are gone, or it was not asked for."""
    if cell.values is None or cell.template not in templates:
        return None
    values = {name: SlotValue.from_json(value) for name, value in cell.values.items()}
    return " ".join(one.text.strip() for one in templates[cell.template].fill(values))
