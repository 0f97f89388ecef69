"""The options by which a speaker's consent record comes with recordings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from voxgate.corpus.consent import Consent, ConsentScope, load_consent, parse_consent
from voxgate.errors import ConsentError

__all__ = [
    "Attribution",
    "ConsentFile",
    "Licence",
    "Scope",
    "Source",
    "Statement",
    "read_consent",
]

ConsentFile = Annotated[
    Path | None, typer.Option("--consent", help="YAML file: the speaker's record.")
]
Scope = Annotated[
    ConsentScope | None, typer.Option(help="In place of --consent, with the four below.")
]
Statement = Annotated[str, typer.Option(help="What the speaker agreed to.")]
Source = Annotated[str, typer.Option(help="Where the recordings come from.")]
Licence = Annotated[str, typer.Option(help="Licence of the recordings.")]
Attribution = Annotated[str, typer.Option(help="Whom to name.")]


def read_consent(path: Path | None, *, scope: ConsentScope | None, **terms: str) -> Consent | None:
    """Read the record that the options give, as a file or as its terms; None without either.

    Raises:
        ConsentError: both are given, or what is given is no record.
    """
    said = {"scope": scope.value if scope else "", **terms}
    given = {name: value for name, value in said.items() if value}
    if path is not None and given:
        options = ", ".join(f"--{name}" for name in given)
        raise ConsentError(f"--consent and {options} exclude each other; give one record")
    if path is not None:
        return load_consent(path)
    if given:
        return parse_consent(json.dumps(given, ensure_ascii=False), "the consent options")
    return None
