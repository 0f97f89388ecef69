"""`voxgate calibrate`, `rescore` and `drill`: measure a verdict's noise, and try to fool it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root
from flows.environment import prepare_environment

__all__ = ["calibrate", "drill", "rescore"]

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

    What was heard is written beside it. What was spoken is kept: an interrupted run goes on where
    it stopped.
    """
    prepare_environment(root)
    from flows.reports.drills import describe_record
    from tasks.measuring.calibrate import calibrate as measure
    from tasks.measuring.thresholds import build_thresholds, calibration_path, takes_path
    from voxgate.clock import utc_now
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    workspace, params = checkout.workspace, checkout.params
    record = measure(
        workspace,
        params,
        now=utc_now(),
        command=" ".join(["voxgate", *sys.argv[1:]]),
        takes=takes,
        voice=voice,
    )
    text = describe_record(record, build_thresholds(workspace, params))
    language = params.evaluate.language
    written = calibration_path(workspace, language), takes_path(workspace, language)
    text += f"\nwritten: {written[0]} and {written[1]}; commit both"
    print_answer(record.as_json(), text, as_json)


def rescore(root: Root = Path(), as_json: AsJson = False) -> None:
    """Count the words behind gold's evidence and the calibration anew, after their rules changed.

    Nobody speaks: what was heard is in the files. Needs build/evaluate; commit what it writes.
    """
    prepare_environment(root)
    from tasks.measuring.rescore_shipped import rescore_shipped
    from voxgate.clock import utc_now
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    outcome = rescore_shipped(
        checkout.workspace,
        checkout.params,
        now=utc_now(),
        command=" ".join(["voxgate", *sys.argv[1:]]),
    )
    print_answer(outcome, "\n".join(f"{path}: {said}" for path, said in outcome.items()), as_json)


def drill(
    prompts: Annotated[
        int | None, typer.Option(help="Gate prompts to use; default: all, with the record.")
    ] = None,
    seeds: Annotated[
        int | None, typer.Option(help="Samples a prompt; only with --prompts.", min=1)
    ] = None,
    takes: TakesOption = 8,
    voice: VoiceOption = None,
    only: Annotated[
        list[str] | None, typer.Option(help="A bad voice by its name; may be repeated.")
    ] = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Try to get bad voices past the gate; exits 1 if one passes or a sound voice does not.

    Prints the table of docs/drills.md. What was spoken and heard is kept for the next run.
    """
    prepare_environment(root)
    from flows.reports.drills import render_drill
    from tasks.measuring.drill import drill as run
    from voxgate.wiring.checkout import Checkout

    if seeds is not None and prompts is None:
        raise typer.BadParameter("--seeds goes with --prompts: the whole gate has its own seeds")
    checkout = Checkout.open(root)
    params = checkout.params
    if seeds is not None:
        evaluate = params.evaluate.model_copy(update={"gate_seeds": seeds})
        params = params.model_copy(update={"evaluate": evaluate})
    report = run(
        checkout.workspace,
        params,
        takes=takes,
        prompts=prompts,
        voice=voice,
        only=only or (),
        tell=lambda line: typer.echo(line, err=True),
    )
    print_answer(report.as_json(), render_drill(report), as_json)
    raise typer.Exit(int(not report.passed))
