"""`speak_campaign`: processes take turns at a campaign until nothing of it is due.

One Prefect task a claim, never one a cell: a task costs more than a sentence. The rows say what is
done, so that a run that died is continued by the next, from whichever machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.states import Completed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.prefect_api import is_transient
from tasks.campaigns.desk import open_campaign_desk
from tasks.campaigns.notices import send_new_notices
from tasks.campaigns.output import write_output
from voxgate.campaigns.ports import CampaignStore
from voxgate.campaigns.records import UNDER_WAY, WORTH_A_REPORT
from voxgate.campaigns.work.turns import Turn
from voxgate.errors import WorkerLostError
from voxgate.wiring.campaign_hands import CampaignHand
from voxgate.wiring.speech_service import usable_cores

__all__ = ["speak_campaign"]

_PAUSE_S = 1.0
_PROGRESS_S = 10.0
_MAX_DEATHS = 5
"""So many hands may die one after the other without a turn in between."""


@dataclass(kw_only=True)
class _Progress:
    """What was done in this run, told every few seconds."""

    tell: Callable[[str], None]
    spoken: int = 0
    rendered: int = 0
    failed: int = 0
    deaths: int = 0
    told_at: float = field(default_factory=time.monotonic)

    def add(self, turn: Turn) -> None:
        self.spoken += turn.spoken
        self.rendered += turn.rendered
        self.failed += turn.failed
        self.deaths = 0
        if time.monotonic() - self.told_at >= _PROGRESS_S:
            self.tell(f"{self.spoken} sentences spoken, {self.rendered} files stored")
            self.told_at = time.monotonic()


_THREADS: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=64)


@task(task_run_name="claim", cache_policy=NO_CACHE, persist_result=False)
def speak_claim(hand: CampaignHand, campaign_id: str) -> dict[str, Any] | None:
    """Let a process do one claim's work; None where nothing was due."""
    turn = hand.take_turn(campaign_id)
    return None if turn is None else asdict(turn)


@task(retries=3, retry_delay_seconds=[2, 10, 30], retry_condition_fn=is_transient)
def write_tables(root: Path, campaign_id: str) -> str:
    """Write the output table and the report; returns the table's digest."""
    return write_output(open_campaign_desk(root), campaign_id).digest


@flow(
    name="speak-campaign",
    task_runner=_THREADS,
    persist_result=False,
    validate_parameters=False,
)
def speak_campaign(
    campaign_id: str, root: Path = Path(), workers: int | None = None
) -> State[dict[str, Any]]:
    """Speak what is due of a campaign, by so many processes (a core each), until nothing is.

    Raises:
        UnknownCampaignError: there is none.
        WorkerLostError: the processes died again and again; the rows are whole.
    """
    root = root.resolve()
    desk = open_campaign_desk(root)
    progress = _Progress(tell=get_run_logger().info)
    with _hands(root, desk.store, workers or usable_cores()) as hands:
        _work(desk.store, campaign_id, hands, progress)
    for problem in send_new_notices(desk.checkout.desk, desk.store):
        progress.tell(problem)
    campaign = desk.store.campaign(campaign_id)
    digest = write_tables(root, campaign_id) if campaign.state in WORTH_A_REPORT else None
    data = {
        "campaign": campaign_id,
        "state": campaign.state.value,
        "why": campaign.why,
        "spoken": progress.spoken,
        "rendered": progress.rendered,
        "failed": progress.failed,
        "output": digest,
    }
    return Completed(name=campaign.state.value.capitalize(), message=campaign.why, data=data)


def _work(
    store: CampaignStore, campaign_id: str, hands: list[CampaignHand], progress: _Progress
) -> None:
    at_work: dict[PrefectFuture[dict[str, Any] | None], CampaignHand] = {}
    free = list(hands)
    while store.campaign(campaign_id).state in UNDER_WAY:
        while free:
            hand = free.pop()
            at_work[speak_claim.submit(hand, campaign_id)] = hand
        done = _first_done(at_work)
        nothing_due = 0
        for future in done:
            hand = at_work.pop(future)
            free.append(hand)
            try:
                found = future.result()
            except WorkerLostError as error:
                progress.deaths += 1
                progress.tell(str(error))
                if progress.deaths >= _MAX_DEATHS:
                    raise
                continue
            if found is None:
                nothing_due += 1
            else:
                progress.add(Turn(**found))
        if nothing_due == len(done):  # others hold the rest, or their leases have to end
            time.sleep(_PAUSE_S)
    for future in at_work:
        future.wait()


def _first_done(
    at_work: dict[PrefectFuture[dict[str, Any] | None], CampaignHand],
) -> list[PrefectFuture[dict[str, Any] | None]]:
    while True:
        done = [future for future in at_work if future.state.is_final()]
        if done:
            return done
        next(iter(at_work)).wait(timeout=0.05)


@contextmanager
def _hands(root: Path, store: CampaignStore, count: int) -> Iterator[list[CampaignHand]]:
    hands = [CampaignHand(root, store) for _ in range(count)]
    try:
        yield hands
    finally:
        for hand in hands:
            hand.close()
