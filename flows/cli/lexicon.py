"""`voxgate lexicon list|add|remove`: how the words of a domain are spoken."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, DryRun, Root

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="The user's own pronunciations, a file in data/.")
Term = Annotated[str, typer.Argument(help="One word, as texts write it.")]


@app.command("list")
def list_(root: Root = Path(), as_json: AsJson = False) -> None:
    """List every word, how it would be spoken without the file, and the prompts that say it."""
    from flows.reports.terms import describe_lexicon
    from tasks.terms.lexicon import list_lexicon
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    answer = list_lexicon(checkout.workspace, checkout.params)
    print_answer(answer, describe_lexicon(answer), as_json)


@app.command()
def add(
    term: Term,
    phones: Annotated[list[str], typer.Argument(help="ARPAbet, as HH AH0 L OW1.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Where it is there with other phonemes.")
    ] = False,
    dry_run: DryRun = False,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Write down how a word is spoken; what has to follow is said."""
    from flows.reports.terms import describe_added_term
    from tasks.terms.lexicon import add_term
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    answer = add_term(
        checkout.workspace, checkout.params, term, phones, replace=replace, dry_run=dry_run
    )
    print_answer(answer, describe_added_term(answer), as_json)


@app.command()
def remove(
    term: Term, dry_run: DryRun = False, root: Root = Path(), as_json: AsJson = False
) -> None:
    """Take a word away."""
    from flows.reports.terms import describe_removed_term
    from tasks.terms.lexicon import remove_term
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    answer = remove_term(checkout.workspace, checkout.params, term, dry_run=dry_run)
    print_answer(answer, describe_removed_term(answer), as_json)
