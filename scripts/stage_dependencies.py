"""Keep the `deps` of dvc.yaml equal to the modules that each stage really runs.

`--check` compares and exits 1 on a difference; `--write` corrects the file. A module that a stage
imports, directly or not, changes the bytes that the stage may write, so it belongs to its digest.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from voxgate.code_digest import PACKAGES, closure_sources

ROOT = Path(__file__).resolve().parent.parent
SHOWN = 8


def stage_sources(stage: str) -> list[str]:
    """Return what `python -m tasks STAGE` may run, relative to the root."""
    return list(closure_sources([f"tasks.stages.{stage}", "tasks.__main__"]))


def _is_code(dependency: str) -> bool:
    return dependency.partition("/")[0] in PACKAGES


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
    stale = False
    for stage, body in document["stages"].items():
        listed = [dep for dep in body["deps"] if _is_code(dep)]
        expected = stage_sources(stage)
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
