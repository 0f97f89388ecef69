"""`voxgate presets list|show|add`: how something is said, as rows that a request names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Presets: how something is said, as frozen rows.")


@app.command("list")
def list_(root: Root = Path(), as_json: AsJson = False) -> None:
    """List every version of every preset."""
    from tasks.presets.rows import list_presets

    rows = list_presets(root)
    print_answer(rows, "\n".join(map(_line, rows)), as_json)


@app.command()
def show(
    label: Annotated[str, typer.Argument(help="NAME (its newest version) or NAME@VERSION.")],
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Show what a preset says, and its digest."""
    from tasks.presets.rows import show_preset

    row = show_preset(root, label)
    print_answer(row, _described(row), as_json)


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="YAML with one preset (docs/presets.md).")],
    by: Annotated[str, typer.Option(help="Who adds it; is kept with the row.")],
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Add a preset, or a new version of one; a row that is there is never changed."""
    from tasks.presets.rows import add_preset

    row, added = add_preset(root, file, by=by)
    text = f"added {_line(row)}" if added else f"{row['label']} is there and says the same"
    print_answer({**row, "added": added}, text, as_json)


def _line(row: dict[str, Any]) -> str:
    return (
        f"{row['label']:<20} {row['digest'][:12]}  seed {row['seed']}, cut {row['cut']}, "
        f"{row['precision']}, {row['format']}"
    )


def _described(row: dict[str, Any]) -> str:
    flat = {**row, **{f"quality.{name}": value for name, value in row["quality"].items()}}
    del flat["quality"]
    return "\n".join(
        f"{name:<28} {'-' if value is None else value}" for name, value in flat.items()
    )
