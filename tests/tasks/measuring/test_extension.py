"""A later look: what was measured is taken, what is missing is spoken, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from tasks.measuring.extension import Sitting, covering
from tests.fakes.evaluation_workspace import PROMPTS, EvaluationWorkspace, prompt_id
from tests.fakes.evidence import make_evidence, make_row
from tests.fakes.normaliser import LOWER
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.seals import MemorySeals
from tests.fakes.voice import ToneVoice
from voxgate.errors import BundleError, GateError
from voxgate.evaluation.evidence import Evidence, read_evidence
from voxgate.evaluation.records import recording_path
from voxgate.evaluation.self_test import run_self_test
from voxgate.files import digest_bytes
from voxgate.stage import Workspace

BENCHMARK = {"digest": "b" * 64, "gate_seeds": 3}


def of(block: int, **changes: object) -> Evidence:
    """Return evidence of one block of two prompts."""
    numbers = (2 * block, 2 * block + 1)
    rows = tuple(make_row(n, k) for n in numbers for k in range(3))
    ids = [f"p{n:03d}" for n in numbers]
    benchmark = {**BENCHMARK, "gate_prompts": ids, "blocks": {str(block): ids}}
    evidence = make_evidence(prompts=0, rows=rows, expected_items=6, benchmark=benchmark)
    return replace(evidence, **changes)  # type: ignore[arg-type]


class Speaking:
    """Measures one block at a time, and remembers which."""

    def __init__(self, **changes: object) -> None:
        self.asked: list[tuple[int, ...]] = []
        self.changes = changes

    def __call__(self, _package: Path, blocks: tuple[int, ...]) -> Evidence:
        self.asked.append(blocks)
        (block,) = blocks
        return of(block, model={"checkpoint": "rival", "digest": "another name"}, **self.changes)


@pytest.fixture
def registered(tmp_path: Path) -> Path:
    path = tmp_path / "registered" / "evidence.json"
    of(1).write(path)
    return path


Cover = Callable[[set[int], Speaking], Path]


@pytest.fixture
def cover(tmp_path: Path, registered: Path) -> Cover:
    seals = MemorySeals()

    def cover(blocks: set[int], speaking: Speaking) -> Path:
        return covering(
            Workspace(tmp_path),
            registered,
            blocks,
            package=lambda: tmp_path,
            measure=speaking,
            seals=seals,
        )

    return cover


def test_evidence_that_covers_the_look_is_taken_as_it_is(cover: Cover, registered: Path) -> None:
    speaking = Speaking()
    assert cover({1}, speaking) == registered
    assert speaking.asked == []


def test_only_the_missing_block_is_spoken_and_only_once(cover: Cover, registered: Path) -> None:
    speaking = Speaking()
    path = cover({1, 2}, speaking)
    longer = read_evidence(path)
    assert longer.blocks == {1, 2}
    assert longer.expected_items == longer.evaluated_items == 12
    assert longer.model == read_evidence(registered).model
    assert cover({1, 2}, speaking) == path
    assert read_evidence(cover({1, 2, 3}, speaking)).blocks == {1, 2, 3}
    assert speaking.asked == [(2,), (3,)]


def test_kept_evidence_that_was_edited_is_measured_again(
    cover: Cover, caplog: pytest.LogCaptureFixture
) -> None:
    speaking = Speaking()
    path = cover({1, 2}, speaking)
    honest = path.read_bytes()
    path.write_bytes(honest.replace(b'"similarity":0.', b'"similarity":0.9'))
    assert path.read_bytes() != honest
    assert cover({1, 2}, speaking).read_bytes() == honest
    assert speaking.asked == [(2,), (2,)]
    assert "is not what the ledger says was measured" in caplog.text


def test_what_was_measured_in_another_frame_is_not_joined(cover: Cover) -> None:
    with pytest.raises(BundleError, match="cannot be joined"):
        cover({1, 2}, Speaking(centroid={"clips": 3, "digest": "another speaker"}))


def test_a_sitting_tests_its_instruments_once_and_speaks_no_select_prompt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, voice = EvaluationWorkspace(tmp_path / "checkout"), ToneVoice()
    site.understand(voice)
    _wire(monkeypatch, site, voice)
    sitting = Sitting(workspace=site.workspace, params=site.params.evaluate)
    packages = sorted((site.workspace.stage_dir("train") / "checkpoints").iterdir())
    tests: list[object] = []
    monkeypatch.setattr(
        "tasks.measuring.self_testing.run_self_test",
        lambda *args, **bounds: tests.append(args) or run_self_test(*args, **bounds),
    )
    evidence = [sitting(package, (1,)) for package in packages]
    assert len(tests) == 1
    assert {row.prompt_id for row in evidence[0].rows} == set(map(prompt_id, PROMPTS["gate"]))
    assert evidence[0].blocks == {1}
    assert evidence[0].evaluated_items == len(PROMPTS["gate"]) * 3
    assert evidence[0].frame_digest == evidence[1].frame_digest
    assert all(text not in PROMPTS["select"] for text, _ in voice.calls)
    for row in evidence[0].rows:
        pcm, _ = soundfile.read(
            recording_path(site.workspace.recordings_dir, str(row.audio_sha256)), dtype="int16"
        )
        assert digest_bytes(pcm.tobytes()) == row.audio_sha256


def test_instruments_that_fail_their_self_test_measure_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = EvaluationWorkspace(tmp_path / "checkout")
    site.transcriber = FakeRecogniser()
    _wire(monkeypatch, site, ToneVoice())
    sitting = Sitting(workspace=site.workspace, params=site.params.evaluate)
    with pytest.raises(GateError, match="no score counts"):
        sitting(next((site.workspace.stage_dir("train") / "checkpoints").iterdir()), (1,))


def _wire(patch: pytest.MonkeyPatch, site: EvaluationWorkspace, voice: ToneVoice) -> None:
    patch.setattr("voxgate.wiring.evaluators.build_recogniser", lambda *_, **__: site.transcriber)
    patch.setattr("voxgate.wiring.evaluators.build_speaker_encoder", lambda *_: site.encoder)
    patch.setattr(
        "voxgate.wiring.evaluators.build_quality_predictor", lambda _: FakeQualityPredictor()
    )
    patch.setattr("voxgate.wiring.evaluators.text_normaliser", lambda *_: LOWER)
    patch.setattr("voxgate.speaking.load_voice", lambda *_, **__: voice)
