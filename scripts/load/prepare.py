"""A checkout with a released voice, from a finished run, without running anything again.

    python -m scripts.load.prepare FINISHED_CHECKOUT TARGET

Copies what a server needs of a checkout in which `make run` reached a verdict, approves the version
that waits there, and makes a speaker of the benchmark a second profile. The copy is for load only:
its ledger says so in the reason.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
from pathlib import Path

from scripts.load.target import LoadError, ServeSite

__all__ = ["prepare"]

_FILES = ("params.yaml", "data.dvc", "dvc.yaml", "dvc.lock", "pyproject.toml", "prefect.yaml")
_FOLDERS = (
    "benchmark",
    "build/train",
    "build/evaluate",
    ".voxgate/bundles",
    ".voxgate/heads",
    ".voxgate/ledger",
    ".voxgate/mlflow",
)
_SPEAKER = "am_michael-3"
_PROFILE = "michael"
_CONSENT = """
scope: internal
source: synthetic speakers of the benchmark (benchmark/speakers/README.md)
licence: Apache-2.0
attribution: none needed
statement: synthetic speech, which may be used for measurements
"""
_BY = "Load Report"
_REASON = "released in a copy, to be measured under load"


def prepare(source: Path, target: Path) -> int:
    """Copy the checkout and make its candidate live; returns the version that is live.

    Raises:
        LoadError: the target exists, the run is not finished, or its verdict does not allow it.
    """
    if target.exists():
        raise LoadError(f"{target} exists; name a new folder")
    if not (source / ".voxgate" / "ledger").is_dir():
        raise LoadError(f"{source}: no ledger; finish `make run` there first")
    target.mkdir(parents=True)
    for name in _FILES:
        if (source / name).is_file():
            shutil.copy2(source / name, target / name)
    for name in _FOLDERS:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
    subprocess.run(["git", "init", "-q", str(target)], check=True)  # noqa: S607
    site = ServeSite(root=target)
    version = _make_live(site)
    _enrol(site, target)
    return version


def _make_live(site: ServeSite) -> int:
    status = json.loads(site.run("status", "--json"))
    if status["live"] is not None:
        return int(status["live"]["version"])
    if status["candidate"] is None:
        raise LoadError(f"{site.root}: no version waits for a decision")
    version = int(status["candidate"]["version"])
    site.run("approve", str(version), "--by", _BY, "--reason", _REASON)
    return version


def _enrol(site: ServeSite, root: Path) -> None:
    """Make a second profile, of a speaker of the benchmark; L5 asks for two."""
    consent = root / "load-consent.yaml"
    consent.write_text(_CONSENT, encoding="utf-8")
    recording = root / "benchmark" / "speakers" / f"{_SPEAKER}.flac"
    words = ("enrol", _PROFILE, str(recording), "--consent", str(consent), "--by", _BY)
    site.run("speakers", *words)
    site.run("speakers", "activate", _PROFILE, "--by", _BY, "--reason", _REASON)


def main() -> None:
    """Parse the command line and prepare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    chosen = parser.parse_args()
    try:
        version = prepare(chosen.source.resolve(), chosen.target.resolve())
    except LoadError as error:
        raise SystemExit(str(error)) from None
    print(f"{chosen.target}: version {version} is live")


if __name__ == "__main__":
    main()
