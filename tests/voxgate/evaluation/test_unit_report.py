from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.evidence import make_evidence
from voxgate.evaluation.evidence import Evidence, evidence_from_json
from voxgate.evaluation.report import render_report, report_metrics
from voxgate.evaluation.summary import summarise
from voxgate.evaluation.unit_report import say_tones


def in_unit(unit: str, *, errors: int = 0, toneless: int | None = None) -> Evidence:
    evidence = make_evidence(
        row=lambda _p, _k: {"word_errors": errors, "toneless_errors": toneless}
    )
    return replace(
        evidence,
        protocol={**evidence.protocol, "unit": unit},
        benchmark={**evidence.benchmark, "language": "zh"},
    )


@pytest.mark.parametrize(
    ("unit", "rate", "plural"),
    [
        ("syllable", "SER", "syllables with their tone"),
        ("kana", "KER", "kana as pronounced"),
        ("character", "CER", "characters as spoken, without spaces"),
    ],
)
def test_a_report_names_its_unit_and_never_calls_it_words(
    unit: str, rate: str, plural: str
) -> None:
    report = render_report(in_unit(unit, errors=1))
    assert f"| {rate} (corpus) | 10.00 % |" in report
    assert f"{rate} counts {plural}" in report
    assert report.count(plural) == 1
    assert f"{unit} errors" in report
    judged = report.replace("WER as published", "")
    assert "WER" not in judged


def test_a_report_in_words_is_what_it_was() -> None:
    report = render_report(make_evidence())
    assert "| WER (corpus) | 0.00 % | 2.00 % | - |" in report
    assert "counts" not in report
    assert {"unit", "wer_toneless"}.isdisjoint(report_metrics(make_evidence()))


@pytest.mark.parametrize(
    ("errors", "toneless", "said"),
    [
        (4, 0, "100 % of the errors disappear without tones: the syllables are clear and their"),
        (4, 4, "0 % of the errors disappear without tones: the sounds themselves are unclear"),
        (4, 2, "50 % of the errors disappear without tones: both tones and sounds are wrong"),
        (0, 0, "No more SER than real recordings"),
    ],
)
def test_wrong_tones_are_told_from_mumbling(errors: int, toneless: int, said: str) -> None:
    evidence = in_unit("syllable", errors=errors, toneless=toneless)
    assert said in render_report(evidence)
    assert f"| SER without tones (corpus) | {10 * toneless}.00 % |" in render_report(evidence)
    assert report_metrics(evidence)["wer_toneless"] == toneless / 10


def test_nothing_is_said_of_tones_where_there_are_none() -> None:
    evidence = in_unit("kana", errors=1)
    assert say_tones(summarise(evidence.rows), evidence.ceiling, evidence.unit) is None


def test_evidence_in_syllables_survives_a_round_trip_and_evidence_in_words_keeps_its_bytes() -> (
    None
):
    evidence = in_unit("syllable", errors=1, toneless=0)
    document = evidence.as_json()
    assert (document["schema"], document["rows"][0]["toneless_errors"]) == (4, 0)
    assert evidence_from_json(document, where="here") == evidence
    words = make_evidence().as_json()
    assert (words["schema"], "toneless_errors" in words["rows"][0]) == (3, False)
    assert "wer_toneless" not in summarise(make_evidence().rows).as_json()
