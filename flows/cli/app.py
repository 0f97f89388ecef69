"""The command line: `voxgate`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from flows.cli import (
    audit,
    corpus,
    data,
    drills,
    evaluate,
    listen,
    outbox,
    pretrain,
    registry,
    release,
    schedule,
    server,
    verify,
    weights,
)
from flows.cli.json_output import print_json
from flows.environment import prepare_environment
from voxgate.errors import VoxgateError

if TYPE_CHECKING:
    from flows.reports.summary import RunSummary
    from flows.retrain_voice import RunResult

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Retrain a voice, measure it, and release it only when the evidence says so.",
)

app.add_typer(audit.app, name="audit")
app.add_typer(corpus.app, name="corpus")
app.add_typer(data.app, name="data")
app.add_typer(outbox.app, name="outbox")
app.add_typer(registry.app, name="registry")
app.add_typer(weights.app, name="weights")
app.add_typer(pretrain.app, name="pretrain")
app.command("evaluate")(evaluate.evaluate)
app.command("verify")(verify.verify)
app.command("compare")(verify.compare)
app.command("calibrate")(drills.calibrate)
app.command("drill")(drills.drill)
release.add_release_commands(app)
server.add_server_commands(app)
listen.add_listening_commands(app)
schedule.add_schedule_commands(app)

Root = Annotated[Path, typer.Option(help="The checkout to work in.", show_default=".")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


@app.command()
def run(root: Root = Path(), as_json: AsJson = False) -> None:
    """Retrain on the registered data version; ends at a verdict (exit 0) or a refusal (exit 3)."""
    prepare_environment(root)
    from flows.prefect_api import require_api
    from flows.reports.run import print_summary
    from flows.retrain_voice import retrain_voice

    require_api()
    # The flow returns a state of its own naming; Prefect's types do not see through that.
    result = cast("RunResult", retrain_voice(root.resolve(), return_state=True).result())
    summary = _summary(root)
    if as_json:
        print_json({"run": result.as_json(), **summary.as_json()})
    else:
        print_summary(summary, result)
    raise typer.Exit(3 if result.refused_by else 0)


@app.command()
def status(root: Root = Path(), as_json: AsJson = False) -> None:
    """Show what is live, what waits for a decision, and the figures of the last run."""
    prepare_environment(root)
    from flows.reports.run import print_summary

    summary = _summary(root)
    if as_json:
        print_json(summary.as_json())
    else:
        print_summary(summary)


@app.command()
def doctor(root: Root = Path(), as_json: AsJson = False) -> None:
    """Check machine, weights, data and stores, and say what to do; exits 1 on a problem."""
    prepare_environment(root)
    from flows.reports.doctor import examine, print_findings

    findings = examine(root)
    if as_json:
        print_json([finding.as_json() for finding in findings])
    else:
        print_findings(findings)
    raise typer.Exit(int(any(not finding.healthy for finding in findings)))


@app.command()
def ui(
    root: Root = Path(),
    port: Annotated[int, typer.Option(help="Port on loopback.")] = 5000,
) -> None:
    """Serve the MLflow UI of this checkout's store on loopback, until interrupted."""
    script = root.resolve() / "mlflow_server" / "start.sh"
    environment = {**os.environ, "PYTHON": sys.executable}
    sys.stdout.write(f"MLflow: http://127.0.0.1:{port} (stop with Ctrl-C)\n")
    sys.stdout.flush()
    os.execve(script, [str(script), str(port)], environment)


def main() -> None:
    """Run the command line; a known error is one readable message and exit status 1."""
    try:
        app()
    except VoxgateError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.exit(1)


def _summary(root: Path) -> RunSummary:
    from flows.reports.summary import summarise
    from voxgate.wiring.checkout import Checkout

    return summarise(Checkout.open(root))
