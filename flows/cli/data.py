"""`voxgate data`: versions of data/."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.json_output import print_answer, print_json
from flows.cli.options import AsJson, Root
from flows.reports.data import describe_difference, describe_shape

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Register, compare and exchange versions of data/.")


@app.command()
def commit(root: Root = Path(), as_json: AsJson = False) -> None:
    """Register what is in data/ as the data version."""
    from tasks.data_versions.registration import register_data
    from voxgate.stage import Workspace

    version = register_data(Workspace(root.resolve()))
    if as_json:
        print_json({"version": version})
        return
    typer.echo(f"data version {version[:8]} is registered")
    typer.echo("keep it: git add data.dvc && git commit; share it: voxgate data push")


@app.command()
def version(root: Root = Path(), as_json: AsJson = False) -> None:
    """Show the data version, and stop if data/ is not exactly that."""
    from voxgate.wiring.data import assert_registered

    digest = assert_registered(root.resolve())
    if as_json:
        print_json({"version": digest})
    else:
        typer.echo(digest)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="Git revision.")] = "HEAD",
    new: Annotated[str | None, typer.Argument(help="Git revision; else data/ as it is.")] = None,
    measure: Annotated[
        bool, typer.Option("--measure", help="Listen to what no validation has figures of.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Also write a page with pictures into this folder.")
    ] = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Say what changed between two versions, what they are like, and what the gate misses."""
    from tasks.data_versions.shape import shape_data
    from voxgate.wiring.checkout import Checkout
    from voxgate.wiring.data_exchange import compare_data, open_versions

    checkout = Checkout.open(root)
    versions = open_versions(checkout.root, old, new)
    found = compare_data(*versions)
    shape = shape_data(checkout, *versions, measure=measure)
    text = f"{describe_difference(found)}\n\n{describe_shape(shape)}"
    if out is not None:
        from voxgate.files import write_text
        from voxgate.reporting.data_shape import render_data_shape

        page = out.resolve() / "data_diff.html"
        write_text(page, render_data_shape(shape, changes=describe_difference(found)))
        text += f"\npage: {page}"
    print_answer({**asdict(found), "shape": shape.as_json()}, text, as_json)


@app.command()
def push(root: Root = Path()) -> None:
    """Send the registered version to the data remote."""
    from voxgate.settings import load_settings
    from voxgate.wiring.data_exchange import push_data

    typer.echo(f"{push_data(root.resolve(), load_settings())} files sent")


@app.command()
def pull(
    root: Root = Path(),
    force: Annotated[bool, typer.Option("--force", help="Drop changes in data/.")] = False,
) -> None:
    """Make data/ the version that data.dvc names."""
    from voxgate.lease import data_lease
    from voxgate.settings import load_settings
    from voxgate.stage import Workspace
    from voxgate.wiring.data_exchange import pull_data

    root = root.resolve()
    with data_lease(Workspace(root), purpose="data pull"):
        fetched = pull_data(root, load_settings(), force=force)
    typer.echo(f"{fetched} files fetched")
