"""`voxgate weights import` and `export`: checkpoint files of GPT-SoVITS, in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml

from flows.cli.json_output import print_json
from flows.cli.options import AsJson, Root
from voxgate.errors import ConfigError, WeightsError
from voxgate.settings import load_settings

if TYPE_CHECKING:
    from voxgate.adapters.public_gpt_sovits.weights import ImportedFile
    from voxgate.params.featurize import WeightsSource

__all__ = ["export", "import_"]

_HUBERT = "chinese-hubert-base"
_SPEAKER_NETWORK = "eres2netv2"


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
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Verify files of GPT-SoVITS without running anything in them, and convert them."""
    from voxgate.adapters.public_gpt_sovits.base import write_base
    from voxgate.adapters.public_gpt_sovits.weights import import_public

    if base is not None and (not base or Path(base).name != base):
        raise ConfigError("--base", [f"expected a plain folder name, got {base!r}"])
    assets_dir = load_settings().assets_dir
    imported = [import_public(path, assets_dir) for path in files]
    params: dict[str, Any] | None = None
    if base is not None:
        params = write_base(
            imported,
            root.resolve() / "base" / base,
            extractor=_extractor(extractor),
            speaker_network=_catalogued(_SPEAKER_NETWORK),
            preparation_scale=preparation_scale,
        )
    if as_json:
        print_json({"files": [each.as_json() for each in imported], "params": params})
        return
    for each in imported:
        _print_row(each)
    if params is not None:
        typer.echo(f"\nbase/{base} is ready. In params.yaml:\n\n{yaml.safe_dump(params)}")


def export(
    folder: Annotated[Path, typer.Argument(help="Voice package, base or imported folder.")],
    to: Annotated[Path, typer.Option(help="Folder for the files.")],
    name: Annotated[str | None, typer.Option(help="Their name; else the folder's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write S1 (.ckpt) and S2 (.pth) as GPT-SoVITS loads them."""
    from voxgate.adapters.public_gpt_sovits.export import export_public
    from voxgate.files import digest_file

    chosen = name or folder.resolve().name
    if not chosen or Path(chosen).name != chosen:
        raise ConfigError("--name", [f"expected a plain file name, got {chosen!r}"])
    written = export_public(folder, to, name=chosen)
    rows = [{"path": str(path), "sha256": digest_file(path)} for path in written]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['path']}  sha256 {row['sha256']}")


def _extractor(folder: Path | None) -> WeightsSource:
    from voxgate.adapters.assets.origins import folder_digest
    from voxgate.adapters.assets.store import file_digests
    from voxgate.params.featurize import WeightsSource

    if folder is None:
        return _catalogued(_HUBERT)
    if not (folder / "config.json").is_file():
        raise WeightsError(f"{folder}: config.json is missing: not a folder of HuBERT")
    return WeightsSource(source=str(folder), sha256=folder_digest(file_digests(folder)))


def _catalogued(name: str) -> WeightsSource:
    from voxgate.adapters.assets.catalogue import find_asset
    from voxgate.params.featurize import WeightsSource

    return WeightsSource(source=name, sha256=find_asset(name).sha256)


def _print_row(each: ImportedFile) -> None:
    name = each.known_as or "not one of the published base files"
    kind = " ".join(filter(None, (each.network, each.preset)))
    kind += "" if each.trainable else " (exported: no posterior, cannot be trained on)"
    sys.stdout.write(
        f"{each.source}: {kind}; {name}\n"
        f"  source sha256 {each.source_sha256}\n"
        f"  {each.folder}\n"
        f"  result sha256 {each.sha256}\n"
    )
