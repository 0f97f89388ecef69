"""Speech jobs of what is called back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.memory import memory_folder
from tests.fakes.recall_site import BAD, GOOD, MODEL, RecallSite
from voxgate.campaigns.ports import Selector
from voxgate.campaigns.recall.jobs import recall_jobs, spoken_jobs
from voxgate.errors import StorageError
from voxgate.serving.jobs.records import JobStatus


@pytest.fixture
def site() -> Iterator[RecallSite]:
    with memory_folder() as folder:
        yield RecallSite(folder)


@pytest.mark.parametrize(
    ("selector", "is_named"),
    [
        ({"model": MODEL}, True),
        ({"model": MODEL, "version": BAD}, True),
        ({"model": MODEL, "version": GOOD}, False),
        ({"model": "voice-de", "version": BAD}, False),
        ({"preset": "plain@1"}, True),
        ({"preset": "plain@2"}, False),
        ({"model": MODEL, "profile": "anna"}, False),
        ({"model": MODEL, "campaign": "spring"}, False),
        ({"model": MODEL, "consent": "c" * 64}, False),
        ({"model": MODEL, "code": "k"}, False),
    ],
)
def test_a_job_is_called_back_by_what_it_was_spoken_with(
    site: RecallSite, selector: dict[str, Any], is_named: bool
) -> None:
    job, asset = site.job(1, version=BAD)
    store, assets = site.tools.store, site.tools.assets
    count = recall_jobs(store, assets, Selector(**selector), reason="it hisses")
    assert count == int(is_named)
    status = JobStatus.RECALLED if is_named else JobStatus.SUCCEEDED
    assert store.job(job).status is status
    assert (asset in site.on_disk()) == (not is_named)
    found = spoken_jobs(store, Selector(**selector), and_recalled=True)
    assert [one.id for one in found] == [job] * is_named
    assert recall_jobs(store, assets, Selector(**selector), reason="it hisses") == 0


@pytest.mark.parametrize(
    ("wanted", "is_named"), [("anna", True), ("anna@1", True), ("anna@2", False), ("ann", False)]
)
def test_a_profile_is_named_by_its_name_or_with_its_version(
    site: RecallSite, wanted: str, is_named: bool
) -> None:
    job, _ = site.job(1, version=BAD, profile="anna@1")
    site.job(2, version=BAD)
    found = spoken_jobs(site.tools.store, Selector(profile=wanted))
    assert [one.id for one in found] == [job] * is_named


def test_one_file_is_called_back_by_its_id(site: RecallSite) -> None:
    (job, asset), (other, _) = site.job(1, version=BAD), site.job(2, version=BAD)
    recall_jobs(site.tools.store, site.tools.assets, Selector(asset=asset), reason="it hisses")
    assert site.tools.store.job(job).status is JobStatus.RECALLED
    assert site.tools.store.job(other).status is JobStatus.SUCCEEDED


def test_a_file_that_cannot_be_removed_leaves_its_job_to_the_next_recall(site: RecallSite) -> None:
    class FullDisk:
        def remove_many(self, _ids: object) -> None:
            raise StorageError("the disk is full")

    job, _ = site.job(1, version=BAD)
    with pytest.raises(StorageError):
        recall_jobs(site.tools.store, FullDisk(), Selector(model=MODEL), reason="x")  # type: ignore[arg-type]
    assert site.tools.store.job(job).status is JobStatus.SUCCEEDED
    assert recall_jobs(site.tools.store, site.tools.assets, Selector(model=MODEL), reason="x") == 1
