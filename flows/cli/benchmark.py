"""`voxgate benchmark list|add`: the prompts that judge a voice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, DryRun, Root

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="The prompts that every voice is judged on.")


@app.command("list")
def list_(root: Root = Path(), as_json: AsJson = False) -> None:
    """List the prompts by slice, with the terms and words that must not change."""
    from flows.reports.terms import describe_prompts
    from tasks.terms.benchmark import list_prompts
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    answer = list_prompts(checkout.workspace, checkout.params)
    print_answer(answer, describe_prompts(answer), as_json)


@app.command()
def add(
    text: Annotated[str, typer.Argument(help="One sentence, as it is written.")],
    term: Annotated[
        str | None, typer.Option(help="What it is about; its words must not change.")
    ] = None,
    prompt_class: Annotated[
        str, typer.Option("--class", help="Slice of the gate that it counts in.")
    ] = "domain",
    block: Annotated[int, typer.Option(help="Look of the gate that first asks for it.")] = 1,
    dry_run: DryRun = False,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Make a regression prompt; the benchmark is another one then, and what is stale is said."""
    from flows.reports.terms import describe_added_prompt
    from tasks.terms.benchmark import NewPrompt, add_prompt
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    asked = NewPrompt(text=text, term=term, prompt_class=prompt_class, block=block)
    answer = add_prompt(checkout.workspace, checkout.params, asked, dry_run=dry_run)
    print_answer(answer, describe_added_prompt(answer), as_json)
