"""Small Debian packages, built by dpkg-deb like real ones."""

from __future__ import annotations

import subprocess
from pathlib import Path

from voxgate.adapters.corpora.apt import DebianPackage
from voxgate.files import digest_file


def build_package(folder: Path, name: str, files: dict[str, bytes]) -> DebianPackage:
    tree = folder / name
    for relative, content in files.items():
        (tree / relative).parent.mkdir(parents=True, exist_ok=True)
        (tree / relative).write_bytes(content)
    control = (
        f"Package: {name}\nVersion: 1.0-1\nArchitecture: all\n"
        "Maintainer: nobody <nobody@example.invalid>\nDescription: made by a test\n"
    )
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN" / "control").write_text(control)
    target = folder / f"{name}_1.0-1_all.deb"
    command = ["dpkg-deb", "--build", "--root-owner-group", str(tree), str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return DebianPackage(name=name, version="1.0-1", sha256=digest_file(target))
