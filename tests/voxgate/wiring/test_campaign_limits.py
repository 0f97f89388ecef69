from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.fakes.release_site import ReleaseSite
from tests.fakes.sentence_figures import wide_rules
from voxgate.campaigns.quality.calibration import (
    CalibrationSubject,
    QualityCalibration,
    Refusals,
    quality_code,
)
from voxgate.campaigns.quality.expected import SentenceKind
from voxgate.errors import NotCalibratedError
from voxgate.wiring.campaign_limits import find_limits, keep_limits
from voxgate.wiring.checkout import Checkout

SUBJECT = CalibrationSubject(voice="v" * 64, reference=None, preset="p" * 64, ears="e" * 64)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    site = ReleaseSite.create(tmp_path / "site", f"sqlite:///{tmp_path}/mlflow.db")
    return Checkout.open(site.root)


def made(slot: float = 0.2) -> QualityCalibration:
    return QualityCalibration(
        subject=SUBJECT,
        ears={},
        code=quality_code(),
        rules=wide_rules(slot=slot),
        own={SentenceKind.NAME: Refusals(refused=1, n=20)},
        bad={},
    )


def test_without_limits_there_is_nothing_to_judge_by(checkout: Checkout) -> None:
    with pytest.raises(NotCalibratedError, match="voxgate campaign calibrate"):
        find_limits(checkout, SUBJECT)


def test_another_machine_finds_them_in_the_store(checkout: Checkout) -> None:
    keep_limits(checkout, made())
    shutil.rmtree(checkout.workspace.state_dir / "quality")
    assert find_limits(checkout, SUBJECT) == made()


def test_a_campaign_keeps_the_limits_that_it_was_planned_with(checkout: Checkout) -> None:
    old, new = made(0.2), made(0.3)
    keep_limits(checkout, old)
    keep_limits(checkout, new)
    assert find_limits(checkout, SUBJECT) == new
    assert find_limits(checkout, SUBJECT, rules=old.rules.digest) == old
    shutil.rmtree(checkout.workspace.state_dir / "quality")
    assert find_limits(checkout, SUBJECT, rules=old.rules.digest) == old


def test_limits_that_nobody_kept_hold_the_campaign(checkout: Checkout) -> None:
    keep_limits(checkout, made(0.2))
    with pytest.raises(NotCalibratedError):
        find_limits(checkout, SUBJECT, rules=made(0.3).rules.digest)


def test_a_file_that_was_altered_is_not_what_was_planned(checkout: Checkout) -> None:
    keep_limits(checkout, made(0.2))
    for path in (checkout.workspace.state_dir / "quality").iterdir():
        path.write_text(path.read_text().replace("0.2", "0.9"), encoding="utf-8")
    with pytest.raises(NotCalibratedError, match="remove the file"):
        find_limits(checkout, SUBJECT, rules=made(0.2).rules.digest)
