"""The templates of reports. Jinja2 escapes everything in HTML; an unknown name is an error."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

__all__ = ["open_templates"]

_MARKDOWN = re.compile(r"([\\`*_{}\[\]#+!|~])")


@cache
def open_templates(package: str = "voxgate.reporting") -> Environment:
    """Return the environment of the folder `templates` of a package; Markdown escapes by `md`.

    Every page has the one style sheet inside, as `style`, and its sha256 as `style_digest`.
    """
    environment = Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=select_autoescape(("html.j2",), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = files("voxgate.reporting").joinpath("templates/style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment.globals.update(style=style, style_digest=digest)  # the policy admits this one only
    environment.filters["flac"] = _data_uri
    environment.filters["md"] = _markdown
    return environment


def _data_uri(data: bytes) -> str:
    return f"data:audio/flac;base64,{base64.b64encode(data).decode()}"


def _markdown(value: object) -> str:
    """Return a text on one line in which nothing is markup."""
    text = html.escape(" ".join(str(value).split()), quote=False)
    return _MARKDOWN.sub(r"\\\1", text)
