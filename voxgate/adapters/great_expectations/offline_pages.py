"""Make the library's pages self-contained: they load nothing from other hosts and run nothing.

As rendered they fetch scripts, styles and pictures from seven hosts, for every reader of a
validation; whoever serves those could show other results.
"""

from __future__ import annotations

import html
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

from voxgate.files import write_text

__all__ = ["make_offline"]

_LOADING = frozenset(
    {"src", "href", "srcset", "poster", "data", "action", "background", "formaction"}
)
_DROPPED = frozenset({"script", "iframe", "object", "embed", "base"})
_VOID = frozenset({"embed", "base"})

# Browsers obey the policy: what slips through is not loaded either. Words stand for the icons of
# a font that would have been loaded.
_HEAD = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'; img-src 'self' file: data:">
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 1.5rem auto; max-width: 72rem; \
padding: 0 1rem; color: #222; background: #fff }
table { border-collapse: collapse; margin: .5rem 0 }
th, td { border: 1px solid #bbb; padding: .3rem .6rem; text-align: left; vertical-align: top }
a { color: #05c }
pre, code { white-space: pre-wrap }
img { max-width: 16rem }
nav ul, ol.breadcrumb { list-style: none; padding: 0 }
footer, .modal, .btn, button, form, input, img:not([src]), a[data-toggle] { display: none }
td .fa-check-circle::before { content: "passed"; color: #060 }
td .fa-times::before { content: "FAILED"; color: #a00 }
td .fa-exclamation-triangle::before { content: "ERROR"; color: #a00 }
.badge-success { color: #060 }
.badge-danger { color: #a00 }
</style>"""


def make_offline(folder: Path) -> None:
    """Rewrite all pages below `folder` so that they open without any request.

    A script fills the table of the index; in its place stands a list of the pages.

    Raises:
        StorageError: the disk refused.
    """
    for path in sorted(folder.rglob("*.html")):
        page = _OfflinePage()
        page.feed(path.read_text(encoding="utf-8"))
        page.close()
        text = "".join(page.parts)
        if path == folder / "index.html":
            text = text.replace("</body>", f"{_contents(folder)}</body>", 1)
        write_text(path, text)


def _contents(folder: Path) -> str:
    pages = [path.relative_to(folder) for path in sorted(folder.rglob("*.html"))]
    items = "".join(
        f'<li><a href="{quote(page.as_posix())}">{html.escape(page.parts[0])}: '
        f"{html.escape(_title(page))}</a></li>"
        for page in reversed(pages)
        if len(page.parts) > 1
    )
    return f"<h2>Pages</h2><ul>{items}</ul>"


def _title(page: Path) -> str:
    """The suite: its folder below validations/, its page below expectations/."""
    return page.parts[1].removesuffix(".html")


class _OfflinePage(HTMLParser):
    """Copies a page but for what loads or runs something."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._inside_dropped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._inside_dropped += tag not in _VOID
        elif tag != "link" or not any(_is_remote(name, value) for name, value in attrs):
            self._add(self._start(tag, attrs))
        if tag == "head":
            self._add(_HEAD)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._inside_dropped = max(0, self._inside_dropped - 1)
        else:
            self._add(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        # A style may load as well.
        remote = self.lasttag == "style" and ("@import" in data or "//" in data)
        self._add("" if remote else data)

    def handle_entityref(self, name: str) -> None:
        self._add(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._add(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._add(f"<!{decl}>")

    def _add(self, text: str) -> None:
        if not self._inside_dropped:
            self.parts.append(text)

    def _start(self, tag: str, attrs: list[tuple[str, str | None]]) -> str:
        kept = [
            (name, value)
            for name, value in attrs
            if not _is_remote(name, value) and not name.startswith("on")
        ]
        written = "".join(
            f" {name}" if value is None else f' {name}="{html.escape(value)}"'
            for name, value in kept
        )
        return f"<{tag}{written}>"


def _is_remote(name: str, value: str | None) -> bool:
    address = (value or "").strip().lower()
    if name == "style":
        return "url(" in address
    if name not in _LOADING:
        return False
    local = address.startswith(("#", "./", "../")) or "//" not in address
    return not local or address.startswith(("javascript:", "data:text"))
