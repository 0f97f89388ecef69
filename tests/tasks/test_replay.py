"""The real instruments on real recordings: what a PASS looks like, and what must not pass."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.measuring.drill import Parts, drill
from tasks.measuring.setup import build_instruments
from tasks.release.gate import gate
from tasks.stages.evaluate import evaluate
from tests.fakes.real_corpus import HELD_OUT, read_corpus, write_checkout
from tests.fakes.remembering import RememberingEncoder, RememberingTranscriber
from voxgate.evaluation.drills.bad_voices import FAULTS
from voxgate.evaluation.drills.damage.timing import silence
from voxgate.evaluation.drills.sources import Sources
from voxgate.evaluation.evidence import read_evidence
from voxgate.evaluation.protocol import Instruments
from voxgate.gate.criterion import Ruling
from voxgate.params import Params, load_params
from voxgate.stage import Workspace
from voxgate.types import Wave
from voxgate.voice.replay import ReplayVoice, write_replay

pytestmark = [pytest.mark.assets, pytest.mark.slow]

# Few, because Whisper costs a second a clip; without a catastrophe 20 bound the rate at 14.4 %.
GATE_PROMPTS, SELECT_PROMPTS = 20, 2
UNSOUND = {"pitch shift", "silence", "faster", "noise after"}


@pytest.fixture(scope="module")
def corpus() -> Path:
    data = Path("data")
    if not (data / "manifest.csv").is_file():
        reason = "data/manifest.csv is missing: run `make setup` (or `voxgate corpus fetch`)"
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail(reason)
        pytest.skip(reason)
    return data


@pytest.fixture(scope="module")
def checkout(
    tmp_path_factory: pytest.TempPathFactory, corpus: Path
) -> tuple[Workspace, dict[str, Wave]]:
    root = tmp_path_factory.mktemp("checkout")
    recordings = read_corpus(corpus, limit=sum(HELD_OUT.values()) + SELECT_PROMPTS + GATE_PROMPTS)
    prompts = write_checkout(root, recordings, benchmark=Path("benchmark"), select=SELECT_PROMPTS)
    return Workspace(root), prompts


@pytest.fixture(scope="module")
def params() -> Params:
    params = load_params(Path("params.yaml"))
    changes = {"prompts": "prompts.en.jsonl", "gate_seeds": 1, "select_seeds": 1}
    return params.model_copy(
        update={
            "evaluate": params.evaluate.model_copy(update=changes),
            "gate": params.gate.model_copy(update={"min_prompts": GATE_PROMPTS}),
        }
    )


@pytest.fixture(scope="module")
def instruments(params: Params, assets_dir: Path) -> Instruments:
    """Return those that params.yaml names, loaded once, and told each clip once."""
    assert assets_dir.is_dir()
    built = build_instruments(params.evaluate)
    return replace(
        built,
        transcriber=RememberingTranscriber(built.transcriber),
        encoder=RememberingEncoder(built.encoder),
    )


def judged(
    checkout: tuple[Workspace, dict[str, Wave]],
    params: Params,
    instruments: Instruments,
    folder: Path,
    *,
    damage: Callable[[Wave], Wave] = lambda wave: wave,
    name: str,
) -> tuple[Ruling, set[str]]:
    workspace, prompts = checkout
    voice = ReplayVoice({text: damage(wave) for text, wave in prompts.items()})
    card = workspace.stage_dir("train") / "checkpoints" / "step-000001" / "voice.json"
    card.write_text(f'{{"consent_scope": "evaluation", "name": "{name}"}}')
    evaluate(
        workspace,
        params,
        transcriber=instruments.transcriber,
        encoder=instruments.encoder,
        quality=instruments.quality,
        load_voice=lambda _: voice,
    )
    verdict = gate(workspace, params, folder=folder)
    return verdict.ruling, {reason.code for reason in verdict.reasons}


def test_real_recordings_of_the_speaker_pass_the_floors(
    checkout: tuple[Workspace, dict[str, Wave]],
    params: Params,
    instruments: Instruments,
    tmp_path: Path,
) -> None:
    ruling, codes = judged(checkout, params, instruments, tmp_path / "b", name="real")
    evidence = read_evidence(checkout[0].stage_dir("evaluate") / "evidence.json")
    assert evidence.self_test["passed"] is True
    assert evidence.evaluated_items == GATE_PROMPTS
    assert evidence.ceiling["wer"] < 0.15
    assert evidence.impostor_floor["similarity"] < 0.75 < evidence.ceiling["similarity"]
    assert (ruling, codes) == (Ruling.PASS, set())


def truncated(wave: Wave) -> Wave:
    return wave[: len(wave) // 3]


@pytest.mark.parametrize("damage", [truncated, silence])
def test_damaged_recordings_are_blocked(
    checkout: tuple[Workspace, dict[str, Wave]],
    params: Params,
    instruments: Instruments,
    tmp_path: Path,
    damage: Callable[[Wave], Wave],
) -> None:
    ruling, codes = judged(
        checkout, params, instruments, tmp_path / "b", damage=damage, name=damage.__name__
    )
    assert ruling is Ruling.FAIL
    assert {"wer_floor", "catastrophe_floor"} <= codes


def test_recordings_that_only_sound_wrong_do_not_pass_for_the_sound_ones(
    checkout: tuple[Workspace, dict[str, Wave]],
    params: Params,
    instruments: Instruments,
    tmp_path: Path,
) -> None:
    """WER stays in its margin in three of them: another voice, another pace, noise at the end."""
    workspace, prompts = checkout
    write_replay(tmp_path / "replay", prompts, consent_scope="evaluation")

    def sources(_package: Path, replay: ReplayVoice, _strangers: object) -> Sources:
        return Sources(
            voice=replay,
            replay=replay,
            hurried=replay,
            stranger=replay,
            foreign=[],
            reference_text="none",
            digest="none",
        )

    report = drill(
        workspace,
        params,
        takes=2,
        prompts=GATE_PROMPTS,
        voice=tmp_path / "replay",
        parts=Parts(
            instruments=instruments,
            build_sources=sources,
            faults=[fault for fault in FAULTS if fault.name in UNSOUND],
        ),
    )
    assert {result.fault.name for result in report.faults if result.blocked} == UNSOUND
    assert report.itself.passed == report.itself.runs
    assert report.passed
