from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.fakes.memory import memory_folder
from tests.fakes.speech_jobs import ListQueue, make_desk, make_draft, make_tools, recall_job
from voxgate.errors import (
    AccessDeniedError,
    ExternalServiceError,
    SpeechRequestError,
    UnsafePathError,
)
from voxgate.serving.jobs.assets import UnknownAssetError
from voxgate.serving.jobs.desk import JobDesk
from voxgate.serving.jobs.ports import JobTools
from voxgate.serving.jobs.records import JobStatus, SpeechJob, UnknownJobError
from voxgate.serving.jobs.runner import run_jobs


@pytest.fixture
def tools() -> Iterator[JobTools]:
    with memory_folder() as folder:
        yield make_tools(f"sqlite:///{folder}/ledger.db", folder)


@pytest.fixture
def desk(tools: JobTools) -> JobDesk:
    return make_desk(tools, ListQueue())


def spoken(desk: JobDesk, tools: JobTools) -> SpeechJob:
    job = desk.submit(make_draft()).job
    return asyncio.run(run_jobs([job.id], tools))[0]


def test_a_result_can_be_read_and_has_an_address_that_ends(desk: JobDesk, tools: JobTools) -> None:
    job = spoken(desk, tools)
    stored = desk.audio(job.id, key_id="anna")
    assert job.output is not None
    assert (stored.bytes, stored.sha256) == (job.output.bytes, job.output.sha256)
    assert len(b"".join(desk.read(stored.asset_id, None))) == stored.bytes
    address = desk.address(job)
    assert address is not None
    url = urlsplit(address.url)
    signed_until_s = int(dict(parse_qsl(url.query))["expires"])
    assert 0 <= signed_until_s - address.expires_at_s <= 1, "it is good as long as it is said to be"
    asset_id = url.path.removeprefix("/a/")
    assert desk.signed_audio(asset_id, **dict(parse_qsl(url.query))) == stored
    with pytest.raises(AccessDeniedError, match="does not fit"):
        desk.signed_audio(asset_id, expires="99999999999", signature="0" * 64)
    with pytest.raises(UnsafePathError):
        desk.signed_audio("../ledger", expires="1", signature="0")


def test_what_was_recalled_is_gone_for_every_way_to_it(desk: JobDesk, tools: JobTools) -> None:
    job = spoken(desk, tools)
    address = desk.address(job)
    assert address is not None
    recalled = recall_job(tools, job.id)
    assert desk.address(recalled) is None
    with pytest.raises(UnknownAssetError, match="recalled"):
        desk.audio(job.id, key_id="anna")
    url = urlsplit(address.url)
    with pytest.raises(UnknownAssetError):
        desk.signed_audio(url.path.removeprefix("/a/"), **dict(parse_qsl(url.query)))


def test_a_file_that_was_called_back_is_gone_before_it_is_removed(
    desk: JobDesk, tools: JobTools
) -> None:
    address = desk.address(spoken(desk, tools))
    assert address is not None
    url = urlsplit(address.url)
    asset_id, query = url.path.removeprefix("/a/"), dict(parse_qsl(url.query))
    recalled = {asset_id}
    calling_back = replace(desk, is_recalled=recalled.__contains__)
    with pytest.raises(UnknownAssetError, match="was recalled"):
        calling_back.signed_audio(asset_id, **query)
    with pytest.raises(AccessDeniedError, match="does not fit"):
        calling_back.signed_audio(asset_id, expires="99999999999", signature="0" * 64)
    recalled.clear()
    assert calling_back.signed_audio(asset_id, **query).asset_id == asset_id


def test_for_another_key_a_job_is_not_there(desk: JobDesk, tools: JobTools) -> None:
    job = spoken(desk, tools)
    for ask in (desk.find, desk.cancel, desk.audio):
        with pytest.raises(UnknownJobError):
            ask(job.id, key_id="ben")
    assert desk.page(key_id="ben", status=None, limit=5, after=None).jobs == []
    with pytest.raises(UnknownJobError):
        desk.page(key_id="ben", status=None, limit=5, after=job.id)


@pytest.mark.parametrize("job_id", ["", "../../etc", "job_1", "job_" + "0" * 31 + "\0"])
def test_what_no_job_is_called_is_put_to_no_database(desk: JobDesk, job_id: str) -> None:
    for ask in (desk.find, desk.cancel, desk.audio):
        with pytest.raises(UnknownJobError):
            ask(job_id, key_id="anna")
    with pytest.raises(UnknownJobError):
        desk.page(key_id="anna", status=None, limit=5, after=job_id)


def test_pages_follow_each_other(desk: JobDesk) -> None:
    made = [desk.submit(make_draft(number)).job.id for number in range(5)]
    first = desk.page(key_id="anna", status=JobStatus.QUEUED, limit=3, after=None)
    last = desk.page(key_id="anna", status=JobStatus.QUEUED, limit=3, after=first.jobs[-1].id)
    assert (first.has_more, last.has_more) == (True, False)
    assert {job.id for job in (*first.jobs, *last.jobs)} == set(made)
    assert desk.page(key_id="anna", status=JobStatus.FAILED, limit=3, after=None).jobs == []


def test_an_open_job_has_no_audio_and_can_be_cancelled_once_it_has_ended_not(
    desk: JobDesk, tools: JobTools
) -> None:
    job = desk.submit(make_draft()).job
    assert desk.address(job) is None
    with pytest.raises(SpeechRequestError) as refused:
        desk.audio(job.id, key_id="anna")
    assert refused.value.code == "job_has_no_output"
    assert desk.cancel(job.id, key_id="anna").status is JobStatus.CANCELLED
    ended = asyncio.run(run_jobs([desk.submit(make_draft(2)).job.id], tools))[0]
    with pytest.raises(SpeechRequestError) as refused:
        desk.cancel(ended.id, key_id="anna")
    assert refused.value.code == "job_ended"


def test_a_broker_that_is_away_is_told_and_the_job_is_one(tools: JobTools) -> None:
    queue = ListQueue()
    queue.away = True
    desk = make_desk(tools, queue)
    with pytest.raises(ExternalServiceError):
        desk.submit(make_draft())
    again = desk.submit(make_draft())
    assert again.replayed
    assert desk.page(key_id="anna", status=None, limit=5, after=None).jobs == [again.job]


def test_where_a_bucket_signs_this_service_signs_nothing(tools: JobTools) -> None:
    desk = make_desk(tools, ListQueue(), signer=None)
    with pytest.raises(AccessDeniedError):
        desk.signed_audio("a" * 40, expires="99999999999", signature="0" * 64)
