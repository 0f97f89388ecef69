"""Where marks lie."""

from __future__ import annotations

import re

from voxgate.reporting.pictures import WIDTH, draw_intervals, draw_spread
from voxgate.reporting.spread import Spread


def test_intervals_and_marks_share_one_axis() -> None:
    picture = draw_intervals(
        "word error rate",
        {"challenger": {"point": 0.1, "low": 0.05, "high": 0.2}},
        [("limit", 0.25)],
        name="wer",
    )
    row, mark = picture.rows[0], picture.marks[0]
    assert 0 < row.low < row.point < row.high < mark.x < WIDTH
    assert picture.words == "challenger 10.0 % [5.0, 20.0 %]; limit 25.0 %"
    assert [tick.text for tick in picture.ticks] == ["5 %", "10 %", "15 %", "20 %", "25 %"]


def test_a_histogram_counts_every_sample_and_stays_inside() -> None:
    spread = Spread(
        name="pace", title="pace", unit="1/s", real={"p5": 1.0, "p50": 2.0, "p95": 3.0},
        values={"challenger": (1.0, 2.0, 2.0, 9.0), "gold": ()},
    )  # fmt: skip
    picture = draw_spread(spread)
    assert [row.who for row in picture.rows] == ["challenger"]
    places = [float(x) for x in re.findall(r"[LH](-?[\d.]+)", picture.rows[0].path)]
    assert min(places) >= 0
    assert max(places) <= WIDTH
    assert picture.band is not None
    assert picture.band[0] < picture.band[1] < picture.band[2]


def test_one_value_for_everybody_is_drawn() -> None:
    values = {"challenger": (0.0, 0.0)}
    spread = Spread(name="clipped_share", title="clipped", unit="share", real={}, values=values)
    assert draw_spread(spread).rows[0].text == "challenger 0.0 % [0.0, 0.0 %]"
