"""`voxgate run|status|doctor|ui`: retrain, see where things stand, and look into them."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from flows.cli.json_output import print_json
from flows.cli.options import AsJson, Root
from flows.environment import prepare_environment, prepare_prefect
from voxgate.errors import ConfigError

if TYPE_CHECKING:
    from flows.reports.summary import RunSummary
    from tasks.retraining import RunResult

__all__ = ["doctor", "run", "status", "ui"]

REFUSED = 3
"""Exit status of a run that a stage refused; 1 is a fault."""


def run(root: Root = Path(), as_json: AsJson = False) -> None:
    """Retrain on the registered data version; ends at a verdict (exit 0) or a refusal (exit 3)."""
    prepare_environment(root)
    from tasks.release.unchanged import unchanged_result
    from voxgate.wiring.checkout import Checkout
    from voxgate.wiring.data import require_data

    # What a person has to mend is said at once, before Prefect is started.
    checkout = Checkout.open(root)
    require_data(checkout.root)
    # Neither is it started where there is nothing to do.
    result = unchanged_result(checkout) or _retrain(checkout.root)
    summary = _summary(checkout.root)
    if as_json:
        print_json({"run": result.as_json(), **summary.as_json()})
    else:
        from flows.reports.run import print_summary

        print_summary(summary, result)
    raise typer.Exit(REFUSED if result.refused_by else 0)


def _retrain(root: Path) -> RunResult:
    prepare_prefect(root)
    from flows.prefect_api import require_api
    from flows.retrain_voice import retrain_voice

    require_api()
    # The flow returns a state of its own naming; Prefect's types do not see through that.
    return cast("RunResult", retrain_voice(root, return_state=True).result())


def status(root: Root = Path(), as_json: AsJson = False) -> None:
    """Show what is live, what waits for a decision, and the figures of the last run."""
    prepare_environment(root)
    from flows.reports.run import print_summary

    summary = _summary(root)
    if as_json:
        print_json(summary.as_json())
    else:
        print_summary(summary)


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


def ui(
    root: Root = Path(),
    port: Annotated[int, typer.Option(help="Port on loopback.", min=1, max=65535)] = 5000,
) -> None:
    """Serve the MLflow UI of this checkout's store on loopback, until interrupted."""
    from voxgate.wiring.release import require_sound_registry

    script = root.resolve() / "mlflow_server" / "start.sh"
    if not script.is_file():
        raise ConfigError(str(root.resolve()), ["no checkout of voxgate: mlflow_server is missing"])
    _require_free(port)
    require_sound_registry(root.resolve())
    environment = {**os.environ, "PYTHON": sys.executable}
    sys.stdout.write(f"MLflow: http://127.0.0.1:{port} (stop with Ctrl-C)\n")
    sys.stdout.flush()
    os.execve(script, [str(script), str(port)], environment)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        # As servers do: a port whose last connections only die down is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ConfigError(
                "--port", [f"{port} cannot be used ({error.strerror}); name another one"]
            ) from None


def _summary(root: Path) -> RunSummary:
    from flows.reports.summary import summarise
    from voxgate.wiring.checkout import Checkout

    return summarise(Checkout.open(root))
