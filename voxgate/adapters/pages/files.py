"""The files of a page, and what a browser is told with them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

__all__ = ["HEADERS", "page_files"]

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_SHARED = ("base.css", "desk.js", "nodes.js")
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


def page_files(package: str) -> dict[str, tuple[bytes, str]]:
    """Return the files in the folder `page` of a package, and those that pages share.

    By name: bytes and media type.
    """
    own, shared = files(package) / "page", files("voxgate.adapters.pages")
    found = [*own.iterdir(), *(shared / name for name in _SHARED)]
    return {file.name: (file.read_bytes(), _KINDS[Path(file.name).suffix]) for file in found}
