"""`voxgate speech-memory`: measure what a voice needs on a GPU, before it may speak there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root

__all__ = ["speech_memory"]


def speech_memory(
    device: Annotated[str, typer.Option(help="The GPU: cuda:0 and so on.")],
    version: Annotated[
        int | None, typer.Option(help="Which version.", show_default="what is live")
    ] = None,
    precision: Annotated[
        Literal["float32", "bfloat16"], typer.Option(help="Of the presets that will be asked for.")
    ] = "float32",
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Measure how much memory a version's sentences need on a GPU; `serve --device` goes by it."""
    from voxgate.wiring.checkout import Checkout
    from voxgate.wiring.speech_memory import measure_version

    measured = measure_version(
        Checkout.open(root), device=device, precision=precision, version=version
    ).as_document()
    print_answer(measured, _described(measured), as_json)


def _described(row: dict[str, Any]) -> str:
    sizes = [
        f"{one['phones']:>6} phones  {one['peak_bytes'] / 2**20:>8,.0f} MiB" for one in row["sizes"]
    ]
    return "\n".join(
        [
            f"voice {row['voice'][:12]}, {row['precision']}, on {row['device']}",
            f"loaded         {row['loaded_bytes'] / 2**20:>8,.0f} MiB",
            *sizes,
        ]
    )
