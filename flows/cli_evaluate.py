"""`voxgate evaluate`: measure a candidate without registering or judging it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.environment import prepare_environment
from flows.json_output import print_json

__all__ = ["evaluate"]


def evaluate(
    root: Annotated[Path, typer.Option(help="The checkout to work in.", show_default=".")] = Path(),
    report: Annotated[bool, typer.Option("--report", help="Only show what was measured.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Bring build/ up to the evaluation, and show every bar; exits 3 where a stage refused.

    The bars are floors of params.yaml; build/evaluate/report.md has the rest.
    """
    prepare_environment(root)
    from tasks.gate import build_thresholds
    from voxgate.evaluation.evidence import read_evidence
    from voxgate.gate.bars import measure_bars, render_bars
    from voxgate.params import load_params
    from voxgate.stage import Workspace

    workspace = Workspace(root.resolve())
    if not report:
        _reproduce(workspace.root)
    folder = workspace.stage_dir("evaluate")
    evidence = read_evidence(folder / "evidence.json")
    thresholds = build_thresholds(workspace, load_params(root / "params.yaml"))
    if as_json:
        print_json([bar.as_json() for bar in measure_bars(evidence, thresholds)])
    else:
        factor = _real_time_factor(folder, evidence.model["checkpoint"])
        typer.echo(render_bars(evidence, thresholds, real_time_factor=factor))


def _reproduce(root: Path) -> None:
    from voxgate.adapters.dvc_data import assert_registered
    from voxgate.adapters.dvc_pipeline import reproduce, stale_stages
    from voxgate.errors import StageError
    from voxgate.lease import checkout_lease
    from voxgate.stage import STAGES, Workspace, read_outcome

    with checkout_lease(root / ".voxgate" / "run.lock", purpose="evaluate") as lease:
        assert_registered(root)
        stale = stale_stages(root)
        for stage in STAGES[STAGES.index(stale[0]) :] if stale else ():
            if reproduce(root, stage, timeout_s=86400, keep_open=(lease,)) != 0:
                raise StageError(f"stage {stage!r} failed; its output above says why")
            outcome = read_outcome(Workspace(root).stage_dir(stage))
            if not outcome.accepted:
                reasons = "; ".join(reason.message for reason in outcome.reasons)
                typer.echo(f"stage {stage!r} refused: {reasons}", err=True)
                raise typer.Exit(3)


def _real_time_factor(folder: Path, checkpoint: str | None) -> float | None:
    from voxgate.files import read_json

    timings = read_json(folder / "timings.json")
    factor: float | None = timings.get(f"gate/{checkpoint}", {}).get("real_time_factor")
    return factor
