"""Scratch checkouts with many small recordings, real Git and real DVC.

python -m scripts.scale.dvc_site make SITE --files 10000
python -m scripts.scale.dvc_site extend SITE --files 100
python -m scripts.scale.dvc_site pack SITE SHARDS
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from voxgate.corpus.consent import Consent, ConsentScope, dump_consents
from voxgate.corpus.manifest import Recording, read_manifest, write_manifest
from voxgate.files import write_text
from voxgate.stage import Workspace

__all__ = ["extend_site", "make_site", "pack_recordings"]

SPEAKER = "synthetic"
SAMPLES = 490
"""16-bit samples a recording: with the header of a WAV file 1,024 bytes."""

RATE_HZ = 16_000
FOLDER_FILES = 1_000
SHARD_FILES = 1_000
SAID = (
    "please wait while we connect your call to the next free line of our office in the city your "
    "account number ends with seven nine four press one for news or stay on the line thank you for "
    "calling today we are open from eight to six on weekdays is there anything else"
)
SOURCE = Path(__file__).resolve().parents[2]

_CONFIG = """[core]
    analytics = false
    autostage = false
    check_update = false
    site_cache_dir = .voxgate/site
    remote = local
['remote "local"']
    url = ../.voxgate/dvc-remote
"""


def make_site(root: Path, files: int) -> None:
    """Make a checkout of so many recordings that are not registered yet; the rest is in Git."""
    root.mkdir(parents=True)
    _git(root, "init", "--quiet")
    subprocess.run([sys.executable, "-m", "dvc", "init", "--quiet"], cwd=root, check=True)
    write_text(root / ".dvc" / "config", _CONFIG)
    write_text(root / ".gitignore", "/data\n/.voxgate/\n/build/\n")
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copy(SOURCE / name, root)
    shutil.copytree(SOURCE / "benchmark", root / "benchmark")
    data = Workspace(root).data_dir
    recordings = [_write_recording(data, number) for number in range(files)]
    write_manifest(data / "manifest.csv", recordings)
    write_text(data / "consent.yaml", dump_consents({SPEAKER: _CONSENT}))
    _commit(root, "Start")


def extend_site(root: Path, files: int) -> None:
    """Add recordings to data/, and commit the data.dvc that is there before."""
    _commit(root, "Register")
    workspace = Workspace(root)
    old = read_manifest(workspace.manifest)
    new = [_write_recording(workspace.data_dir, len(old) + number) for number in range(files)]
    write_manifest(workspace.manifest, [*old, *new])


def pack_recordings(root: Path, shards: Path) -> None:
    """Write the recordings of data/ into tar files, in the order of their names, beside the lists.

    Times and owners are left out, so that the same recordings give the same bytes.
    """
    data = Workspace(root).data_dir
    shards.mkdir(parents=True, exist_ok=True)
    for name in ("manifest.csv", "consent.yaml"):
        shutil.copy(data / name, shards)
    paths = sorted(recording.path for recording in read_manifest(data / "manifest.csv"))
    for number, start in enumerate(range(0, len(paths), SHARD_FILES)):
        with tarfile.open(shards / f"audio-{number:05}.tar", "w") as shard:
            for path in paths[start : start + SHARD_FILES]:
                with (data / path).open("rb") as stream:
                    entry = tarfile.TarInfo(path)
                    entry.size = (data / path).stat().st_size
                    shard.addfile(entry, stream)


def main() -> int:
    """Do one of the three."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", choices=["make", "extend", "pack"])
    options.add_argument("site", type=Path)
    options.add_argument("shards", type=Path, nargs="?")
    options.add_argument("--files", type=int, default=1_000)
    given = options.parse_args()
    if given.what == "make":
        make_site(given.site, given.files)
    elif given.what == "extend":
        extend_site(given.site, given.files)
    else:
        pack_recordings(given.site, given.shards)
    return 0


_CONSENT = Consent(
    scope=ConsentScope.INTERNAL,
    source="made by a script",
    licence="none needed",
    attribution="nobody",
    statement="noise has no voice",
)


def _write_recording(data: Path, number: int) -> Recording:
    """Write noise that no other recording has; returns its line."""
    generator = np.random.default_rng(number)
    name = f"{number // FOLDER_FILES:04}/{number % FOLDER_FILES:04}"
    path = data / "audio" / SPEAKER / f"{name}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = generator.integers(-3_000, 3_000, SAMPLES, dtype=np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(noise.tobytes())
    text = " ".join(_words(generator)).capitalize() + "."
    relative = path.relative_to(data).as_posix()
    return Recording(f"{SPEAKER}/{name}", relative, SPEAKER, "en", text)


def _words(generator: np.random.Generator) -> Iterator[str]:
    words = SAID.split()
    for index in generator.integers(0, len(words), int(generator.integers(4, 16))):
        yield words[index]


def _commit(root: Path, message: str) -> None:
    identity = ["-c", "user.name=scale", "-c", "user.email=scale@example.invalid"]
    _git(root, "add", ".")
    _git(root, *identity, "commit", "--quiet", "--allow-empty", "--message", message)


def _git(root: Path, *arguments: str) -> None:
    command = ["git", "-C", str(root), *arguments]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(main())
