from __future__ import annotations

import pytest

from scripts.load.generator import Point, Sent
from scripts.load.machine import Watch
from scripts.load.rows import Bound, Row, Ruling, at_least, at_most, exactly, first_audio
from scripts.load.wire import Answer


def point_of(lateness_s: float, *firsts_s: float) -> Point:
    sent = []
    for number, first_s in enumerate(firsts_s):
        answer = Answer(
            status=200,
            headers={},
            body=b"",
            sha256="",
            arrivals=((first_s, 2),),
            ended_at_s=first_s,
            is_whole=True,
        )
        sent.append(Sent(number=number, planned_s=0.0, started_s=lateness_s, answer=answer))
    return Point(sent=tuple(sent), observed=Watch().read())


@pytest.mark.parametrize(
    ("target", "value", "ruling"),
    [
        (at_most(60), 60.0, Ruling.MET),
        (at_most(60), 60.1, Ruling.MISSED),
        (at_least(300), 300.0, Ruling.MET),
        (at_least(300), 299.0, Ruling.MISSED),
        (exactly(0), 0.0, Ruling.MET),
        (exactly(0), 1.0, Ruling.MISSED),
        (at_most(60), None, Ruling.UNMEASURED),
        (None, None, Ruling.UNMEASURED),
        (None, 3.0, Ruling.OPEN),
    ],
)
def test_a_target_is_met_missed_or_not_measured(
    target: Bound | None, value: float | None, ruling: Ruling
) -> None:
    row = Row(scenario="L1", what="x", value=value, target=target, note="a reason")
    assert row.ruling is ruling


def test_percentiles_are_told_in_milliseconds_with_their_count() -> None:
    [row] = first_audio("L2", "5/s", point_of(0.0, 0.05, 0.07, 0.09), [(50, at_most(80))])
    assert (row.what, row.value, row.unit, row.count, row.ruling) == (
        "5/s: first audio, p50", pytest.approx(70), "ms", 3, Ruling.MET,
    )  # fmt: skip


def test_what_a_late_generator_found_is_not_measured() -> None:
    [row] = first_audio("L2", "5/s", point_of(0.02, 0.05), [(50, at_most(80))])
    assert row.ruling is Ruling.UNMEASURED
    assert "20.0 ms late" in row.note


def test_what_was_not_measured_says_why() -> None:
    with pytest.raises(ValueError, match="does not say why"):
        Row(scenario="L1", what="x", value=None)
