"""Real processes of `voxgate campaign work`, killed and flushed; only their voice is none."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.fakes.campaign_child import STUDIO, open_tools
from tests.fakes.campaign_work import (
    begin,
    digests,
    hello,
    let_go_on,
    make_tools,
    plan_campaign,
    require_whole,
    run_through,
    work_off,
)
from tests.fakes.memory import memory_folder
from tests.fakes.redis_server import redis_server
from tests.fakes.studio import FakeStudio
from voxgate.campaigns.ports import CampaignStore
from voxgate.campaigns.records import CampaignState, CellState
from voxgate.campaigns.work.looping import Shift, at_work
from voxgate.campaigns.work.turns import CampaignWorker
from voxgate.wiring.campaign_hands import CampaignHand

ROOT = Path(__file__).resolve().parents[3]
NAMES = [f"Name{number}" for number in range(40)] + ["Name1", "Name2"]
LONGEST_S = 120.0


@pytest.fixture
def folder() -> Iterator[Path]:
    with memory_folder() as folder:
        (folder / STUDIO).write_text(json.dumps({"pause_s": 0.02}))
        yield folder


@pytest.fixture
def broker() -> Iterator[str]:
    with redis_server() as url:
        yield url


@contextmanager
def chief(
    folder: Path, *, workers: int = 2, follow: bool = True, broker: str = ""
) -> Iterator[subprocess.Popen[str]]:
    words = [folder, workers, "follow" if follow else "until-done", broker]
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.campaign_child", *map(str, words)],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "C_FORCE_ROOT": "1",
            "VOXGATE_BROKER_URL": broker,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with child:
        try:
            yield child
        finally:
            child.kill()


def until(what: Callable[[], Any]) -> None:
    end = time.monotonic() + LONGEST_S
    while not what():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def stored(store: CampaignStore, campaign_id: str = "spring") -> int:
    return store.counts(campaign_id).cells.get(CellState.STORED, 0)


def undisturbed(campaign_id: str = "spring", names: list[str] = NAMES) -> dict[str, str]:
    """Return what each cell sounds like if nothing happens."""
    with memory_folder() as quiet:
        tools = make_tools(quiet, FakeStudio())
        plan_campaign(tools.store, campaign_id, names)
        worker = CampaignWorker(tools=tools)
        for step in (begin, let_go_on):
            step(tools.store, campaign_id)
            work_off(worker)
        return digests(tools.store, campaign_id)


def children_of(pid: int) -> list[int]:
    """Return all processes below one."""
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, listed.read_text().split()):
            found += [child, *children_of(child)]
    return found


def programs(pid: int, module: str) -> list[int]:
    """Return the processes below one that run a module, without their keepers."""
    found = []
    for child in children_of(pid):
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if module.encode() in words and b"-I" not in words:
            found.append(child)
    return found


@pytest.mark.slow
def test_hands_finish_what_is_under_way_and_then_the_command_ends(folder: Path) -> None:
    tools = open_tools(folder, "test")
    plan_campaign(tools.store, "spring", NAMES)
    begin(tools.store, "spring")
    with chief(folder, follow=False) as process:
        assert process.wait(LONGEST_S) == 0
    assert tools.store.campaign("spring").state is CampaignState.PROOFED
    let_go_on(tools.store, "spring")
    with chief(folder, follow=False) as process:
        assert process.wait(LONGEST_S) == 0
    assert tools.store.campaign("spring").state is CampaignState.FINISHED
    require_whole(tools, "spring", len(NAMES))
    assert digests(tools.store, "spring") == undisturbed()


@pytest.mark.slow
def test_sigterm_lets_the_turns_at_hand_end(folder: Path) -> None:
    (folder / STUDIO).write_text(json.dumps({"pause_s": 0.2}))
    tools = open_tools(folder, "test")
    plan_campaign(tools.store, "spring", NAMES)
    begin(tools.store, "spring")
    work_off(CampaignWorker(tools=tools))
    let_go_on(tools.store, "spring")
    with chief(folder) as process:
        until(lambda: tools.store.counts("spring").sentences.get("running", 0) >= 8)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST_S) == 0
        assert process.stdout is not None
        assert process.stdout.read().split() == ["ready", "ending", "ended"]
    counts = tools.store.counts("spring")
    assert "running" not in counts.sentences, "what was begun was said"
    assert counts.sentences["waiting"], "and nothing else was begun"


@pytest.mark.slow
def test_a_hand_that_dies_is_replaced_and_what_kills_them_ends_alone(folder: Path) -> None:
    deadly = hello("Name5")
    facts = {"deadly": [deadly], "lease_s": 10 * LONGEST_S}  # so nobody waits for one to end
    (folder / STUDIO).write_text(json.dumps(facts))
    tools = open_tools(folder, "test")
    plan_campaign(tools.store, "spring", NAMES)
    with chief(folder):
        run_through(tools.store, "spring", wait=until)
    cells = tools.store.counts("spring").cells
    assert cells == {CellState.STORED: len(NAMES) - 1, CellState.FAILED: 1}
    [failed] = tools.store.cells("spring", state=CellState.FAILED)
    assert failed.fault is not None
    assert failed.fault.code == "poison"


@pytest.mark.slow
def test_a_hand_that_is_told_to_end_gives_back_what_it_held_and_it_is_not_counted(
    folder: Path,
) -> None:
    (folder / STUDIO).write_text(json.dumps({"pause_s": LONGEST_S, "lease_s": 10 * LONGEST_S}))
    tools = open_tools(folder, "test")
    plan_campaign(tools.store, "spring", NAMES)
    begin(tools.store, "spring")
    hand = CampaignHand(folder, tools.store, program="tests.fakes.campaign_hand_child")
    shift = Shift(goes_on=lambda: True)
    with at_work(shift, [hand]):
        until(lambda: tools.store.counts("spring").sentences.get("running"))
    claim = tools.store.claim(worker="another", lease_s=1.0)
    assert claim is not None, "it is due at once"
    assert {(work.attempt, work.deliveries) for work in claim.sentences} == {(2, 1)}


@pytest.mark.slow
def test_kills_at_ten_instants_change_no_file(folder: Path) -> None:
    """Of the chief, its hands, and a second machine's; the seed of the instants is told."""
    seed = random.randrange(10**6)
    instants = random.Random(seed)
    tools = open_tools(folder, "test")
    plan_campaign(tools.store, "spring", NAMES, proof=4)
    begin(tools.store, "spring")
    kills = 0
    while kills < 10:
        with chief(folder, workers=2) as process:
            until(lambda pid=process.pid: programs(pid, "tests.fakes.campaign_hand_child"))
            time.sleep(instants.uniform(0.0, 0.8))
            victims = [process.pid, *programs(process.pid, "tests.fakes.campaign_hand_child")]
            os.kill(instants.choice(victims), signal.SIGKILL)
            kills += 1
            time.sleep(instants.uniform(0.0, 0.3))
        if tools.store.campaign("spring").state is CampaignState.PROOFED:
            let_go_on(tools.store, "spring")
    with chief(folder):
        until(lambda: tools.store.campaign("spring").state.value in {"proofed", "finished"})
        if tools.store.campaign("spring").state is CampaignState.PROOFED:
            let_go_on(tools.store, "spring")
        until(lambda: tools.store.campaign("spring").state is CampaignState.FINISHED)
    require_whole(tools, "spring", len(NAMES))
    assert digests(tools.store, "spring") == undisturbed(), f"seed {seed}"


