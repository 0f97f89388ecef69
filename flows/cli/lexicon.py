"""`voxgate lexicon list|add|remove`: how the words of a domain are spoken."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, DryRun, Root

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True, help="The user's own pronunciations, a file a language in data/."
)
Term = Annotated[str, typer.Argument(help="A word, as texts write it.")]
Language = Annotated[
    str | None,
    typer.Option(help="Whose word it is: en, zh, ja, yue or ko.", show_default="the benchmark's"),
]


@app.command("list")
def list_(
    language: Annotated[
        str | None, typer.Option(help="Words of one language.", show_default="all")
    ] = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """List every word, how it would be spoken without the file, and the prompts that say it."""
    from flows.reports.terms import describe_lexicon
    from tasks.terms.lexicon import list_lexicon
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    answer = list_lexicon(checkout.workspace, checkout.params, language=language)
    print_answer(answer, describe_lexicon(answer), as_json)


@app.command()
def add(
    term: Term,
    reading: Annotated[
        list[str],
        typer.Argument(
            help="ARPAbet (HH AH0 L OW1), pinyin (yin2 hang2), jyutping (ngan4 hong4), katakana "
            "with ' behind the accent, hangul as pronounced."
        ),
    ],
    language: Language = None,
    carrier: Annotated[
        str | None, typer.Option(help="A sentence that says it, for `voxgate text check`.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Where it is there with another reading.")
    ] = False,
    dry_run: DryRun = False,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Write down how a word is spoken; what has to follow is said."""
    from flows.reports.terms import describe_added_term
    from tasks.terms.lexicon import NewTerm, add_term
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    asked = NewTerm(written=term, reading=" ".join(reading), language=language, carrier=carrier)
    answer = add_term(checkout.workspace, checkout.params, asked, replace=replace, dry_run=dry_run)
    print_answer(answer, describe_added_term(answer), as_json)


@app.command()
def remove(
    term: Term,
    language: Language = None,
    dry_run: DryRun = False,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Take a word away."""
    from flows.reports.terms import describe_removed_term
    from tasks.terms.lexicon import remove_term
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    answer = remove_term(
        checkout.workspace, checkout.params, term, language=language, dry_run=dry_run
    )
    print_answer(answer, describe_removed_term(answer), as_json)
