"""`voxgate verify` and `voxgate compare`: recompute a verdict, set two evaluations side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root

__all__ = ["compare", "verify"]


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
        document = {"verified": False, "problem": str(error)}
        print_answer(document, f"NOT VERIFIED: {error}", as_json)
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
    print_answer(document, text, as_json)
    raise typer.Exit(int(bool(differing)))


def compare(
    first: Annotated[Path, typer.Argument(help="evidence.json of one evaluation.")],
    second: Annotated[Path, typer.Argument(help="evidence.json of the other.")],
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Show two evaluations side by side with bounds; says so when they cannot be compared."""
    from voxgate.evaluation.evidence import read_evidence
    from voxgate.gate.side_by_side import compare_evidence, render_comparison
    from voxgate.wiring.checkout import Checkout

    params = Checkout.open(root).params
    table = compare_evidence(
        read_evidence(first),
        read_evidence(second),
        draws=params.gate.bootstrap_draws,
        seed=params.gate.bootstrap_seed,
        confidence=params.gate.confidence,
    )
    print_answer(table.as_json(), render_comparison(table), as_json)
