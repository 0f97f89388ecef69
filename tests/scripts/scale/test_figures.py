"""The parts at fifty clips: both ways come to the same, and each is a line of the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.scale import figures
from scripts.scale.corpora import make_corpus
from scripts.scale.figures import main
from scripts.scale.measuring import Taken, measure
from scripts.scale.parts import PARTS

CLIPS = 50


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_corpus(tmp_path_factory.mktemp("corpus"), CLIPS).folder


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(part, marks=[pytest.mark.slow] if "expectations" in part else [])
        for part in PARTS
    ],
)
def test_both_ways_come_to_the_same(part: str, corpus: Path) -> None:
    now = measure(part, "now", corpus)
    assert now.outcome > 0
    assert now.peak_mib > 0
    if PARTS[part].before:
        assert measure(part, "before", corpus).outcome == now.outcome


def test_the_same_seed_makes_the_same_corpus(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_corpus(tmp_path / name, 5)
    one, two = (sorted((tmp_path / name).rglob("*.*")) for name in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    assert len(one) == 3


def test_each_part_runs_alone_and_is_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--clips", str(CLIPS), "--parts", "ingest: survey", "--work", str(tmp_path)])
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "survey" in line]
    cells = line.strip("| ").split(" | ")
    assert cells[:2] == ["ingest: survey", "50"]
    assert all(float(cell) >= 0 for cell in cells[2:])
    assert list(tmp_path.iterdir()) == []


def test_another_outcome_than_before_is_no_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measured(_part: str, way: str, _folder: Path) -> Taken:
        return Taken(cpu_s=1.0, peak_mib=1.0, own_mib=0.0, outcome=len(way))

    monkeypatch.setattr(figures, "measure_alone", measured)
    with pytest.raises(SystemExit, match="near copies: expected 6 as before, got 3"):
        main(["--clips", "5", "--parts", "validate: near copies", "--work", str(tmp_path)])
