"""`voxgate calibrate` and `voxgate drill`: measure the noise of a verdict, and try to fool it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.environment import prepare_environment
from flows.json_output import print_json

if TYPE_CHECKING:
    from voxgate.gate.calibration import Calibration
    from voxgate.gate.thresholds import Thresholds

__all__ = ["calibrate"]

Root = Annotated[Path, typer.Option(help="The checkout to work in.", show_default=".")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
TakesOption = Annotated[int, typer.Option(help="Samples a prompt; two sets are drawn of them.")]
VoiceOption = Annotated[
    Path | None, typer.Option(help="A voice package; default: the checkpoint of build/evaluate.")
]


def calibrate(
    takes: TakesOption = 8,
    voice: VoiceOption = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Measure how far two evaluations of one voice lie apart; writes benchmark/calibration.json.

    What was spoken and heard is kept: an interrupted run goes on where it stopped.
    """
    prepare_environment(root)
    from tasks.calibrate import calibrate as measure
    from tasks.gate import build_thresholds, calibration_path
    from voxgate.params import load_params
    from voxgate.stage import Workspace

    workspace = Workspace(root.resolve())
    params = load_params(root / "params.yaml")
    record = measure(
        workspace,
        params,
        now=datetime.now(UTC),
        command=" ".join(["voxgate", *sys.argv[1:]]),
        takes=takes,
        voice=voice,
    )
    if as_json:
        print_json(record.as_json())
    else:
        typer.echo(_described(record, build_thresholds(workspace, params)))
        typer.echo(f"written: {calibration_path(workspace)}; commit it with params.yaml")


def _described(record: Calibration, thresholds: Thresholds) -> str:
    confidence, origin = thresholds.confidence_at_look, record.provenance
    wer = record.wer_margin(thresholds.wer_margin, confidence=confidence)
    similarity = record.similarity_margin(thresholds.similarity_margin, confidence=confidence)
    judged = origin["judged"]
    lines = [
        f"{origin['checkpoint']}: {origin['prompts']} prompts x {origin['takes']} takes, "
        f"{record.runs} A/A runs of {record.seeds} seeds",
        f"WER {origin['wer']:.4f}, standard error of a difference "
        f"{record.wer_standard_error:.4f}, margin {wer:.4f}",
        f"similarity {origin['similarity']:.4f}, standard error of a difference "
        f"{record.similarity_standard_error:.4f}, margin {similarity:.4f}",
        f"with these margins the gate passes {judged['passed']} of {judged['runs']} A/A runs"
        + "".join(f"; {code}: {count}" for code, count in judged["blamed"].items()),
    ]
    return "\n".join(lines)
