"""Keep the `deps` of dvc.yaml equal to the modules that each stage really runs.

`--check` compares and exits 1 on a difference; `--write` corrects the file. A module that a stage
imports, directly or not, changes the bytes that the stage may write, so it belongs to its digest.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import grimp
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("models", "tasks", "voxgate")
SHOWN = 8


def stage_modules(graph: grimp.ImportGraph, stage: str) -> list[str]:
    """Return the files, relative to the root, in the import closure of `tasks.<stage>`."""
    reached: set[str] = set()
    waiting = {f"tasks.{stage}", "tasks.__main__"}
    while waiting:
        module = waiting.pop()
        reached.add(module)
        # Importing a.b.c runs a/__init__.py and a/b/__init__.py too, and what they import.
        found = {*graph.find_upstream_modules(module), *_parents(module)}
        waiting |= found - reached
    return sorted({*map(_file, reached), *_data_folders(reached)})


def _data_folders(modules: set[str]) -> set[str]:
    """Return the `data` folders of the packages among `modules`: dictionaries, tables, weights."""
    folders = {Path(*module.split("."), "data") for module in modules}
    return {folder.as_posix() for folder in folders if (ROOT / folder).is_dir()}


def _parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def _is_code(dependency: str) -> bool:
    return dependency.partition("/")[0] in PACKAGES


def _file(module: str) -> str:
    path = Path(*module.split("."))
    package = path / "__init__.py"
    return (package if (ROOT / package).is_file() else path.with_suffix(".py")).as_posix()


def main() -> int:
    """Compare or correct dvc.yaml; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_true")
    action.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    yaml = YAML()
    yaml.width = 100
    document: dict[str, Any] = yaml.load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
    sys.path.insert(0, str(ROOT))
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    stale = False
    for stage, body in document["stages"].items():
        listed = [dep for dep in body["deps"] if _is_code(dep)]
        expected = stage_modules(graph, stage)
        if listed != expected:
            stale = True
            missing, surplus = set(expected) - set(listed), set(listed) - set(expected)
            sys.stderr.write(
                f"dvc.yaml: {stage}: {len(missing)} missing {sorted(missing)[:SHOWN]}, "
                f"{len(surplus)} surplus {sorted(surplus)[:SHOWN]}\n"
            )
            body["deps"] = [dep for dep in body["deps"] if not _is_code(dep)] + expected
    if write and stale:
        with (ROOT / "dvc.yaml").open("w", encoding="utf-8") as stream:
            yaml.dump(document, stream)
        return 0
    if stale:
        sys.stderr.write("run `python scripts/stage_dependencies.py --write`\n")
    return int(stale)


if __name__ == "__main__":
    sys.exit(main())
