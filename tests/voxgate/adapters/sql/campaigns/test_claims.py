"""Who gets what, in which order, and that nobody gets what another holds."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa

from tests.fakes.campaigns import begin, fill, make_result, run, speak, take
from voxgate.adapters.sql.campaigns.claims import MAX_DEATHS, MAX_DELIVERIES
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.adapters.sql.database import Database
from voxgate.campaigns.ports import SettledRender, SettledSentence
from voxgate.campaigns.records import CellState, RenderState, SentenceState
from voxgate.campaigns.transitions import cancel, end_part, pause, resume, start

Age = Callable[[float], None]


def keys(claim: object) -> list[str]:
    works = [*claim.sentences, *claim.renders]  # type: ignore[attr-defined]
    return [work.key for work in works]


def test_what_most_cells_wait_for_is_spoken_first(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Bo", "Al", "Al"])
    begin(store, "spring")
    claim = take(store, limit=2)
    assert [(work.key, work.cells) for work in claim.sentences] == [("visit", 3), ("hello-Al", 2)]
    assert [(work.attempt, work.deliveries) for work in claim.sentences] == [(1, 1), (1, 1)]
    assert claim.sentences[1].facts == {"text": "Al"}
    assert keys(take(store, limit=2)) == ["hello-Bo"]
    assert store.claim(worker="w-2", lease_s=60.0) is None


def test_renders_come_when_enough_are_ready_or_nothing_else_is_due(
    store: SqlCampaignStore,
) -> None:
    fill(store, "spring", ["Al", "Bo", "Cy"])
    begin(store, "spring")
    speak(store, take(store, limit=3))  # visit, and two greetings
    claim = take(store, limit=2, render_limit=2)
    assert keys(claim) == ["file-Al", "file-Bo"]
    expected = (make_result("hello-Al"), make_result("visit"))
    assert claim.renders[0].sentences == expected
    assert keys(take(store, limit=2)) == ["hello-Cy"]
    assert store.claim(worker="w-2", lease_s=60.0) is None
    assert store.has_open_work("spring")


def test_only_the_proof_sample_is_due_while_proofing(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo", "Cy"], proof=1)
    assert store.claim(worker="w-1", lease_s=60.0) is None
    store.change("spring", partial(start, actor="anna"))
    assert store.has_open_work("spring")
    claim = take(store, limit=9)
    assert keys(claim) == ["visit", "hello-Al"]
    speak(store, claim)
    assert store.counts("spring").proof_open == 1
    made = take(store)
    assert keys(made) == ["file-Al"]
    assert store.has_open_work("spring")
    speak(store, made)
    assert not store.has_open_work("spring")
    assert store.counts("spring").proof_open == 0


def test_a_paused_campaign_hands_out_nothing(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    held = take(store)
    store.change("spring", partial(pause, actor="anna", reason="lunch"))
    assert store.claim(worker="w-1", lease_s=60.0) is None
    assert speak(store, held).lost == ()
    store.change("spring", partial(resume, actor="anna", reason="back", proofed=True))
    assert keys(take(store)) == ["file-Al"]


def test_a_lease_that_ended_lets_another_take_it_alone(store: SqlCampaignStore, age: Age) -> None:
    fill(store, "spring", ["Al", "Bo"])
    begin(store, "spring")
    first = take(store, limit=2)
    age(100)
    assert keys(take(store)) == ["hello-Bo"]  # what nobody died with comes first
    again = take(store)
    assert keys(again) == ["visit"]
    assert (again.sentences[0].attempt, again.sentences[0].deliveries) == (2, 2)
    assert set(speak(store, first).lost) == {"visit"}


def test_a_lease_is_renewed_for_what_is_still_held(store: SqlCampaignStore, age: Age) -> None:
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    held = take(store)
    speak(store, held.__class__(campaign=held.campaign, sentences=held.sentences[:1]))
    store.renew(held, lease_s=600.0)
    age(100)
    assert store.claim(worker="w-2", lease_s=60.0) is None
    age(600)
    again = take(store)
    assert keys(again) == [held.sentences[1].key]
    store.renew(held, lease_s=6000.0)  # too late: another holds it
    age(100)
    assert keys(take(store)) == keys(again)


def test_what_kills_its_workers_ends_as_poison_with_what_needs_it(
    store: SqlCampaignStore, age: Age
) -> None:
    fill(store, "spring", ["Al", "Bo"])
    begin(store, "spring")
    while claim := store.claim(worker="w-1", lease_s=60.0):
        if "hello-Bo" not in keys(claim):
            speak(store, claim)
            continue
        speak(
            store,
            claim.__class__(
                campaign=claim.campaign,
                sentences=[work for work in claim.sentences if work.key != "hello-Bo"],
            ),
        )
        assert store.release("w-1", died=True) == 1
    [(work, result, fault)] = store.sentences("spring", state=SentenceState.FAILED)
    assert (work.key, work.attempt, result) == ("hello-Bo", MAX_DEATHS, None)
    assert fault is not None
    assert fault.code == "poison"
    cells = list(store.each_cell("spring"))
    assert [cell.state for cell in cells] == [CellState.STORED, CellState.FAILED]
    assert cells[1].fault == fault
    assert not store.has_open_work("spring")


def test_what_was_never_heard_of_again_is_tried_longer(store: SqlCampaignStore, age: Age) -> None:
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    speak(store, take(store))
    for attempt in range(1, MAX_DELIVERIES + 1):
        assert take(store).renders[0].attempt == attempt
        age(100)
    assert store.claim(worker="w-1", lease_s=60.0) is None
    [cell] = store.each_cell("spring")
    assert (cell.state, cell.fault and cell.fault.code) == (CellState.FAILED, "poison")


def test_a_render_that_kills_its_workers_ends_as_poison(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    speak(store, take(store))
    for _ in range(MAX_DEATHS):
        assert len(take(store).renders) == 1
        assert store.release("w-1", died=True) == 1
    assert store.claim(worker="w-1", lease_s=60.0) is None
    [cell] = store.each_cell("spring")
    assert (cell.state, cell.fault and cell.fault.code) == (CellState.FAILED, "poison")


def test_a_worker_that_was_told_to_go_costs_nothing(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo"])
    begin(store, "spring")
    for attempt in range(1, MAX_DELIVERIES + 3):
        claim = take(store)
        assert {(w.attempt, w.deliveries) for w in claim.sentences} == {(attempt, 1)}
        assert store.release("another", died=False) == 0
        assert store.release("w-1", died=False) == len(claim.sentences)


def test_of_suspects_those_come_first_that_fewer_died_with(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo"])
    begin(store, "spring")
    total = len(take(store).sentences)
    store.release("w-1", died=True)
    seen = []
    for _ in range(total):
        [work] = take(store).sentences
        seen.append(work.key)
        store.release("w-1", died=True)
    assert len(set(seen)) == total


def test_what_is_handed_back_is_due_again_and_not_counted(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    for attempt in range(1, MAX_DELIVERIES + 3):
        claim = take(store)
        assert {(w.attempt, w.deliveries) for w in claim.sentences} == {(attempt, 1)}
        back = [
            SettledSentence(key=w.key, attempt=w.attempt, state=SentenceState.WAITING)
            for w in claim.sentences
        ]
        assert store.settle_sentences("spring", back).lost == ()
    speak(store, take(store))
    for attempt in range(1, MAX_DELIVERIES + 3):
        [work] = take(store).renders
        assert (work.attempt, work.deliveries) == (attempt, 1)
        back_again = SettledRender(key=work.key, attempt=attempt, state=RenderState.WAITING)
        assert store.settle_renders("spring", [back_again]).lost == ()


def test_campaigns_share_by_weight(store: SqlCampaignStore) -> None:
    for name, weight in (("big", 3.0), ("small", 1.0)):
        fill(store, name, [f"N{n}" for n in range(80)], prefix=name, weight=weight)
        begin(store, name)
    got = Counter(take(store, limit=2).campaign.id for _ in range(40))
    assert got == {"big": 30, "small": 10}
    assert take(store, limit=1, campaign_id="small").campaign.id == "small"


def test_a_campaign_that_starts_late_is_owed_nothing(store: SqlCampaignStore) -> None:
    for name in ("first", "second"):
        fill(store, name, [f"N{n}" for n in range(60)], prefix=name)
    begin(store, "first")
    for _ in range(20):
        take(store, limit=2)
    begin(store, "second")
    got = Counter(take(store, limit=1).campaign.id for _ in range(10))
    assert got == {"first": 5, "second": 5}


def test_a_campaign_with_nothing_due_leaves_its_turn_to_the_next(store: SqlCampaignStore) -> None:
    for name in ("idle", "busy"):
        fill(store, name, ["Al"], prefix=name)
        begin(store, name)
    take(store, campaign_id="idle")
    for _ in range(2):
        claim = take(store)
        assert claim.campaign.id == "busy"
        speak(store, claim)


def test_a_cancelled_campaign_tells_what_was_not_made(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo", "Cy"])
    begin(store, "spring")
    speak(store, take(store, limit=2))
    speak(store, take(store, limit=1, render_limit=1))
    store.change("spring", partial(cancel, actor="anna", reason="wrong list"))
    assert store.claim(worker="w-1", lease_s=60.0) is None
    assert not store.has_open_work("spring")
    assert store.counts("spring").cells == {CellState.STORED: 1, CellState.CANCELLED: 2}


def test_many_workers_get_everything_once(store: SqlCampaignStore) -> None:
    fill(store, "spring", [f"N{n}" for n in range(40)])
    begin(store, "spring")
    taken: list[str] = []
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        while claim := store.claim(worker="w", lease_s=600.0, limit=3):
            taken.extend(keys(claim))
            speak(store, claim)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run(store, "spring")  # a claim that met only locked rows ends its worker early
    assert len(taken) == len(set(taken))
    assert store.counts("spring").cells == {CellState.STORED: 40}
    store.change("spring", partial(end_part, actor="worker"))
    assert not store.has_open_work("spring")


@pytest.mark.parametrize(
    "ledger_url", [pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)
def test_claims_of_two_transactions_do_not_wait_for_each_other(
    store: SqlCampaignStore, database: Database
) -> None:
    fill(store, "spring", ["Al", "Bo"])
    begin(store, "spring")
    with database.engine.connect() as connection, connection.begin():
        connection.execute(sa.text("SELECT id FROM campaigns FOR SHARE"))
        connection.execute(
            sa.text("SELECT key FROM campaign_sentences WHERE key = 'visit' FOR UPDATE")
        )
        assert keys(take(store)) == ["hello-Al", "hello-Bo"]
