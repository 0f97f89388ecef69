"""Copies of a checkout with a voice that is live, in which the example's campaign is made anew."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from voxgate.params import load_params

__all__ = ["copy_site", "say", "write_spec"]

_EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "campaign" / "campaign.yaml"


def copy_site(site: Path, root: Path) -> Path:
    """Copy a checkout to `root`, instead of what is there; returns `root`."""
    if root.exists():
        shutil.rmtree(root)
    shutil.copytree(site, root, symlinks=True)
    return root


def write_spec(root: Path, name: str) -> Path:
    """Write the example's campaign under another name, for the voice of this checkout."""
    model = load_params(root / "params.yaml").gate.model_name
    named = {"campaign:": f"campaign: {name}", "model:": f"model: {model}"}
    lines = [
        named.get(line.split(" ")[0], line)
        for line in _EXAMPLE.read_text(encoding="utf-8").splitlines()
    ]
    spec = root / f"{name}.yaml"
    spec.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return spec


def say(text: str) -> None:
    """Print a line at once: whoever measures for an hour wants to see how far it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
