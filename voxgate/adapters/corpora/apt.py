"""Fetch the Asterisk sounds through apt, without root and without touching the system's apt.

apt reads the system's sources and keys; its lists, caches and state lie in a private folder.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voxgate.corpus.asterisk import LayoutReport, lay_out_asterisk
from voxgate.errors import AssetError
from voxgate.files import digest_file
from voxgate.temporaries import scratch_directory

__all__ = [
    "ASTERISK_ENGLISH",
    "DebianPackage",
    "fetch_packages",
    "lay_out_english",
    "unpack_packages",
]

_TIMEOUT_S = 900.0


@dataclass(frozen=True, kw_only=True)
class DebianPackage:
    """One pinned package: only the file with this sha256 is used."""

    name: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """Name of the file that `apt-get download` writes (architecture `all`)."""
        return f"{self.name}_{self.version}_all.deb"


ASTERISK_ENGLISH = (
    DebianPackage(
        name="asterisk-core-sounds-en-g722",
        version="1.6.1-1",
        sha256="38c5261820b406dcb0ecb37675720da2b0864850690690352ca52707eb623806",
    ),
    DebianPackage(
        name="asterisk-core-sounds-en",
        version="1.6.1-1",
        sha256="973e797d28e37fa6ca3c0a9d6fa717e77cf1268ae916bf09fd3503113cdffa50",
    ),
)


def fetch_packages(packages: Sequence[DebianPackage], store: Path) -> list[Path]:
    """Return the packages' files in `store`, downloading those that are not there.

    Raises:
        AssetError: there is no apt-get (a system other than Debian), apt could not get a package,
            or what arrived is not the pinned file.
    """
    store.mkdir(parents=True, exist_ok=True)
    missing = [package for package in packages if not _is_stored(package, store)]
    if missing:
        _require_programs("apt-get", "dpkg-deb")
        with scratch_directory(store) as folder:
            _download(missing, folder)
            for package in missing:
                arrived = folder / package.file_name
                _check(package, arrived)
                arrived.replace(store / package.file_name)
    return [store / package.file_name for package in packages]


def lay_out_english(packages: Sequence[Path], data_dir: Path) -> LayoutReport:
    """Unpack the English packages into a temporary folder and lay them out in `data_dir`."""
    with scratch_directory() as folder:
        unpack_packages(packages, folder)
        share = folder / "usr" / "share"
        listing = share / "doc" / "asterisk-core-sounds-en" / "core-sounds-en.txt.gz"
        transcripts = gzip.decompress(listing.read_bytes()).decode("utf-8")
        sounds = share / "asterisk" / "sounds" / "en_US_f_Allison"
        return lay_out_asterisk(sounds, transcripts, data_dir)


def unpack_packages(packages: Sequence[Path], folder: Path) -> None:
    """Unpack the files of packages into `folder`; nothing of them is executed.

    Raises:
        AssetError: there is no dpkg-deb, or a package is broken.
    """
    _require_programs("dpkg-deb")
    for package in packages:
        _run(["dpkg-deb", "-x", str(package), str(folder)])


def _is_stored(package: DebianPackage, store: Path) -> bool:
    path = store / package.file_name
    return path.is_file() and digest_file(path) == package.sha256


def _download(packages: Sequence[DebianPackage], folder: Path) -> None:
    options = _private_options(folder)
    _run(["apt-get", *options, "update"], cwd=folder)
    names = [f"{package.name}={package.version}" for package in packages]
    _run(["apt-get", *options, "download", *names], cwd=folder)


def _private_options(folder: Path) -> list[str]:
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    status = folder / "status"
    status.touch()
    settings = {
        "Dir::State": folder,
        "Dir::State::Lists": folder / "lists",
        "Dir::State::status": status,
        "Dir::Cache": folder / "cache",
        "Debug::NoLocking": "1",
        # As root, apt would drop to a user that cannot enter a private folder.
        "APT::Sandbox::User": "",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    options = ["--quiet", "--assume-yes"]
    for key, value in settings.items():
        options += ["-o", f"{key}={value}"]
    return options


def _check(package: DebianPackage, arrived: Path) -> None:
    actual = digest_file(arrived) if arrived.is_file() else "no file"
    if actual != package.sha256:
        raise AssetError(
            f"{package.file_name}: expected sha256 {package.sha256}, got {actual}; the package "
            "source serves another file: check apt's sources, do not use it"
        )


def _require_programs(*programs: str) -> None:
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        raise AssetError(
            f"{' and '.join(missing)} not found: the corpus comes as Debian packages. On another "
            "system use recordings of your own: `voxgate corpus add DIR --speaker ID "
            "--consent FILE.yaml` (docs/corpus.md)."
        )


def _run(command: Sequence[str], *, cwd: Path | None = None) -> None:
    try:
        subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
            capture_output=True,
            text=True,
            check=True,
            timeout=_TIMEOUT_S,
        )
    except subprocess.CalledProcessError as error:
        said = "; ".join(line for line in error.stderr.splitlines() if line.strip())
        raise AssetError(
            f"`{command[0]} {command[-1]}` failed: {said or 'no message'}. Check the network and "
            "apt's sources (`deb` lines with the component main), or use recordings of your own "
            "with `voxgate corpus add`."
        ) from error
    except subprocess.TimeoutExpired:
        raise AssetError(
            f"`{command[0]} {command[-1]}` took longer than {_TIMEOUT_S:.0f} s; try again"
        ) from None
