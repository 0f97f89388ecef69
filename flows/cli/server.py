"""`voxgate roles|backup|restore`: for the one who runs the servers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AnyRoot, AsJson, Root
from voxgate.errors import ConfigError

__all__ = ["backup", "restore", "roles"]

Stores = Annotated[
    list[str] | None,
    typer.Option(
        "--store",
        help="NAME=URL, again for each: ledger, registry, auth, artifacts, heads, spool, speakers, "
        "key. Without it: what this checkout keeps.",
    ),
]


def roles(
    accounts: Annotated[Path, typer.Argument(help="Lines of NAME ROLE PASSWORD; mode 600.")],
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Make trainers, approvers and readers on the MLflow server, as its administrator."""
    from tasks.release.roles import apply_accounts

    lines = apply_accounts(root, accounts)
    print_answer(lines, "\n".join(lines), as_json)


def backup(
    target: Annotated[Path, typer.Argument(help="New folder for the backup.")],
    store: Stores = None,
    root: AnyRoot = Path(),
    as_json: AsJson = False,
) -> None:
    """Copy ledger, registry, accounts, artifacts, speakers and records to a new folder."""
    from voxgate.wiring.backup import back_up

    counts = back_up(_stores(store, root), target)
    lines = [f"{name}: {count} files" for name, count in counts.items()]
    print_answer(counts, "\n".join([*lines, f"backup: {target}"]), as_json)


def restore(
    source: Annotated[Path, typer.Argument(help="Folder that `voxgate backup` wrote.")],
    store: Stores = None,
    root: AnyRoot = Path(),
    as_json: AsJson = False,
) -> None:
    """Fill empty stores from a backup; refuses a damaged one and stores that hold anything."""
    from voxgate.wiring.backup import restore as put_back

    done = put_back(source, _stores(store, root))
    lines = [f"{name}: {where}" for name, where in done.items()]
    print_answer(done, "\n".join([*lines, "now: voxgate audit verify"]), as_json)


def _stores(options: list[str] | None, root: Path) -> dict[str, str]:
    from voxgate.settings import load_settings
    from voxgate.wiring.backup import default_stores

    if not options:
        return default_stores(load_settings(), root)
    stores: dict[str, str] = {}
    faults = []
    for option in options:
        name, found, url = option.partition("=")
        if not found or name in stores:
            # The value may hold a password, so it is not repeated.
            faults.append(f"expected NAME=URL, each name once, got one for {name.split(':')[0]!r}")
        elif "@" in url and ":" in url.partition("://")[2].rpartition("@")[0]:
            faults.append(f"{name}: a password here is seen by all users; put it into PGPASSFILE")
        stores[name] = url
    if faults:
        raise ConfigError("--store", faults)
    return stores
