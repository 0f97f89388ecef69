"""Name the code behind a result: a changed line must not meet yesterday's number.

What a module imports, directly or not, changes the bytes that it may write. So the code behind a
result is the import closure of the modules that make it, read from the source without running it.
dvc.yaml, the resume folder of training and the caches of evaluation all ask here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from voxgate.files import digest_file, digest_json

if TYPE_CHECKING:
    import grimp

__all__ = ["PACKAGES", "closure_sources", "code_digest", "import_closure"]

PACKAGES = ("models", "tasks", "voxgate")
"""Whose modules count; other people's code is pinned by the lock file."""

_DATA = "data"
"""Folder in which a package keeps what it reads: dictionaries, tables, weights."""


def code_digest(entries: Iterable[str], *, packages: tuple[str, ...] = PACKAGES) -> str:
    """Return one digest of all source files in the import closure of modules, with their data.

    It is the same wherever the packages are installed.

    Raises:
        ValueError: an entry is no module of `packages`.
    """
    sources = closure_sources(entries, packages=packages)
    return digest_json(
        {
            (name if file == path else f"{name}/{file.relative_to(path).as_posix()}"): digest_file(
                file
            )
            for name, path in sources.items()
            for file in _files(path)
        }
    )


def closure_sources(
    entries: Iterable[str], *, packages: tuple[str, ...] = PACKAGES
) -> dict[str, Path]:
    """Return the source files and `data` folders of a closure by name, such as `voxgate/files.py`.

    Raises:
        ValueError: an entry is no module of `packages`.
    """
    found: dict[str, Path] = {}
    for module in import_closure(entries, packages=packages):
        top, *below = module.split(".")
        stem = Path(_folder(top), *below)
        name = "/".join([top, *below])
        if stem.is_dir():
            found[f"{name}/__init__.py"] = stem / "__init__.py"
            if (stem / _DATA).is_dir():
                found[f"{name}/{_DATA}"] = stem / _DATA
        else:
            found[f"{name}.py"] = stem.with_suffix(".py")
    return dict(sorted(found.items()))


def import_closure(
    entries: Iterable[str], *, packages: tuple[str, ...] = PACKAGES
) -> frozenset[str]:
    """Return every module that importing `entries` may run, now or lazily, themselves included.

    Raises:
        ValueError: an entry is no module of `packages`.
    """
    graph = _graph(packages)
    reached: set[str] = set()
    waiting = set(entries)
    if unknown := sorted(waiting - graph.modules):
        raise ValueError(f"no modules of {', '.join(packages)}: {', '.join(unknown)}")
    while waiting:
        module = waiting.pop()
        reached.add(module)
        # Importing a.b.c runs a/__init__.py and a/b/__init__.py too, and what they import.
        waiting |= {*graph.find_upstream_modules(module), *_parents(module)} - reached
    return frozenset(reached)


@cache
def _graph(packages: tuple[str, ...]) -> grimp.ImportGraph:
    import grimp

    return grimp.build_graph(*packages, cache_dir=None)


def _parents(module: str) -> Iterator[str]:
    parts = module.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts)))


def _folder(package: str) -> str:
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations, f"{package} has no folder"
    return spec.submodule_search_locations[0]


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    yield from (file for file in sorted(path.rglob("*")) if file.is_file())
