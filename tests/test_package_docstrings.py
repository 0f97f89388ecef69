"""What a package says of its order is the order of its imports."""

from __future__ import annotations

import ast
import re
from itertools import combinations
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
TOPS = ("flows", "tasks", "models", "voxgate")
PACKAGES = sorted(
    ".".join(path.parent.relative_to(ROOT).parts)
    for top in TOPS
    for path in (ROOT / top).rglob("__init__.py")
)
# What a package speaks of and does not hold: names of presets, commands and files.
OUTSIDE = {"mini"}


def docstring(package: str) -> str:
    source = ROOT.joinpath(*package.split("."), "__init__.py").read_text(encoding="utf-8")
    said = ast.get_docstring(ast.parse(source))
    assert said, f"{package} does not say what it is"
    return said


def named_modules(package: str) -> list[str]:
    return [n for n in re.findall(r"`(\w+)`", docstring(package)) if n not in OUTSIDE]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*TOPS, cache_dir=None)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_docstring_names_what_the_package_holds(package: str) -> None:
    folder = ROOT.joinpath(*package.split("."))
    assert set(named_modules(package)) <= {path.stem for path in folder.iterdir()}


@pytest.mark.parametrize("package", [p for p in PACKAGES if "n order: " in docstring(p)])
def test_what_is_named_in_order_imports_only_what_is_named_before(
    package: str, graph: grimp.ImportGraph
) -> None:
    named = list(dict.fromkeys(named_modules(package)))
    against = [
        f"{first} imports {second}"
        for first, second in combinations(named, 2)
        if graph.find_shortest_chains(f"{package}.{first}", f"{package}.{second}", as_packages=True)
    ]
    assert against == []
