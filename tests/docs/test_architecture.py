"""docs/architecture.md names what exists, and every package has its paragraph."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGES = {
    path.parent.relative_to(ROOT).as_posix() + "/"
    for top in ("flows", "tasks", "models", "voxgate")
    for path in (ROOT / top).rglob("__init__.py")
}
# What a run makes, and so is in no fresh clone.
MADE = ("build/", "data/")
NAMED = sorted(
    {
        name
        for name in re.findall(r"`([\w./-]+)`", PAGE)
        if "/" in name or name.endswith((".py", ".yaml", ".md", ".toml", ".json"))
    }
)
PATHS = [name for name in NAMED if "/" in name and not name.startswith(MADE)]


def test_every_package_has_its_paragraph() -> None:
    paragraphs = re.findall(r"^\*\*`([\w/]+/)`\*\* \S", PAGE, re.MULTILINE)
    assert sorted(paragraphs) == sorted(PACKAGES)


def test_the_page_names_paths() -> None:
    assert len(PATHS) > 80


@pytest.mark.parametrize("path", PATHS)
def test_each_named_path_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_a_file_that_is_named_alone_stands_beside_a_folder_that_has_it() -> None:
    """`a.py`, `b.py` of `folder/`: one of the folders that the entry names holds it."""
    lost = [
        name
        for entry in re.split(r"^#{2,3} ", PAGE, flags=re.MULTILINE)
        for name in re.findall(r"`([\w.-]+\.(?:py|yaml|md|toml))`", entry)
        if not any(
            (ROOT / folder / name).exists() for folder in ["", *re.findall(r"`([\w/]+/)`", entry)]
        )
    ]
    assert lost == []


def test_each_recipe_names_a_test() -> None:
    recipes = PAGE.partition("## To add or change something")[2].split("\n### ")[1:]
    assert len(recipes) >= 11
    assert [recipe.splitlines()[0] for recipe in recipes if "tests/" not in recipe] == []
