"""`voxgate data`: versions of data/."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.json_output import print_answer, print_json
from flows.cli.options import AsJson, Root
from flows.reports.data import describe_difference

if TYPE_CHECKING:
    from voxgate.adapters.dvc.remote import DataRemote

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Register, compare and exchange versions of data/.")


@app.command()
def commit(root: Root = Path(), as_json: AsJson = False) -> None:
    """Register what is in data/ as the data version."""
    from voxgate.adapters.dvc.data import commit_data

    version = commit_data(root.resolve())
    if as_json:
        print_json({"version": version})
        return
    typer.echo(f"data version {version[:8]} is registered")
    typer.echo("keep it: git add data.dvc && git commit; share it: voxgate data push")


@app.command()
def version(root: Root = Path(), as_json: AsJson = False) -> None:
    """Show the data version, and stop if data/ is not exactly that."""
    from voxgate.adapters.dvc.data import assert_registered

    digest = assert_registered(root.resolve())
    if as_json:
        print_json({"version": digest})
    else:
        typer.echo(digest)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="Git revision.")] = "HEAD",
    new: Annotated[str | None, typer.Argument(help="Git revision; else data/ as it is.")] = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Say which recordings and files changed between two versions."""
    from voxgate.adapters.dvc.diff import diff_data

    found = diff_data(root.resolve(), old, new)
    print_answer(asdict(found), describe_difference(found), as_json)


@app.command()
def push(root: Root = Path()) -> None:
    """Send the registered version to the data remote."""
    from voxgate.adapters.dvc.remote import push_data

    typer.echo(f"{push_data(root.resolve(), _remote())} files sent")


@app.command()
def pull(
    root: Root = Path(),
    force: Annotated[bool, typer.Option("--force", help="Drop changes in data/.")] = False,
) -> None:
    """Make data/ the version that data.dvc names."""
    from voxgate.adapters.dvc.remote import pull_data

    typer.echo(f"{pull_data(root.resolve(), _remote(), force=force)} files fetched")


def _remote() -> DataRemote:
    from voxgate.adapters.dvc.remote import DataRemote
    from voxgate.settings import load_settings

    settings = load_settings()
    return DataRemote(url=settings.data_remote_url, endpoint=settings.data_remote_endpoint)
