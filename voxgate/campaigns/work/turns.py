"""A worker's turn: one claim, from the rows and back, and what follows from it for the campaign.

A turn may die anywhere. Its lease ends then, somebody else takes the same work with a newer token,
and gives the same result: that is all there is to starting again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from voxgate.campaigns import transitions
from voxgate.campaigns.ports import Claim, SettledRender, SettledSentence
from voxgate.campaigns.records import Campaign, CampaignState, RenderState, SentenceState
from voxgate.campaigns.work.alarms import find_alarm
from voxgate.campaigns.work.delivering import SampleShelf, deliver_renders
from voxgate.campaigns.work.speaking import speak_sentences
from voxgate.campaigns.work.studio import Studio
from voxgate.campaigns.work.tending import end_done, expire_if_late
from voxgate.campaigns.work.tools import CampaignTools
from voxgate.errors import (
    ExternalServiceError,
    LeaseLostError,
    LedgerError,
    StorageError,
    VoxgateError,
)

__all__ = ["CampaignWorker", "Turn"]

_RENEWALS_A_LEASE = 3
_AWAY = (ExternalServiceError, LedgerError, StorageError)
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What came of one claim. `state` is the campaign's afterwards."""

    campaign: str
    state: CampaignState
    spoken: int = 0
    passed: int = 0
    rendered: int = 0
    failed: int = 0
    lost: int = 0


@dataclass(kw_only=True)
class CampaignWorker:
    """Takes turns; for one thread. The studio of the campaign at hand is kept open."""

    tools: CampaignTools
    _studio: tuple[str, Studio] | None = None
    _shelf: SampleShelf = field(init=False)

    def __post_init__(self) -> None:
        self._shelf = SampleShelf(self.tools)

    def take_turn(self, campaign_id: str | None = None) -> Turn | None:
        """Do one claim's work; None where nothing is due now.

        Raises:
            ExternalServiceError, LedgerError, StorageError: database or store cannot be used;
                what was claimed is handed back where that can be said, else its lease ends.
        """
        tools = self.tools
        claim = tools.store.claim(
            worker=tools.worker,
            lease_s=tools.lease_s,
            limit=tools.claim_size,
            render_limit=tools.render_claim_size,
            campaign_id=campaign_id,
        )
        if claim is None:
            # Whoever did the last of it may have died before it said so.
            end_done(tools, campaign_id)
            return None
        campaign = claim.campaign
        if self._may_not_go_on(claim):
            self._hand_back(claim)
            return Turn(campaign=campaign.id, state=tools.store.campaign(campaign.id).state)
        try:
            with self._renewing(claim):
                turn = self._do(claim)
        except VoxgateError as error:
            self._hand_back(claim)
            if isinstance(error, _AWAY):
                raise
            self._stop(campaign, f"a worker cannot do its work: {error}")
            raise
        return turn

    def _do(self, claim: Claim) -> Turn:
        tools, campaign = self.tools, claim.campaign
        if claim.renders:
            renders = deliver_renders(claim, self._shelf, tools)
            settled = tools.store.settle_renders(campaign.id, renders)
            self._remove_recalled(claim, settled.lost)
            return Turn(
                campaign=campaign.id,
                state=self._end_if_done(campaign.id),
                rendered=sum(one.state is RenderState.STORED for one in renders),
                failed=sum(one.state is RenderState.FAILED for one in renders),
                lost=len(settled.lost),
            )
        studio = self._open(campaign)
        sentences = speak_sentences(claim, studio, tools)
        settled = tools.store.settle_sentences(campaign.id, sentences)
        self._remove_lost(sentences, settled.lost)
        alarm = find_alarm(
            tools.store.recent_results(campaign.id), studio.own_refusals, settled.deviations
        )
        if alarm is not None:
            self._stop(campaign, alarm)
        return Turn(
            campaign=campaign.id,
            state=self._end_if_done(campaign.id),
            spoken=len(sentences),
            passed=sum(one.state is SentenceState.PASSED for one in sentences),
            failed=sum(one.state is SentenceState.FAILED for one in sentences),
            lost=len(settled.lost),
        )

    def _may_not_go_on(self, claim: Claim) -> bool:
        """Stop a campaign whose time is over, or that may not be spoken any more."""
        campaign, tools = claim.campaign, self.tools
        if expire_if_late(tools, campaign):
            return True
        try:
            tools.require_allowed(campaign)
        except _AWAY:
            self._hand_back(claim)
            raise
        except VoxgateError as error:
            self._stop(campaign, str(error))
            return True
        return False

    def _stop(self, campaign: Campaign, reason: str) -> None:
        _LOGGER.error("campaign %s is stopped: %s", campaign.id, reason)
        stop = partial(transitions.stop, reason=reason, facts={}, actor=self.tools.worker)
        self.tools.store.change(campaign.id, stop)

    def _end_if_done(self, campaign_id: str) -> CampaignState:
        return self.tools.store.end_if_done(campaign_id, actor=self.tools.worker).state

    def _open(self, campaign: Campaign) -> Studio:
        if self._studio is None or self._studio[0] != campaign.id:
            self._studio = None  # before the next: both need memory
            self._studio = (campaign.id, self.tools.open_studio(campaign))
        return self._studio[1]

    def _hand_back(self, claim: Claim) -> None:
        store, campaign_id = self.tools.store, claim.campaign.id
        waiting, undone = SentenceState.WAITING, RenderState.WAITING
        try:
            store.settle_sentences(
                campaign_id,
                [
                    SettledSentence(key=one.key, attempt=one.attempt, state=waiting)
                    for one in claim.sentences
                ],
            )
            store.settle_renders(
                campaign_id,
                [
                    SettledRender(key=one.key, attempt=one.attempt, state=undone)
                    for one in claim.renders
                ],
            )
        except _AWAY as error:
            _LOGGER.warning("a claim of %s is left to its lease: %s", campaign_id, error)

    def _remove_lost(self, sentences: Sequence[SettledSentence], lost: Sequence[str]) -> None:
        for one in sentences:
            if one.key in lost and one.result is not None:
                self._remove(one.result.asset_id)

    def _remove_recalled(self, claim: Claim, lost: Sequence[str]) -> None:
        """Remove files that were called back while they were made; others may be somebody's."""
        for work in claim.renders:
            if work.key in lost and self.tools.store.is_recalled(work.asset_id):
                self._remove(work.asset_id)

    def _remove(self, asset_id: str) -> None:
        try:
            self.tools.assets.remove(asset_id)
        except (ExternalServiceError, StorageError) as error:
            _LOGGER.warning("asset %s is left over: %s", asset_id, error)

    @contextmanager
    def _renewing(self, claim: Claim) -> Iterator[None]:
        """Keep the lease while work goes on: ears on a busy machine take longer than it."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(self.tools.lease_s / _RENEWALS_A_LEASE):
                try:
                    self.tools.store.renew(claim, lease_s=self.tools.lease_s)
                except (*_AWAY, LeaseLostError) as error:
                    _LOGGER.warning("the lease of %s: %s", claim.campaign.id, error)

        thread = threading.Thread(target=renew, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
