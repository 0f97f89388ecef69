from dataclasses import replace

from tests.fakes.evidence import make_evidence, noisy_rows
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.gate.side_by_side import Comparison, compare_evidence, render_comparison

FIRST, SECOND = (make_evidence(row=noisy_rows(seed)) for seed in (1, 2))


def compared(first: Evidence, second: Evidence) -> Comparison:
    return compare_evidence(first, second, draws=1000, seed=7, confidence=0.95)


def test_the_sound_of_both_and_its_difference_are_shown() -> None:
    table = compared(FIRST, SECOND)
    assert table.differences is not None
    for name in (*MEASURES, "critical"):
        if name == "outside_db":  # beside a rival it counts within bounds
            continue
        expected = table.second[name].point - table.first[name].point
        assert abs(table.differences[name].point - expected) < 2e-6
    assert "\noutside_db  " in render_comparison(table)


def test_evidence_without_sound_is_still_compared_by_its_words() -> None:
    rows = [replace(row, sound={}, critical_words=None, critical_errors=None) for row in FIRST.rows]
    table = compared(replace(FIRST, rows=rows), SECOND)
    assert table.differences is not None
    assert "wer" in table.differences
    assert "pace" not in table.differences
    (line,) = [one for one in render_comparison(table).splitlines() if one.startswith("pace")]
    assert line.split()[1] == "-"
    assert line.split()[-1] == "-"


def test_rates_of_syllables_are_not_called_word_error_rates() -> None:
    first, second = (
        replace(each, protocol={**each.protocol, "unit": "syllable"}) for each in (FIRST, SECOND)
    )
    text = render_comparison(compared(first, second))
    assert "\nser  " in text
    assert "\nwer  " not in text
    assert "\nwer  " in render_comparison(compared(FIRST, SECOND))
