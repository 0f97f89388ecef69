from __future__ import annotations

from datetime import date

import pytest

from tasks.release.approve import approve
from tasks.release.drift_page import drift_page
from tests.fakes.release_site import ReleaseSite
from tests.fakes.releases import make_check
from voxgate.errors import UnknownVersionError
from voxgate.release.drift import DEVIATIONS, WORST
from voxgate.release.monitoring import record_check

LAST = date(2026, 11, 25)


def test_the_page_shows_the_days_of_the_live_version_and_what_they_add_up_to(
    release_site: ReleaseSite,
) -> None:
    version = release_site.offer(1)
    approve(release_site.desk, version, by="anna", reason="sounds right")
    for day in range(21, 26):
        figures = {
            DEVIATIONS: {"wer": 2.8},
            WORST: [{"prompt": "en-plain-01"}],
            "today": {"wer": {"point": 0.21}},
        }
        check = make_check(day, figures=figures)
        release_site.desk.append(lambda book, _now, c=check: record_check(book, version, c))
    page = drift_page(release_site.desk, LAST)
    assert f"version {version}: wer drifts since 2026-11-21" in page
    assert "<h1>Look here</h1>" in page
    assert page.count("wer 0.210") == 5
    assert "en-plain-01" in page


def test_where_nothing_is_live_there_is_nothing_to_watch(release_site: ReleaseSite) -> None:
    with pytest.raises(UnknownVersionError, match=r"nothing of .* is live"):
        drift_page(release_site.desk, LAST)
