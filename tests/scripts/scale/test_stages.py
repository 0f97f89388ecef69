"""Whole stages, each alone: what they took comes back, and what more clips cost is beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.scale import stages
from scripts.scale.splices import Splicer
from scripts.scale.stages import Taken, main, measure
from tests.fakes.recordings import (
    list_recording,
    make_tone,
    write_audio,
    write_data,
    write_data_dvc,
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    recordings = [list_recording(str(number)) for number in range(12)]
    for number, recording in enumerate(recordings):
        tone = make_tone(1.5, hz=200.0 + 50 * number)
        write_audio(tmp_path / "data" / recording.path, tone)
    write_data(tmp_path, recordings, speakers=["tone"])
    return tmp_path / "data"


@pytest.mark.slow
def test_a_stage_runs_alone_with_its_workers(data: Path, tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    params = stages.load_params(stages.ROOT / "params.yaml")
    stages.write_checkout(root, Splicer.of(data, params.ingest), 5)
    taken = measure("ingest", root)
    assert taken.accepted
    assert taken.cpu_s > 0
    assert taken.peak_mib > 50
    assert (root / "build" / "ingest" / "clips.parquet").is_file()


def test_each_stage_is_a_line_with_what_more_clips_cost(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    took = iter([100.0, 200.0, 100.0, 1.0, 2.0, 5.0])

    def measured(_stage: str, _root: Path) -> Taken:
        return Taken(cpu_s=next(took), wall_s=9.0, peak_mib=300.0, worker_mib=200.0, accepted=True)

    monkeypatch.setattr(stages, "measure", measured)
    assert main([str(data), "--clips", "100", "--work", str(tmp_path)]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    assert lines[1:] == [
        "| ingest | 100 | 1000.00 | 9 | 300, 200 | 1.0 | 1.0% |",
        "| validate | 100 | 2000.00 | 9 | 300, 200 | 2.0 | 1.0% |",
        "| featurize | 100 | 1000.00 | 9 | 300, 200 | 5.0 | 5.0% |",
        "| all | 100 | 4000.00 | | | 8.0 | 2.0% |",
    ]


def test_a_stage_that_refused_has_no_figure(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "checkout"
    params = stages.load_params(stages.ROOT / "params.yaml")
    stages.write_checkout(root, Splicer.of(data, params.ingest), 5)
    (root / "data" / "consent.yaml").write_text("{}\n")
    write_data_dvc(root)
    with pytest.raises(SystemExit, match="ingest refused"):
        measure("ingest", root)
