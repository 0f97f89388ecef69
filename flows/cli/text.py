"""`voxgate text say|check`: how texts are read, before anything is spoken."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="How texts are read, and whether terms are right.")


@app.command()
def say(
    text: Annotated[str, typer.Argument(help="What is to be said, as it is written.")],
    language: Annotated[
        str | None,
        typer.Option(help="Whose text it is: en, zh, ja, yue or ko.", show_default="the voice's"),
    ] = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Show how a text is read: normalised, word by word, and which readings are only guessed."""
    from flows.reports.reading import describe_reading
    from tasks.terms.reading import say_text
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    answer = say_text(checkout.workspace, checkout.params, text, language=language)
    print_answer(answer, describe_reading(answer), as_json)


@app.command()
def check(root: Root = Path(), as_json: AsJson = False) -> None:
    """Read every term of every lexicon in sentences; exit status 1 where one is read otherwise."""
    from flows.reports.reading import describe_check
    from tasks.terms.reading import check_texts
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    answer = check_texts(checkout.workspace, checkout.params)
    print_answer(answer, describe_check(answer), as_json)
    if answer["differences"]:
        raise typer.Exit(1)
