from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.load.bench import Bench
from scripts.load.job_client import say_pcm
from scripts.load.jobs import sound_files
from scripts.load.plain_server import PlainSite
from scripts.load.rows import Row, Ruling
from scripts.load.scenarios import SCENARIOS, Run, run_scenarios
from tests.fakes.base_voice import write_base_voice
from tests.fakes.load_site import FakeSite, ForgetfulService, RememberingService
from tests.fakes.speech_service import FakeSpeechService, expected_sentences
from voxgate.errors import OverloadedError
from voxgate.serving.requests import SpeechRequest
from voxgate.stage import Workspace


def found(
    *names: str, make: Callable[[int], FakeSpeechService] = lambda _: RememberingService()
) -> list[Run]:
    """Run scenarios at a fiftieth of their size over fake services."""

    async def measure() -> list[Run]:
        site = FakeSite(make)
        bench = Bench(site=site, target=await asyncio.to_thread(site.start), scale=0.02)
        try:
            return await run_scenarios(bench, names)
        finally:
            await asyncio.to_thread(site.stop)

    return asyncio.run(measure())


def by_name(run: Run) -> dict[str, Row]:
    return {row.what: row for row in run.rows}


@pytest.mark.slow
def test_one_by_one_mixed_and_duplicate_requests_are_measured() -> None:
    alone, mixed, equal = found("L1", "L5", "L6")
    assert by_name(alone)["one at a time: first audio, p50"].value
    assert by_name(alone)["one at a time: errors"].ruling is Ruling.MET
    rulings = {what: row.ruling for what, row in by_name(mixed).items()}
    del rulings["different samples among the texts and voices"]  # the fake has 256 pitches
    assert set(rulings.values()) == {Ruling.MET}
    assert by_name(equal)["syntheses, by /metrics"].value == 1
    assert by_name(equal)["different samples"].ruling is Ruling.MET


@pytest.mark.slow
def test_the_cache_overload_and_a_flood_without_its_lane_are_measured() -> None:
    rows = {row.what: row for run in found("L7", "L3", "L4") for row in run.rows}
    assert rows["at 300/s: answers that were no hit"].ruling is Ruling.MISSED  # the fake joins
    assert rows["capacity"].value
    assert rows["beside a batch flood"].note == "this server has no key of the batch lane"


def test_an_answer_that_is_anothers_is_a_miss() -> None:
    [mixed] = found("L5", make=lambda start: FakeSpeechService() if start else ForgetfulService())
    row = by_name(mixed)["answers that are not what they are alone"]
    assert (row.value, row.ruling) == (1, Ruling.MISSED)


def test_a_solo_answer_from_a_cache_measures_nothing() -> None:
    [mixed] = found("L5", make=lambda start: FakeSpeechService(cache="hit" if start else "miss"))
    [row] = mixed.rows
    assert (row.ruling, row.note) == (
        Ruling.UNMEASURED, "a server that was started anew answered from a cache",
    )  # fmt: skip


def test_equal_requests_that_are_made_again_and_again_are_a_miss() -> None:
    [equal] = found("L6", make=lambda _: FakeSpeechService())
    assert by_name(equal)["syntheses, by /metrics"].value == 20
    assert by_name(equal)["syntheses, by /metrics"].ruling is Ruling.MISSED


def test_a_busy_server_is_asked_again_when_it_says() -> None:
    service = FakeSpeechService(fault=OverloadedError("full", retry_after_s=0.2))

    async def ask() -> tuple[int, int]:
        site = FakeSite(lambda _: service)
        bench = Bench(site=site, target=await asyncio.to_thread(site.start))
        try:
            asking = asyncio.create_task(bench.say_patiently(bench.fresh()))
            while not service.asked:
                await asyncio.sleep(0.01)
            service.fault = None
            return (await asking).status, len(service.asked)
        finally:
            await asyncio.to_thread(site.stop)

    assert asyncio.run(ask()) == (200, 2)


def test_samples_of_a_stream_are_those_behind_its_header() -> None:
    async def ask() -> tuple[bytes | None, bytes]:
        site = FakeSite(lambda _: FakeSpeechService())
        bench = Bench(site=site, target=await asyncio.to_thread(site.start))
        try:
            wanted = replace(bench.fresh(2), voice="anna")
            request = SpeechRequest(text=wanted.text, model=wanted.model, profile="anna")
            spoken = b"".join(pcm.tobytes() for pcm in expected_sentences(request))
            return await say_pcm(bench, wanted), spoken
        finally:
            await asyncio.to_thread(site.stop)

    got, spoken = asyncio.run(ask())
    assert got == spoken


@pytest.mark.slow
def test_what_needs_a_checkout_or_workers_says_so_and_the_others_go_on() -> None:
    jobs, promotion, outage, killed = found("L9", "L15", "L10", "L8")
    runs = (jobs, promotion, outage, killed)
    assert [run.rows[0].ruling for run in runs] == [Ruling.UNMEASURED] * 4
    assert killed.rows[0].note == "this server has no worker processes that could be killed"
    assert jobs.rows[0].note == "this server runs without a checkout"
    assert "--promote" in promotion.rows[0].note


def test_files_of_sound_are_known_by_their_head(tmp_path: Path) -> None:
    kept = Workspace(tmp_path).speech_dir / "somewhere"
    kept.mkdir(parents=True)
    (kept / "a").write_bytes(b"RIFF....")
    (kept / "b").write_bytes(b"{}")
    assert sound_files(tmp_path) == {kept / "a"}


def test_every_scenario_says_what_it_is() -> None:
    for name, scenario in SCENARIOS.items():
        assert (scenario.run.__doc__ or "").startswith(f"{name}")


@pytest.mark.slow
def test_the_plain_server_speaks_and_is_asked_the_same(tmp_path: Path) -> None:
    write_base_voice(tmp_path / "voice")

    async def measure() -> list[Run]:
        site = PlainSite(package=tmp_path / "voice")
        bench = Bench(site=site, target=await asyncio.to_thread(site.start), scale=0.02)
        try:
            return await run_scenarios(bench, ["L1"])
        finally:
            await asyncio.to_thread(site.stop)

    [alone] = asyncio.run(measure())
    assert by_name(alone)["one at a time: errors"].ruling is Ruling.MET
    assert by_name(alone)["one at a time: first audio, p50"].value
