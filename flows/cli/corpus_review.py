"""`voxgate corpus review`: hear what an import doubts, correct it, decide."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.desk_page import hold_page
from flows.cli.options import Root

__all__ = ["review"]


def review(
    port: Annotated[int, typer.Option(help="Port on loopback; 0 is any free one.")] = 0,
    root: Root = Path(),
) -> None:
    """Serve a page on loopback to hear doubtful clips and decide; until interrupted."""
    from flows.reports.review import describe_review
    from tasks.corpus.review import open_review
    from voxgate.login import read_login
    from voxgate.stage import Workspace
    from voxgate.wiring.desk_pages import serve_review

    room = open_review(Workspace(root.resolve()), read_login())
    told = room.overview()
    decided = sum(state != "open" for state in told["states"][: told["doubtful"]])
    hold_page(
        lambda listener, token: serve_review(room, listener, token=token),
        port=port,
        greeting=(
            f"{told['doubtful']} doubtful clips ({decided} decided) and "
            f"{room.count - told['doubtful']} kept ones for {room.reviewer}"
        ),
        promise="a decision is kept when it is made",
    )
    sys.stdout.write(f"{describe_review(room.close())}\n")
