"""Real recordings in another language: what the speaker of the example corpus says in Spanish."""

from __future__ import annotations

from pathlib import Path

from voxgate.adapters.corpora.apt import DebianPackage, fetch_packages, unpack_packages
from voxgate.audio.decoding import DecodingBounds, decode_file
from voxgate.audio.resampling import mix_down
from voxgate.errors import AssetError
from voxgate.temporaries import scratch_directory
from voxgate.types import Wave

__all__ = ["ASTERISK_SPANISH", "load_spanish"]

ASTERISK_SPANISH = DebianPackage(
    name="asterisk-core-sounds-es-g722",
    version="1.6.1-1",
    sha256="e4e3b4281057d3b81b779298fd6be705f57411513955c518eed1bcaabbd615b8",
)

_MIN_S, _MAX_S = 1.5, 15.0
_G722_BYTES_PER_S = 8000


def load_spanish(store: Path, *, package: DebianPackage = ASTERISK_SPANISH) -> list[Wave]:
    """Return recordings of 1.5 to 15 s at 16 kHz, in the order of their names.

    Args:
        store: folder of the packages; the package is fetched into it if it is not there.
        package: a package of G.722 files.

    Raises:
        AssetError: it cannot be fetched, is not the pinned one, or holds no such recording.
    """
    files = fetch_packages([package], store)
    bounds = DecodingBounds(min_sample_rate_hz=16_000, max_duration_s=_MAX_S + 1)
    with scratch_directory() as folder:
        unpack_packages(files, folder)
        fitting = [
            path
            for path in sorted(folder.rglob("*.g722"))
            if _MIN_S <= path.stat().st_size / _G722_BYTES_PER_S <= _MAX_S
        ]
        if not fitting:
            raise AssetError(
                f"{files[0].name}: expected G.722 files of {_MIN_S} to {_MAX_S} s, found none"
            )
        return [mix_down(decode_file(path, bounds).samples) for path in fitting]
