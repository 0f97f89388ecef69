"""What `evaluate` writes is the same wherever it speaks and listens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.stages.evaluate import evaluate
from tests.fakes.base_voice import write_base_voice
from tests.fakes.evaluation_work import Asking, Dying, SpeakingTones
from tests.fakes.evaluation_workspace import PROMPTS, EvaluationWorkspace
from tests.fakes.normaliser import LOWER
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.real_corpus import Recording, write_checkout
from tests.fakes.voice import ToneVoice
from voxgate.adapters.executors.instruments import (
    PooledEncoder,
    PooledPredictor,
    PooledRecogniser,
)
from voxgate.adapters.executors.processes import ProcessExecutor
from voxgate.evaluation.evidence import read_evidence
from voxgate.evaluation.known_clips import load_known_clips
from voxgate.evaluation.spoken import Line, Spoken
from voxgate.evaluation.synthesis import PooledVoice
from voxgate.executors import Executor, SerialExecutor, Work
from voxgate.params import load_params
from voxgate.stage import Workspace


def written(workspace: Workspace) -> dict[str, bytes]:
    """Return everything but how long it took."""
    folder = workspace.stage_dir("evaluate")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "timings.json"
    }


def evaluate_on(
    executor: Executor, root: Path, speaking: Work[Line, Spoken], *, deaf_to: str | None = None
) -> dict[str, bytes]:
    """Evaluate at toy size with instruments and voices that the executor's workers load."""
    site = EvaluationWorkspace(root)
    site.understand(ToneVoice())
    if deaf_to is not None:
        wave = next(w for w, heard in site.transcriber.script.items() if heard.text == deaf_to)
        site.transcriber.failing.add(wave)
    size = site.params.evaluate.batch_size
    evaluate(
        site.workspace,
        site.params,
        transcriber=PooledRecogniser(executor, Asking(site.transcriber), batch_size=size),
        encoder=PooledEncoder(executor, Asking(site.encoder), batch_size=size),
        quality=PooledPredictor(executor, Asking(FakeQualityPredictor()), batch_size=size),
        normaliser=LOWER,
        load_voice=lambda _: PooledVoice(executor, speaking),
    )
    return written(site.workspace)


@pytest.fixture
def two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXGATE_EXECUTOR", "processes")
    monkeypatch.setenv("VOXGATE_WORKERS", "2")


@pytest.mark.slow
@pytest.mark.parametrize("deaf_to", [None, PROMPTS["gate"][1]])
def test_evidence_is_the_same_here_and_in_two_processes(
    tmp_path: Path, two_workers: None, deaf_to: str | None
) -> None:
    here = evaluate_on(SerialExecutor(), tmp_path / "a", SpeakingTones(), deaf_to=deaf_to)
    with ProcessExecutor(2) as executor:
        there = evaluate_on(executor, tmp_path / "b", SpeakingTones(), deaf_to=deaf_to)
    assert there == here
    rows = read_evidence(tmp_path / "b" / "build" / "evaluate" / "evidence.json").rows
    faulty = [row for row in rows if row.fault is not None]
    assert len(faulty) == (0 if deaf_to is None else 1), "only the cause stays unmeasured"


@pytest.mark.slow
def test_evidence_is_the_same_when_a_worker_is_killed_while_it_speaks(
    tmp_path: Path, two_workers: None
) -> None:
    here = evaluate_on(SerialExecutor(), tmp_path / "a", SpeakingTones())
    died = tmp_path / "died"
    with ProcessExecutor(2) as executor:
        there = evaluate_on(executor, tmp_path / "b", Dying(PROMPTS["gate"][2], once=died))
    assert died.exists()
    assert there == here


@pytest.mark.slow
@pytest.mark.assets
@pytest.mark.usefixtures("assets_dir")
def test_a_real_voice_and_real_instruments_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = load_params(Path("params.yaml"))
    scoring = params.evaluate.model_copy(update={"gate_seeds": 1, "select_seeds": 1})
    params = params.model_copy(update={"evaluate": scoring})
    found = []
    for name in ("serial", "processes"):
        monkeypatch.setenv("VOXGATE_EXECUTOR", name)
        monkeypatch.setenv("VOXGATE_WORKERS", "2")
        workspace = real_checkout(tmp_path / name, gate=4)
        assert evaluate(workspace, params).accepted
        found.append(written(workspace))
    assert found[0].keys() == found[1].keys()
    assert [file for file in found[0] if found[0][file] != found[1][file]] == []


def real_checkout(
    root: Path, *, gate: int, write_voice: Callable[[Path], str] = write_base_voice
) -> Workspace:
    """Write a checkout of known clips, which the shipped base is to speak."""
    clips = load_known_clips(Path("benchmark/speakers"))
    held_out = {"centroid": 5, "validation": 3, "train": 3}
    recordings = [Recording(clip.text, clip.wave) for clip in clips[: 11 + 2 + gate]]
    write_checkout(root, recordings, benchmark=Path("benchmark"), select=2, held_out=held_out)
    workspace = Workspace(root)
    write_voice(workspace.stage_dir("train") / "checkpoints" / "step-000001")
    return workspace
