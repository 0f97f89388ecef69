"""What is asked of the ledger before a bundle is written."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.release import standing, trade
from tests.fakes.evidence import make_evidence
from tests.fakes.release_site import ReleaseSite
from tests.tasks.release.test_trade import ruled
from voxgate.gate.standing import Standing
from voxgate.release.policy import Policy


@pytest.fixture(autouse=True)
def benchmark(release_site: ReleaseSite) -> None:
    (release_site.root / "benchmark").symlink_to(Path("benchmark").resolve())


def asked(site: ReleaseSite, version: int, policy: Policy | None = None) -> Standing:
    desk = site.desk if policy is None else replace(site.desk, policy=policy)
    book = desk.ledger.read(desk.model)
    return standing.state(desk, ruled(site), book, book.require(version), make_evidence())


def test_a_trade_goes_into_the_bundle_as_the_ledger_has_it(release_site: ReleaseSite) -> None:
    version = release_site.register(1)
    unsigned = asked(release_site, version).trade
    assert unsigned is not None
    assert unsigned.signed_by is None
    trade.sign(release_site.desk, ruled(release_site), by="anna", reason="likeness matters")
    signed = asked(release_site, version).trade
    assert signed is not None
    assert (signed.signed_by, signed.is_valid) == ("anna", True)


def test_who_is_known_by_another_name_as_the_trainer_has_not_signed(
    release_site: ReleaseSite,
) -> None:
    trade.sign(release_site.desk, ruled(release_site), by="anna", reason="likeness matters")
    version = release_site.register(1)
    same = replace(release_site.desk.policy, approvers={"anna": ["cron"]})
    found = asked(release_site, version, same).trade
    assert found is not None
    assert found.signed_by is None


def test_before_the_first_release_no_limit_is_looser(release_site: ReleaseSite) -> None:
    found = asked(release_site, release_site.register(1))
    assert (found.approved, found.loosened, found.changed) == (None, (), None)


def test_a_record_without_takes_is_doubted(release_site: ReleaseSite) -> None:
    workspace = release_site.desk.workspace
    assert standing.doubt_calibration(workspace, Standing()).calibration is None
    (release_site.root / "benchmark").unlink()
    folder = release_site.root / "benchmark"
    folder.mkdir()
    shutil.copy("benchmark/calibration.json", folder)
    doubted = standing.doubt_calibration(workspace, Standing())
    assert "are missing" in str(doubted.calibration)
