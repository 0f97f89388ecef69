from tests.fakes.evidence import make_calibration, make_evidence, make_thresholds, noisy_rows
from voxgate.evaluation.sound.catalogue import CATALOGUE
from voxgate.gate.report import render_verdict
from voxgate.gate.sound_report import sound_rows
from voxgate.gate.verdict import Case, judge

EVIDENCE = make_evidence(row=noisy_rows(1))


def case(**rivals: bool) -> Case:
    return Case(
        challenger=EVIDENCE,
        thresholds=make_thresholds(),
        rivals={name: make_evidence(row=noisy_rows(2)) for name in rivals},
        calibration=make_calibration(wer_standard_error=0.007),
    )


def test_every_measure_stands_beside_each_rival_with_difference_margin_and_ruling() -> None:
    both = case(champion=True, gold=True)
    header, *rows = sound_rows(both, judge(both))
    assert header[4:] == (
        "champion", "minus champion", "margin", "ruling", "gold", "minus gold", "margin", "ruling",
    )  # fmt: skip
    assert {len(row) for row in rows} == {len(header)}
    titles = [row[0] for row in rows]
    assert titles[:-2] == [f"{measure.title} ({measure.unit})" for measure in CATALOGUE]
    level = rows[0]
    assert level[2:4] == ("-23.5 to -22", "PASS")
    assert (level[6], level[7]) == ("1.5", "PASS")
    assert level[4:8] == level[8:]
    assert rows[-1][5:8] == ("p = 1", "-", "PASS")


def test_without_a_rival_only_the_floors_are_shown() -> None:
    alone = case()
    header, *rows = sound_rows(alone, judge(alone))
    assert {len(row) for row in rows} == {len(header)} == {4}


def test_the_table_is_part_of_the_report() -> None:
    one = case(champion=True)
    report = render_verdict(one, judge(one))
    assert (
        "## Sound\n\n| of the sound | challenger | real recordings | floor | champion |" in report
    )
    assert "| pace | " not in report
    assert "| letters a second of speech (1/s) | 1" in report
