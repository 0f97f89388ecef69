"""`drill`: let voices with one fault each try to pass the gate, and a sound one against itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tasks.measuring.calibrate import AA_SEED, NOISE_RUNS
from tasks.measuring.drill_report import DrillReport
from tasks.measuring.drill_session import BuildSources, DrillSession
from tasks.measuring.setup import build_evaluation, build_instruments, open_executor
from tasks.measuring.takes import choose_voice, measure_takes
from tasks.measuring.thresholds import build_thresholds, calibration_path, read_calibration
from voxgate.errors import GateError
from voxgate.evaluation.drills.bad_voices import FAULTS
from voxgate.evaluation.drills.faults import Fault
from voxgate.evaluation.drills.sources import Sources
from voxgate.evaluation.evaluation import Evaluation
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.known_clips import KnownClip
from voxgate.evaluation.protocol import Instruments
from voxgate.evaluation.synthesis import Speaker
from voxgate.gate.calibrated import bind
from voxgate.gate.calibration import Calibration
from voxgate.gate.noise import measure_noise
from voxgate.gate.thresholds import Thresholds
from voxgate.params import Params
from voxgate.stage import Workspace
from voxgate.voice.replay import ReplayVoice

__all__ = ["Parts", "drill"]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a drill works with; None is built as params.yaml and the voice package say."""

    instruments: Instruments | None = None
    load_voice: Callable[[Path], Speaker] | None = None
    build_sources: BuildSources | None = None
    faults: Sequence[Fault] = FAULTS


_AS_CONFIGURED = Parts()


def drill(
    workspace: Workspace,
    params: Params,
    *,
    takes: int,
    prompts: int | None = None,
    voice: Path | None = None,
    only: Collection[str] = (),
    tell: Callable[[str], None] = lambda _line: None,
    parts: Parts = _AS_CONFIGURED,
) -> DrillReport:
    """Judge bad copies of a voice against the sound one; nothing is written but caches.

    Args:
        workspace: the checkout; build/ frames the scores.
        params: instruments, seeds a prompt, and the rules of the gate.
        takes: samples a prompt that A/A runs are drawn from.
        prompts: of the gate; None is all of them, judged with the committed calibration record. A
            part of them is another benchmark: its noise is measured here.
        voice: a voice package; None is the checkpoint that `evaluate` chose.
        only: names of the bad voices to drill; none of them is all.
        tell: is told how the drill gets on, a line at a time.
        parts: what is not built as params.yaml says.

    Raises:
        GateError: all prompts are asked for and there is no calibration record; too few takes; no
            bad voice has a name of `only`.
        StageError: an earlier stage has not run, or there is no voice.
        EvaluatorError: the self-test failed, or a sample could not be measured.
    """
    faults = _named(parts.faults, only)
    chosen = choose_voice(workspace, voice)
    with open_executor() as executor:
        evaluation = build_evaluation(
            workspace,
            params.evaluate,
            parts.instruments or build_instruments(params.evaluate, executor=executor),
            executor=executor,
            checkpoints=[chosen],
            load_voice=parts.load_voice,
        )
        thresholds = build_thresholds(workspace, params)
        record = _committed(workspace, params.evaluate.language) if prompts is None else None
        if prompts is not None:
            evaluation = replace(evaluation, benchmark=evaluation.benchmark.shortened(prompts))
            thresholds = _shortened(thresholds, evaluation)
        measured = measure_takes(workspace, params.evaluate, evaluation, chosen, takes=takes)
        session = DrillSession(
            evaluation=evaluation,
            thresholds=thresholds,
            measured=measured,
            calibration=record or _of_today(measured.evidence, thresholds),
            threads=params.evaluate.threads,
            tell=tell,
        )
        build = parts.build_sources or _packaged_sources(workspace, params)
        left_out = len(parts.faults) - len(faults)
        return session.report(build, faults=faults, takes=takes, left_out=left_out)


def _named(faults: Sequence[Fault], only: Collection[str]) -> Sequence[Fault]:
    names = [fault.name for fault in faults]
    unknown = [name for name in only if name not in names]
    if unknown:
        raise GateError(f"no bad voice {unknown[0]!r}; expected one of {', '.join(names)}")
    return [fault for fault in faults if not only or fault.name in only]


def _of_today(takes: Evidence, thresholds: Thresholds) -> Calibration:
    noise = measure_noise(takes, thresholds, runs=NOISE_RUNS, seed=AA_SEED)
    return bind(noise, takes, thresholds, measured_at="in this drill", command="voxgate drill")


def _committed(workspace: Workspace, language: str) -> Calibration:
    record = read_calibration(workspace, language)
    if record is None:
        raise GateError(
            f"{calibration_path(workspace, language)} is missing: without it the gate holds "
            "whatever comes; run `voxgate calibrate`, or drill on a part of the prompts with "
            "--prompts"
        )
    return record


def _shortened(thresholds: Thresholds, evaluation: Evaluation) -> Thresholds:
    """Return the same rules for fewer prompts; only their number may be smaller."""
    prompts = tuple(prompt.id for prompt in evaluation.gate_prompts)
    return replace(
        thresholds,
        prompts=prompts,
        benchmark_digest=evaluation.benchmark.digest,
        min_prompts=min(thresholds.min_prompts, len(prompts)),
    )


def _packaged_sources(workspace: Workspace, params: Params) -> BuildSources:
    from voxgate.settings import load_settings
    from voxgate.wiring.bad_voices import build_sources

    def build(package: Path, replay: ReplayVoice, strangers: Sequence[KnownClip]) -> Sources:
        return build_sources(
            package,
            replay=replay,
            strangers=strangers,
            features_dir=workspace.stage_dir("featurize"),
            base_dir=workspace.base_dir,
            params=params,
            settings=load_settings(),
        )

    return build
