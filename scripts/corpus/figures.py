"""Everything that docs/benchmarks.md says of an hour without a list, in one run.

    python -m scripts.corpus.figures WORK [--cases en es fr en-noise en-music en-reverb] \
        [--minutes 60] [--hours FOLDER] [--root CHECKOUT]

For each case: build the recording, import it into a clone of CHECKOUT (the current folder), go the
plain way on the same recording, measure both. Each step leaves its result in WORK/CASE; a second
call does only what is missing, and a step that did not end is done anew. WORK gets figures.json and
figures.md. `--hours` is where recordings lie, or will (WORK/hours).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.campaign.commands import VOXGATE
from scripts.campaign.sites import say
from scripts.corpus.hour import RECORDING, build_hour
from scripts.corpus.room import Room
from scripts.corpus.score import score_import, score_plain
from scripts.corpus.table import Case, Made, render
from scripts.corpus.watching import Took, watch_command
from scripts.load.machine import describe
from voxgate.files import read_json, write_json, write_text
from voxgate.params import load_params
from voxgate.text.languages import LANGUAGES

__all__ = ["RECIPES", "Recipe", "import_command", "measure"]

_CONSENT = {
    "scope": "evaluation",
    "source": "Debian packages asterisk-core-sounds 1.6.1-1, concatenated",
    "licence": "CC-BY-SA-3.0",
    "attribution": "Asterisk core sounds. Copyright 2003-2010 Allison Smith, June Wallack, "
    "Carlo Flora, Maxim Topal",
    "statement": "The licences cover the copyright in these recordings and grant no rights in the "
    "speakers' voices. They serve to evaluate the import, and nothing is published.",
}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How the recording of a case is made; `minutes` None is as long as the run says."""

    language: str
    minutes: float | None = None
    room: Room = field(default_factory=Room)


RECIPES = {
    "en": Recipe(language="en"),
    "es": Recipe(language="es"),
    "fr": Recipe(language="fr"),
    "en-noise": Recipe(language="en", minutes=10, room=Room(noise_db=20)),
    "en-music": Recipe(language="en", minutes=10, room=Room(music_db=15)),
    "en-reverb": Recipe(language="en", minutes=10, room=Room(reverb=True)),
}


def main() -> int:
    """Measure the cases of the command line and write the two files."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("work", type=Path)
    options.add_argument("--cases", nargs="+", choices=sorted(RECIPES), default=list(RECIPES))
    options.add_argument("--minutes", type=float, default=60.0)
    options.add_argument("--hours", type=Path)
    options.add_argument("--root", type=Path, default=Path())
    given = options.parse_args()
    cases = []
    for name in given.cases:
        hour = (given.hours or given.work / "hours") / name
        recipe = RECIPES[name]
        _build(hour, recipe, minutes=recipe.minutes or given.minutes)
        cases.append(measure(name, hour, given.work / name, root=given.root))
        _write(given.work, cases)
    say(render(cases))
    return 0


def measure(name: str, hour: Path, folder: Path, *, root: Path) -> Case:
    """Import the recording in `hour`, go the plain way, and measure both; work lies in `folder`."""
    facts = read_json(hour / "facts.json")
    language = str(facts["language"])
    site, segments = folder / "site", folder / "segments.json"
    folder.mkdir(parents=True, exist_ok=True)
    ours_took = folder / "import_took.json"
    if not ours_took.is_file():
        _clone(root, site)
        _watch(import_command(hour, site, folder, language=language), ours_took)
    plain_took = folder / "plain_took.json"
    if not plain_took.is_file():
        recording = str(hour / RECORDING)
        module = [sys.executable, "-m", "scripts.corpus.baseline"]
        _watch([*module, recording, str(segments), "--language", language], plain_took)
    room_s = load_params(site / "params.yaml").cut.edge_room_s
    return Case(
        name=name,
        minutes=facts["minutes"],
        ours=Made(score=score_import(hour, site, room_s=room_s), took=_took(ours_took)),
        plain=Made(score=score_plain(hour, segments), took=_took(plain_took)),
    )


def import_command(hour: Path, site: Path, folder: Path, *, language: str) -> list[str]:
    """Return the one command that an owner of the recording would give.

    A language without a front end has one aligner only, which the owner must accept.
    """
    consent = folder / "consent.yaml"
    write_text(consent, "".join(f"{key}: {json.dumps(value)}\n" for key, value in _CONSENT.items()))
    command = [VOXGATE, "corpus", "import", str((hour / RECORDING).resolve())]
    command += ["--speaker", f"speaker-{language}", "--language", language]
    command += ["--consent", str(consent.resolve()), "--root", str(site.resolve())]
    return command if language in LANGUAGES else [*command, "--one-aligner"]


def _build(hour: Path, recipe: Recipe, *, minutes: float) -> None:
    if not (hour / "facts.json").is_file():
        say(f"building {hour}")
        build_hour(hour, language=recipe.language, minutes=minutes, seed=1, room=recipe.room)


def _clone(root: Path, site: Path) -> None:
    """Make a fresh clone: what is in data/ afterwards is of the import alone."""
    if site.exists():
        shutil.rmtree(site)
    git = shutil.which("git") or "git"
    subprocess.run([git, "clone", "--quiet", str(root.resolve()), str(site)], check=True)


def _watch(command: Sequence[str], took: Path) -> None:
    say(" ".join(command))
    write_json(took, watch_command(command, took.with_suffix(".log")).as_json())


def _took(path: Path) -> Took:
    return Took(**read_json(path))


def _write(work: Path, cases: Sequence[Case]) -> None:
    figures = {
        case.name: {
            way: {"score": made.score.as_json(), "took": made.took and made.took.as_json()}
            for way, made in (("import", case.ours), ("plain", case.plain))
            if made is not None
        }
        | {"minutes": dict(case.minutes)}
        for case in cases
    }
    write_json(work / "figures.json", {"machine": describe(), "cases": figures})
    write_text(work / "figures.md", f"{describe()}\n\n{render(cases)}")


if __name__ == "__main__":
    sys.exit(main())
