"""The whole command line of `voxgate`, as one table."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from flows.cli import (
    audit,
    benchmark,
    campaign,
    corpus,
    data,
    drills,
    evaluate,
    keys,
    lexicon,
    listen,
    outbox,
    presets,
    pretrain,
    registry,
    release,
    report,
    run,
    schedule,
    serve,
    server,
    speakers,
    speech_memory,
    text,
    trade,
    trial,
    verify,
    weights,
)
from flows.cli.interruption import run_interruptibly
from voxgate.errors import VoxgateError
from voxgate.printable import printable_lines

__all__ = ["COMMANDS", "Command", "Panel", "app", "main"]


class Panel(StrEnum):
    """Where `voxgate --help` shows a command: by whom it is for."""

    RUN = "Run"
    DATA = "Data"
    RELEASE = "Release"
    OPERATE = "Operate"
    RESEARCH = "Research"


class Command(NamedTuple):
    """A row of the table; what is behind the name is a function, or a group of commands."""

    name: str
    panel: Panel
    behind: Callable[..., None] | typer.Typer


COMMANDS = (
    Command("run", Panel.RUN, run.run),
    Command("status", Panel.RUN, run.status),
    Command("doctor", Panel.RUN, run.doctor),
    Command("ui", Panel.RUN, run.ui),
    Command("corpus", Panel.DATA, corpus.app),
    Command("data", Panel.DATA, data.app),
    Command("weights", Panel.DATA, weights.app),
    Command("speakers", Panel.DATA, speakers.app),
    Command("lexicon", Panel.DATA, lexicon.app),
    Command("text", Panel.DATA, text.app),
    Command("listen", Panel.RELEASE, listen.listen),
    Command("votes", Panel.RELEASE, listen.votes),
    Command("verify", Panel.RELEASE, verify.verify),
    Command("report", Panel.RELEASE, report.report),
    Command("approve", Panel.RELEASE, release.approve),
    Command("reject", Panel.RELEASE, release.reject),
    Command("promote", Panel.RELEASE, release.promote),
    Command("rollback", Panel.RELEASE, release.rollback),
    Command("quarantine", Panel.RELEASE, release.quarantine),
    Command("gold", Panel.RELEASE, release.gold),
    Command("trade", Panel.RELEASE, trade.app),
    Command("trial", Panel.RELEASE, trial.app),
    Command("audit", Panel.RELEASE, audit.app),
    Command("registry", Panel.RELEASE, registry.app),
    Command("monitor", Panel.OPERATE, schedule.monitor),
    Command("deploy", Panel.OPERATE, schedule.deploy),
    Command("worker", Panel.OPERATE, schedule.worker),
    Command("schedule", Panel.OPERATE, schedule.app),
    Command("outbox", Panel.OPERATE, outbox.app),
    Command("serve", Panel.OPERATE, serve.serve),
    Command("speech-worker", Panel.OPERATE, serve.speech_worker),
    Command("campaign", Panel.OPERATE, campaign.app),
    Command("speech-memory", Panel.OPERATE, speech_memory.speech_memory),
    Command("presets", Panel.OPERATE, presets.app),
    Command("keys", Panel.OPERATE, keys.app),
    Command("roles", Panel.OPERATE, server.roles),
    Command("backup", Panel.OPERATE, server.backup),
    Command("restore", Panel.OPERATE, server.restore),
    Command("evaluate", Panel.RESEARCH, evaluate.evaluate),
    Command("compare", Panel.RESEARCH, verify.compare),
    Command("benchmark", Panel.RESEARCH, benchmark.app),
    Command("calibrate", Panel.RESEARCH, drills.calibrate),
    Command("rescore", Panel.RESEARCH, drills.rescore),
    Command("drill", Panel.RESEARCH, drills.drill),
    Command("pretrain", Panel.RESEARCH, pretrain.app),
)


_OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
"""Whichever file it is about, the person who gave the command has to mend it."""


class _TableOrder(TyperGroup):
    """Lists commands as the table does; Typer alone puts every group after every function."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # Typer's signature
        return [command.name for command in COMMANDS]


def main() -> None:
    """Run the command line; a known error is one readable message and exit status 1."""
    try:
        run_interruptibly(app)
    except VoxgateError as error:
        sys.stderr.write(f"{type(error).__name__}: {printable_lines(str(error))}\n")
        sys.exit(1)
    except OSError as error:
        if error.errno not in _OF_THE_DISK:
            raise
        sys.stderr.write(
            f"StorageError: {error.filename or 'a file'}: {error.strerror}. Free space or correct "
            "the permissions, then run again.\n"
        )
        sys.exit(1)


def _build_app() -> typer.Typer:
    built = typer.Typer(
        cls=_TableOrder,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Retrain a voice, measure it, and release it only when the evidence says so.",
    )
    for name, panel, behind in COMMANDS:
        if isinstance(behind, typer.Typer):
            built.add_typer(behind, name=name, rich_help_panel=panel.value)
        else:
            built.command(name, rich_help_panel=panel.value)(behind)
    return built


app = _build_app()
