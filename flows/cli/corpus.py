"""`voxgate corpus`: get the project's corpus, or bring in recordings of your own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.consent_options import (
    Attribution,
    ConsentFile,
    Licence,
    Scope,
    Source,
    Statement,
    read_consent,
)
from flows.cli.corpus_import import add_commands
from flows.cli.corpus_review import review
from flows.cli.json_output import print_answer, print_json
from flows.cli.options import AnyRoot, AsJson, Root
from flows.reports.data import count_added, describe_addition
from voxgate.errors import ConfigError

if TYPE_CHECKING:
    from voxgate.corpus.layouts import Layout

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Get the project's corpus, or add your recordings.")

_AUTO = "auto"


@app.command()
def fetch(
    root: Root = Path(),
    force: Annotated[bool, typer.Option("--force", help="Overwrite other data.")] = False,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Keep any data/.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch the English corpus from Debian packages, lay it out in data/ and register it."""
    from voxgate.settings import load_settings
    from voxgate.wiring.corpora import fetch_corpus

    root = root.resolve()
    if if_missing and (root / "data").exists():
        return
    report = fetch_corpus(root, load_settings().assets_dir, force=force)
    if as_json:
        layout = None if report.layout is None else vars(report.layout)
        print_json({"version": report.version, "layout": layout})
        return
    if report.layout is None:
        typer.echo(f"data/ is the registered version {report.version[:8]} already")
        return
    layout_ = report.layout
    typer.echo(
        f"data/ is version {report.version[:8]}: {layout_.recordings} recordings, "
        f"{layout_.with_text} with a transcript"
    )
    if layout_.text_without_audio:
        typer.echo(f"transcripts without a recording: {', '.join(layout_.text_without_audio)}")


@app.command()
def add(  # noqa: PLR0913, PLR0917 -- each parameter is an option of the command
    folder: Annotated[Path, typer.Argument(help="Folder with recordings and their list.")],
    speaker: Annotated[str, typer.Option(help="Id of the speaker in data/.")],
    language: Annotated[str, typer.Option(help="ISO 639 code, such as en.")] = "en",
    layout: Annotated[str, typer.Option(help="auto, gpt-sovits, csv or ljspeech.")] = _AUTO,
    list_file: Annotated[
        Path | None, typer.Option("--list", help="The list to read, where there are several.")
    ] = None,
    consent: ConsentFile = None,
    scope: Scope = None,
    statement: Statement = "",
    source: Source = "",
    licence: Licence = "",
    attribution: Attribution = "",
    only: Annotated[str | None, typer.Option(help="Take this speaker's lines only.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace equal ids.")] = False,
    root: AnyRoot = Path(),
    as_json: AsJson = False,
) -> None:
    """Add a folder of wav, flac, mp3 or ogg files with a .list, CSV or LJSpeech list to data/."""
    from voxgate.corpus.addition import AdditionRequest, add_recordings
    from voxgate.stage import Workspace

    request = AdditionRequest(
        folder=folder,
        speaker_id=speaker,
        language=language,
        layout=_parse_layout(layout),
        list_file=list_file,
        consent=read_consent(
            consent,
            scope=scope,
            statement=statement,
            source=source,
            licence=licence,
            attribution=attribution,
        ),
        only_speaker=only,
        replace=replace,
    )
    addition = add_recordings(request, Workspace(root.resolve()))
    print_answer(count_added(addition), describe_addition(addition), as_json)


def _parse_layout(name: str) -> Layout | None:
    from voxgate.corpus.layouts import Layout

    if name == _AUTO:
        return None
    try:
        return Layout(name)
    except ValueError:
        known = ", ".join([_AUTO, *Layout])
        raise ConfigError("--layout", [f"expected one of {known}, got {name!r}"]) from None


add_commands(app)
app.command()(review)
