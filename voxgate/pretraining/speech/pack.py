"""Make a small copy of the corpus for a GPU machine that has only PyTorch, torchaudio and numpy.

Ogg Opus at 24 kbit/s: 11 MB an hour. 8-bit mu-law (58 MB/h) and FLAC (60 to 70 MB/h) do not fit,
and features instead of audio would rule out losses on the wave. The pack carries its decoder,
libsndfile from the soundfile wheel (LGPL-2.1), and `unpack.py`, which needs numpy only.
"""

from __future__ import annotations

import gzip
import platform
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from voxgate.errors import AssetError, StorageError
from voxgate.files import canonical_json, digest_file, publish_directory, write_json
from voxgate.pretraining.speech import unpack
from voxgate.pretraining.speech.shards import (
    SAMPLE_RATE_HZ,
    Item,
    load_wave,
    read_items,
    shard_numbers,
)

__all__ = ["MAX_PACK_BYTES", "OPUS_LEVEL", "make_pack"]

MAX_PACK_BYTES = 60_000_000
OPUS_LEVEL = 1 - (24 - 6) / (256 - 6)
"""libsndfile maps the level 0..1 to 256..6 kbit/s a channel; this is 24 kbit/s."""
_DECODER = "libsndfile_x86_64.so"


def make_pack(corpus: Path, out: Path, *, max_bytes: int = MAX_PACK_BYTES) -> float:
    """Write as many shards as fit, in order, and return the hours of speech in the pack.

    Files: `NNNNNN.opus`, `index.jsonl.gz`, `manifest.json` (sha256 of each), `unpack.py` and the
    decoder. `start` and `samples` of the index hold in the decoded audio too.

    Raises:
        AssetError: this machine has no libsndfile for Linux x86-64.
        StorageError: not even one shard fits, or the disk refused.
    """
    decoder = _decoder()
    with publish_directory(out) as folder:
        shutil.copyfile(decoder, folder / _DECODER)
        shutil.copyfile(unpack.__file__, folder / "unpack.py")
        rows: list[Item] = []
        used = sum(path.stat().st_size for path in folder.iterdir())
        for number in shard_numbers(corpus):
            items = list(read_items(corpus, shards=[number]))
            path = folder / f"{number:06d}.opus"
            _encode(path, corpus, items)
            used += path.stat().st_size
            if used + _index_bytes([*rows, *items]) > max_bytes:
                path.unlink()
                break
            rows += items
        if not rows:
            raise StorageError(f"{out}: no shard of {corpus} fits into {max_bytes} bytes")
        _describe(folder, rows)
    return sum(item.duration_s for item in rows) / 3600


def _encode(path: Path, corpus: Path, items: Sequence[Item]) -> None:
    import soundfile

    audio = np.concatenate([load_wave(corpus, item) for item in items])
    soundfile.write(
        path,
        audio,
        SAMPLE_RATE_HZ,
        format="OGG",
        subtype="OPUS",
        compression_level=OPUS_LEVEL,
    )


def _index(items: Sequence[Item]) -> bytes:
    lines = "".join(canonical_json(asdict(item)) + "\n" for item in items)
    return gzip.compress(lines.encode(), mtime=0)


def _index_bytes(items: Sequence[Item]) -> int:
    return len(_index(items)) + 200 * len({item.shard for item in items}) + 1000


def _describe(folder: Path, rows: Sequence[Item]) -> None:
    (folder / "index.jsonl.gz").write_bytes(_index(rows))
    files = {path.name: digest_file(path) for path in sorted(folder.iterdir())}
    hours = sum(item.duration_s for item in rows) / 3600
    write_json(
        folder / "manifest.json",
        {"decoder": _DECODER, "files": files, "hours": round(hours, 3), "items": len(rows)},
    )


def _decoder() -> Path:
    import soundfile

    path = Path(soundfile.__file__).parent / "_soundfile_data" / _DECODER
    if not path.is_file():
        raise AssetError(
            f"no {_DECODER} beside the soundfile package on {platform.platform()}; make the pack "
            "on Linux x86-64, from the soundfile wheel"
        )
    return path
