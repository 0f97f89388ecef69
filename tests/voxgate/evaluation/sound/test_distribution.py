from __future__ import annotations

from tests.fakes.evidence import make_row
from voxgate.evaluation.sound.catalogue import CATALOGUE
from voxgate.evaluation.sound.distribution import Spread, sound_rows, sound_spreads

ROWS = [make_row(n, 0, sound={"pace": float(n), "head_s": None}) for n in range(41)]


def test_a_spread_is_made_of_what_was_measured() -> None:
    assert sound_spreads(ROWS) == {"pace": Spread(samples=41, p5=2.0, median=20.0, p95=38.0)}


def test_every_measure_has_a_line_beside_real_recordings() -> None:
    lines = list(sound_rows(ROWS, {"pace": {"p1": 9.5, "p99": 17.25}}))
    assert len(lines) == len(CATALOGUE)
    assert ("letters a second of speech", "1/s", "20 [2, 38]", "9.5 to 17.25") in lines
    assert ("time before the first word", "s", "-", "-") in lines


def test_evidence_from_before_sound_has_no_spread() -> None:
    assert sound_spreads([make_row(0, 0, sound={})]) == {}
