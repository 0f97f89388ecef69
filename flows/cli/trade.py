"""`voxgate trade`: may a voice lose words for likeness? A person signs the rule of gate.trade."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, By, Reason, Root

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Sign gate.trade: words that may go for likeness.")


@app.command()
def show(root: Root = Path(), as_json: AsJson = False) -> None:
    """Show the rule of params.yaml and who signed it."""
    from tasks.release import trade
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    answer = trade.show(checkout.desk, checkout.params)
    print_answer(answer, _describe(answer), as_json)


@app.command()
def sign(by: By, reason: Reason, root: Root = Path(), as_json: AsJson = False) -> None:
    """Sign the rule as it is in params.yaml; a changed one needs a new signature."""
    from tasks.release import trade
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    trade.sign(checkout.desk, checkout.params, by=by, reason=reason)
    answer = trade.show(checkout.desk, checkout.params)
    print_answer(answer, _describe(answer), as_json)


@app.command()
def revoke(by: By, reason: Reason, root: Root = Path(), as_json: AsJson = False) -> None:
    """Take the signature back."""
    from tasks.release import trade
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    trade.revoke(checkout.desk, by=by, reason=reason)
    answer = trade.show(checkout.desk, checkout.params)
    print_answer(answer, _describe(answer), as_json)


def _describe(answer: dict[str, Any]) -> str:
    if answer["rule"] is None:
        rule = "gate.trade in params.yaml is null: no word is traded"
    else:
        rule = f"rule: {answer['rule']}"
    lines = [rule, *(f"cannot be signed: {fault}" for fault in answer["faults"])]
    if answer["signed_by"] is None:
        lines.append("signed by nobody: it has no effect")
    elif answer["in_force"]:
        lines.append(f"signed by {answer['signed_by']}: {answer['reason']}")
    else:
        lines.append(f"{answer['signed_by']} signed another rule: this one has no effect")
    return "\n".join(lines)