@pytest.mark.slow
def test_messages_bring_two_workers_to_finish_it(folder: Path, broker: str) -> None:
    tools = open_tools(folder, "test")
    plan_campaign(tools.store, "spring", NAMES)
    with chief(folder, broker=broker) as process:
        run_through(tools.store, "spring", wait=until)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST_S) == 0
    require_whole(tools, "spring", len(NAMES))
    workers = {cell.output.worker for cell in tools.store.each_cell("spring") if cell.output}
    assert len(workers) == 2
    assert digests(tools.store, "spring") == undisturbed()


@pytest.mark.slow
def test_a_flushed_redis_and_killed_workers_lose_and_double_nothing(
    folder: Path, broker: str
) -> None:
    (folder / STUDIO).write_text(json.dumps({"pause_s": 0.1}))
    tools = open_tools(folder, "test")
    plan_campaign(tools.store, "spring", NAMES)
    begin(tools.store, "spring")
    module = "tests.fakes.campaign_messenger_child"
    client = redis.Redis.from_url(broker)
    with chief(folder, broker=broker) as process:
        until(lambda: tools.store.campaign("spring").state is CampaignState.PROOFED)
        let_go_on(tools.store, "spring")
        before = tools.store.counts("spring").sentences["passed"]
        until(lambda: tools.store.counts("spring").sentences["passed"] > before)
        client.flushall()
        [first, *_] = programs(process.pid, module)
        os.kill(first, signal.SIGKILL)
        until(lambda: len(set(programs(process.pid, module)) - {first}) == 2)
        assert client.llen("campaigns") <= 4, "twice as many as workers at most"
        until(lambda: tools.store.campaign("spring").state is CampaignState.FINISHED)
    require_whole(tools, "spring", len(NAMES))
    assert digests(tools.store, "spring") == undisturbed()


@pytest.mark.slow
def test_campaigns_get_turns_by_their_weight(folder: Path) -> None:
    names = [f"Name{number}" for number in range(200)]
    tools = open_tools(folder, "test")
    for campaign_id, weight in (("light", 1.0), ("heavy", 3.0)):
        plan_campaign(tools.store, campaign_id, names, proof=1, weight=weight)
        begin(tools.store, campaign_id)
        work_off(CampaignWorker(tools=tools), campaign_id)
        let_go_on(tools.store, campaign_id)
    with chief(folder):
        until(lambda: tools.store.counts("heavy").sentences.get("passed", 0) >= 120)
    passed = Counter(
        {one: tools.store.counts(one).sentences["passed"] for one in ("light", "heavy")}
    )
    assert 2.0 <= passed["heavy"] / passed["light"] <= 4.5
