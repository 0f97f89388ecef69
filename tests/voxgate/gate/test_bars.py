from dataclasses import replace

from tests.fakes.evidence import make_evidence, make_row, make_thresholds
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.gate.bars import measure_bars, render_bars
from voxgate.gate.criterion import Ruling
from voxgate.gate.sound_limits import SOUND_LIMITS


def test_every_floor_is_shown_with_its_bounds_and_how_it_was_measured() -> None:
    shown = render_bars(make_evidence(), make_thresholds(), real_time_factor=0.02)
    head, _, *table = shown.splitlines()
    assert "60 gate prompts x 3 seeds, 180 samples" in head
    assert [line.split(" | ")[0] for line in table[2:]] == [
        "| wer_floor",
        "| catastrophe_floor",
        "| similarity_floor",
        "| stranger_floor",
        "| sound_floor",
        *(f"| {SOUND_LIMITS[name].code}_floor" for name in MEASURES),
        "| real_time_factor",
    ]
    assert table[2].startswith("| wer_floor | 25.0 % | ")
    assert table[2].endswith(" %] | PASS |")
    assert table[-1] == "| real_time_factor | | 0.02 | |"


def test_incomplete_evidence_has_no_numbers() -> None:
    evidence = make_evidence()
    rows = [replace(make_row(0, 0), fault="crashed"), *evidence.rows[1:]]
    bars = measure_bars(replace(evidence, rows=rows), make_thresholds())
    assert {bar.ruling for bar in bars} == {Ruling.HOLD}
    shown = render_bars(replace(evidence, rows=rows), make_thresholds(), real_time_factor=None)
    assert "could not be measured: p000-0" in shown
    assert "25.0 %" not in shown
