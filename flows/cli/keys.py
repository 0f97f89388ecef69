"""`voxgate keys create|list|revoke`: who may ask the speech service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root
from voxgate.clock import utc_now
from voxgate.errors import ConfigError

if TYPE_CHECKING:
    from voxgate.serving.api_keys import ApiKey, KeyClass, KeyStore, Purpose

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Keys of the speech service: make, list, revoke.")

_LONGEST_DAYS = 3_650


@app.command()
def create(  # noqa: PLR0913, PLR0917  # one argument for each option
    label: Annotated[str, typer.Argument(help="Whose key it is, for the list.")],
    key_class: Annotated[
        str, typer.Option("--class", help="real-time, interactive, or batch.")
    ] = "real-time",
    right: Annotated[
        list[str] | None, typer.Option(help="What it may do; again for each. Default: speak.")
    ] = None,
    purpose: Annotated[
        str, typer.Option(help="evaluation, internal, or publication.")
    ] = "internal",
    per_minute: Annotated[int, typer.Option(help="Requests a minute.")] = 600,
    concurrency: Annotated[int, typer.Option(help="Requests at once.")] = 8,
    days: Annotated[
        int | None, typer.Option(help="How long it is valid.", min=1, max=_LONGEST_DAYS)
    ] = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Make a key and show it: this once, for only a hash of it is kept."""
    from voxgate.serving.api_keys import issue_key

    now = utc_now()
    key, token = issue_key(
        label,
        key_class=_class(key_class),
        rights=right or ["speak"],
        purpose=_purpose(purpose),
        per_minute=per_minute,
        concurrency=concurrency,
        now=now,
        expires_at=None if days is None else now + timedelta(days=days),
    )
    _open(root).add(key)
    lines = [token, f"key {key.key_id} of {key.label}; it is shown this once, so keep it now"]
    print_answer({"token": token, **_as_json(key)}, "\n".join(lines), as_json)


@app.command("list")
def list_(root: Root = Path(), as_json: AsJson = False) -> None:
    """Show every key, without its secret."""
    now = utc_now()
    found = _open(root).all()
    lines = [_describe(key, now) for key in found] or ["no keys: `voxgate keys create LABEL`"]
    print_answer([_as_json(key) for key in found], "\n".join(lines), as_json)


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The 12 characters after `vg_`.")],
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Close a key for good; a server that runs knows within seconds."""
    if not _open(root).revoke(key_id, at=utc_now()):
        raise ConfigError("key", [f"{key_id}: no open key has this id; see `voxgate keys list`"])
    print_answer({"revoked": key_id}, f"{key_id} opens nothing any more", as_json)


def _open(root: Path) -> KeyStore:
    from voxgate.settings import load_settings
    from voxgate.wiring.api_keys import open_keys

    return open_keys(load_settings(), root)


def _class(given: str) -> KeyClass:
    from voxgate.serving.api_keys import KeyClass

    try:
        return KeyClass(given)
    except ValueError:
        expected = ", ".join(KeyClass)
        raise ConfigError("--class", [f"expected one of {expected}, got {given!r}"]) from None


def _purpose(given: str) -> Purpose:
    from voxgate.serving.api_keys import PURPOSES

    for purpose in PURPOSES:
        if given == purpose:
            return purpose
    raise ConfigError("--purpose", [f"expected one of {', '.join(PURPOSES)}, got {given!r}"])


def _describe(key: ApiKey, now: datetime) -> str:
    state = "valid" if key.is_valid(now) else "revoked" if key.revoked_at else "expired"
    until = "for good" if key.expires_at is None else f"until {_day(key.expires_at)}"
    return (
        f"{key.key_id}  {state:8}{key.key_class.value:12}{key.purpose:12}"
        f"{key.per_minute}/min, {key.concurrency} at once  {' '.join(sorted(key.rights))}  "
        f"{key.label}  since {_day(key.created_at)}, {until}"
    )


def _as_json(key: ApiKey) -> dict[str, Any]:
    def text(at: datetime | None) -> str | None:
        return None if at is None else at.isoformat()

    return {
        "key_id": key.key_id,
        "label": key.label,
        "class": key.key_class.value,
        "rights": sorted(key.rights),
        "purpose": key.purpose,
        "per_minute": key.per_minute,
        "concurrency": key.concurrency,
        "created_at": text(key.created_at),
        "expires_at": text(key.expires_at),
        "revoked_at": text(key.revoked_at),
    }


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()
