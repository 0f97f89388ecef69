"""`voxgate corpus import|account|where|originals`: data from long recordings, second by second."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root

__all__ = ["add_commands"]


def add_commands(app: typer.Typer) -> None:
    """Add the commands to those of the corpus."""
    app.command("import")(import_)
    app.command()(account)
    app.command()(where)
    app.command()(originals)


def import_(  # noqa: PLR0913, PLR0917 -- each parameter is an option of the command
    recordings: Annotated[list[Path], typer.Argument(help="Recordings, and folders of them.")],
    speaker: Annotated[str, typer.Option(help="Id of the speaker in data/.")],
    language: Annotated[str, typer.Option(help="What is spoken; ISO 639 code, such as en.")] = "en",
    reference: Annotated[
        Path | None, typer.Option(help="A recording of the speaker alone; else who speaks most.")
    ] = None,
    transcripts: Annotated[
        Path | None, typer.Option(help="Texts that exist: a file, or a folder of equal names.")
    ] = None,
    one_aligner: Annotated[
        bool, typer.Option("--one-aligner", help="Keep clips that one aligner alone has placed.")
    ] = False,
    consent: ConsentFile = None,
    scope: Scope = None,
    statement: Statement = "",
    source: Source = "",
    licence: Licence = "",
    attribution: Attribution = "",
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Cut long recordings into clips with texts: audio or video, of any length, without a list."""
    from flows.reports.imports import count_imported, describe_imported
    from tasks.corpus.import_recordings import ImportRequest, import_recordings
    from voxgate.wiring.checkout import Checkout
    from voxgate.wiring.corpus_import import open_cutter, require_heard
    from voxgate.wiring.workers import build_executor

    checkout = Checkout.open(root)
    require_heard(language)
    request = ImportRequest(
        named=tuple(recordings),
        speaker_id=speaker,
        language=language,
        consent=read_consent(
            consent,
            scope=scope,
            statement=statement,
            source=source,
            licence=licence,
            attribution=attribution,
        ),
        reference=reference,
        transcripts=transcripts,
        one_aligner=one_aligner,
    )
    with build_executor(checkout.settings) as executor:
        answer = import_recordings(
            request,
            checkout.workspace,
            lambda: open_cutter(checkout, language, executor),
            min_sample_rate_hz=checkout.params.ingest.min_source_sample_rate_hz,
        )
    print_answer(count_imported(answer), describe_imported(answer), as_json)
    raise typer.Exit(int(bool(answer.refused)))


def account(
    source: Annotated[
        str | None, typer.Argument(help="Id or file name of a source; without it, all.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="Draw it into this HTML file, a strip for each recording.")
    ] = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Show the table of imported seconds: kept, doubtful, rejected, other speakers, silence."""
    from flows.reports.imports import count_accounts, describe_accounts
    from tasks.corpus.accounts import account_sources, draw_accounts
    from voxgate.stage import Workspace

    found = account_sources(Workspace(root.resolve()).data_dir, source)
    if page is not None:
        draw_accounts(found, page)
    print_answer(count_accounts(found), describe_accounts(found), as_json)


def where(
    clip: Annotated[str, typer.Argument(help="Recording id of a clip, or its path in data/.")],
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Lead from a clip back to the file and the second that it was cut from."""
    from flows.reports.imports import count_clip, describe_clip
    from tasks.corpus.accounts import find_clip
    from voxgate.stage import Workspace

    found = find_clip(Workspace(root.resolve()).data_dir, clip)
    print_answer(count_clip(found), describe_clip(found), as_json)


def originals(root: Root = Path(), as_json: AsJson = False) -> None:
    """Undo cleaning (`cut.clean`): put the originals of cleaned clips back."""
    from flows.reports.imports import count_originals, describe_originals
    from tasks.corpus.originals import restore_originals
    from voxgate.stage import Workspace

    restored = restore_originals(Workspace(root.resolve()))
    print_answer(count_originals(restored), describe_originals(restored), as_json)
