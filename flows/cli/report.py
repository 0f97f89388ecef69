"""`voxgate report`: a verdict as one page that can be sent, printed and heard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AnyRoot, AsJson

if TYPE_CHECKING:
    from tasks.release.report import Written

__all__ = ["report"]


def report(
    version: Annotated[
        int | None, typer.Argument(help="Default: the version that the last run registered.")
    ] = None,
    bundle: Annotated[
        Path | None, typer.Option(help="A folder with an evidence bundle, instead of a version.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The HTML file. Default: beside the bundle.")
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print it as PDF too; needs Chromium.")
    ] = False,
    root: AnyRoot = Path(),
    as_json: AsJson = False,
) -> None:
    """Write the verdict as one HTML file: figures, pictures, recordings, who decides."""
    from voxgate.wiring.printing import find_browser, print_page

    if bundle is not None and version is not None:
        raise typer.BadParameter("give a VERSION or --bundle, not both")
    if pdf:
        find_browser()  # before anything is written
    written = _of_bundle(bundle, out, root) if bundle else _of_version(version, out, root)
    printed = written.page.with_suffix(".pdf") if pdf else None
    if printed is not None:
        print_page(written.page, printed)
    paths = [path for path in (written.page, written.card, printed) if path is not None]
    lines = [str(path) for path in paths] + [f"not in it: {line}" for line in written.missing]
    document = {
        "page": str(written.page),
        "model_card": None if written.card is None else str(written.card),
        "pdf": None if printed is None else str(printed),
        "missing": list(written.missing),
    }
    print_answer(document, "\n".join(lines), as_json)


def _of_version(version: int | None, out: Path | None, root: Path) -> Written:
    from tasks.release.report import write_report
    from voxgate.errors import UnknownVersionError
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    desk = checkout.desk
    wanted = desk.ledger.read(desk.model).nominated if version is None else version
    if wanted is None:
        raise UnknownVersionError("no run has registered a version yet: `voxgate run` does")
    return write_report(desk, checkout.params, wanted, out=out)


def _of_bundle(bundle: Path, out: Path | None, root: Path) -> Written:
    from tasks.release.report import write_bundle_report
    from voxgate.params import load_params
    from voxgate.release.records import PAGE_NAME
    from voxgate.stage import Workspace

    workspace = Workspace(root.resolve())
    has_params = workspace.params_file.is_file()
    page = out or bundle.with_name(f"{bundle.name}.report") / PAGE_NAME
    return write_bundle_report(
        workspace,
        load_params(workspace.params_file) if has_params else None,
        bundle,
        out=page,
    )
