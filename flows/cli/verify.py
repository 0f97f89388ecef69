"""`voxgate verify` and `voxgate compare`: recompute a verdict, set two evaluations side by side."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.cli.json_output import print_json

__all__ = ["compare", "verify"]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def verify(
    bundle: Annotated[Path, typer.Argument(help="Folder of an evidence bundle.")],
    as_json: AsJson = False,
) -> None:
    """Recompute the verdict from the evidence; exits 1 unless every byte is the same."""
    from voxgate.errors import BundleError
    from voxgate.gate.bundle import mismatches, read_bundle
    from voxgate.gate.verdict import judge

    try:
        read = read_bundle(bundle)
    except BundleError as error:
        _print({"verified": False, "problem": str(error)}, as_json, f"NOT VERIFIED: {error}")
        raise typer.Exit(1) from None
    verdict = judge(read.case).ruling.value
    differing = mismatches(bundle, read)
    document = {
        "verified": not differing,
        "verdict": verdict,
        "bundle_digest": read.digest,
        "differing": differing,
    }
    text = f"verified: {verdict}, bundle {read.digest[:12]}: recomputed byte for byte"
    if differing:
        text = (
            f"NOT VERIFIED: recomputed as {verdict}, but {', '.join(differing)} say otherwise; "
            "they were altered, or written by another voxgate version"
        )
    _print(document, as_json, text)
    raise typer.Exit(int(bool(differing)))


def compare(
    first: Annotated[Path, typer.Argument(help="evidence.json of one evaluation.")],
    second: Annotated[Path, typer.Argument(help="evidence.json of the other.")],
    root: Annotated[Path, typer.Option(help="The checkout, for params.yaml.")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Show two evaluations side by side with bounds; says so when they cannot be compared."""
    from voxgate.evaluation.evidence import read_evidence
    from voxgate.gate.side_by_side import compare_evidence, render_comparison
    from voxgate.params import load_params

    params = load_params(root / "params.yaml")
    table = compare_evidence(
        read_evidence(first),
        read_evidence(second),
        draws=params.gate.bootstrap_draws,
        seed=params.gate.bootstrap_seed,
        confidence=params.gate.confidence,
    )
    _print(table.as_json(), as_json, render_comparison(table))


def _print(document: Any, as_json: bool, text: str) -> None:
    if as_json:
        print_json(document)
    else:
        sys.stdout.write(text + "\n")
