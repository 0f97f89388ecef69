from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.sentence_figures import figures
from voxgate.campaigns.quality import calibration as module
from voxgate.campaigns.quality.calibration import (
    CalibrationSubject,
    QualityCalibration,
    Refusals,
    Sample,
    calibrate,
    read_calibration,
    write_calibration,
)
from voxgate.campaigns.quality.expected import SentenceKind
from voxgate.errors import NotCalibratedError

SUBJECT = CalibrationSubject(voice="a" * 64, reference=None, preset="b" * 64, ears="c" * 64)


@pytest.fixture(autouse=True)
def code(monkeypatch: pytest.MonkeyPatch) -> None:
    """The import graph takes seconds; what the code is called is not what is tested here."""
    monkeypatch.setattr(module, "quality_code", lambda: "d" * 64)


def made(lucky: float = 0.1) -> QualityCalibration:
    names = [
        Sample(origin=n, figures=figures(kind=SentenceKind.NAME, slot_distance=0.01 * n))
        for n in range(8)
    ]
    frames = [
        Sample(origin=8 + n, figures=figures(slot_distance=0.0, pause_s=lucky)) for n in range(8)
    ]
    far = [Sample(origin=n, figures=figures(slot_distance=0.8)) for n in range(8)]
    return calibrate([*names, *frames], {"far": far}, subject=SUBJECT, ears={"transcriber": "t"})


def test_refusals_are_counted_for_each_kind_on_what_was_held_out() -> None:
    calibration = made()
    assert calibration.bad == {"far": Refusals(refused=8, n=8)}
    assert {kind: one.n for kind, one in calibration.own.items()} == {
        SentenceKind.FRAME: 8,
        SentenceKind.NAME: 8,
    }
    assert calibration.own_refusals.n == 16


def test_an_outlier_is_refused_where_it_was_held_out() -> None:
    """Chosen with it, the limit would lie beyond it; so a rate without folds would be too low."""
    good = [Sample(origin=n, figures=figures(pause_s=0.1 + 0.001 * n)) for n in range(15)]
    good.append(Sample(origin=15, figures=figures(pause_s=5.0)))
    bad = [Sample(origin=n, figures=figures("endless")) for n in range(8)]
    calibration = calibrate(good, {"endless": bad}, subject=SUBJECT, ears={})
    assert calibration.own[SentenceKind.FRAME].refused >= 1
    assert calibration.rules.limits["pause"] > 5.0


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "quality" / "one.json"
    write_calibration(path, made())
    assert read_calibration(path, SUBJECT) == made()
    assert read_calibration(path, SUBJECT).ears == {"transcriber": "t"}


def test_without_a_record_nothing_is_checked(tmp_path: Path) -> None:
    with pytest.raises(NotCalibratedError, match="voxgate campaign calibrate"):
        read_calibration(tmp_path / "none.json", SUBJECT)


@pytest.mark.parametrize("field", ["voice", "reference", "preset", "ears"])
def test_limits_of_another_subject_hold_the_campaign(tmp_path: Path, field: str) -> None:
    path = tmp_path / "one.json"
    write_calibration(path, made())
    other = replace(SUBJECT, **{field: "e" * 64})
    assert other.digest != SUBJECT.digest
    with pytest.raises(NotCalibratedError, match=f"another {field} .*expected eeeeeeeeeeee"):
        read_calibration(path, other)


def test_limits_of_other_code_hold_the_campaign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.json"
    write_calibration(path, made())
    monkeypatch.setattr(module, "quality_code", lambda: "e" * 64)
    with pytest.raises(NotCalibratedError, match="another code dddddddddddd"):
        read_calibration(path, SUBJECT)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"schema": 2}'])
def test_a_broken_record_holds_the_campaign(tmp_path: Path, text: str) -> None:
    path = tmp_path / "one.json"
    path.write_text(text)
    with pytest.raises(NotCalibratedError, match="no calibration of schema 1"):
        read_calibration(path, SUBJECT)


def test_a_record_without_one_of_the_limits_holds_the_campaign(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    document = made().as_json()
    del document["rules"]["limits"]["slot"]
    path.write_text(json.dumps(document))
    with pytest.raises(NotCalibratedError, match="slot"):
        read_calibration(path, SUBJECT)


def test_a_share_has_its_exact_bounds() -> None:
    interval = Refusals(refused=0, n=40).interval
    assert (interval.point, interval.low) == (0.0, 0.0)
    assert abs(interval.high - 0.0881) < 1e-3
