"""`voxgate evaluate`: measure a candidate without registering or judging it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.json_output import print_json
from flows.cli.options import AsJson, Root
from flows.environment import prepare_environment

if TYPE_CHECKING:
    from voxgate.stage import Workspace

__all__ = ["evaluate"]


def evaluate(
    root: Root = Path(),
    report: Annotated[bool, typer.Option("--report", help="Only show what was measured.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring build/ up to the evaluation, and show every bar; exits 3 where a stage refused.

    The bars are floors of params.yaml; build/evaluate/report.md has the rest.
    """
    prepare_environment(root)
    from tasks.measuring.thresholds import build_thresholds
    from voxgate.evaluation.evidence import read_evidence
    from voxgate.gate.bars import measure_bars, render_bars
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    if not report:
        _reproduce(checkout.workspace)
    folder = checkout.workspace.stage_dir("evaluate")
    evidence = read_evidence(folder / "evidence.json")
    thresholds = build_thresholds(checkout.workspace, checkout.params)
    if as_json:
        print_json([bar.as_json() for bar in measure_bars(evidence, thresholds)])
    else:
        factor = _real_time_factor(folder, evidence.model["checkpoint"])
        typer.echo(render_bars(evidence, thresholds, real_time_factor=factor))


def _reproduce(workspace: Workspace) -> None:
    from flows.stages import reproduce_stage, walk_stages
    from voxgate.lease import checkout_lease, data_lease
    from voxgate.temporaries import remove_leftovers
    from voxgate.wiring.data import assert_registered
    from voxgate.wiring.pipeline import stale_stages

    root = workspace.root
    with checkout_lease(workspace.run_lock, purpose="evaluate") as lease:
        remove_leftovers(workspace.build_dir)
        with data_lease(workspace, purpose="evaluate"):
            assert_registered(root)
        _, refused = walk_stages(
            root, stale_stages(root), lambda stage: reproduce_stage(root, stage, lease)
        )
    if refused is not None:
        reasons = "; ".join(reason.message for reason in refused.reasons)
        typer.echo(f"stage {refused.stage!r} refused: {reasons}", err=True)
        raise typer.Exit(3)


def _real_time_factor(folder: Path, checkpoint: str | None) -> float | None:
    from voxgate.files import read_json

    timings = read_json(folder / "timings.json")
    factor: float | None = timings.get(f"gate/{checkpoint}", {}).get("real_time_factor")
    return factor
