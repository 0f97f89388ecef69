"""A small copy of the corpus to carry: Ogg Opus at 24 kbit/s, 11 MB an hour.

8-bit mu-law (58 MB an hour) and FLAC (60 to 70) are larger, and features instead of audio would
rule out losses on the wave.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from voxgate.errors import StorageError
from voxgate.files import canonical_json, digest_file, publish_directory, read_json, write_json
from voxgate.pretraining.speech.shards import Item, load_wave, read_items, shard_numbers
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["MAX_PACK_BYTES", "OPUS_LEVEL", "make_pack", "read_pack"]

MAX_PACK_BYTES = 60_000_000
OPUS_LEVEL = 1 - (24 - 6) / (256 - 6)
"""libsndfile maps the level 0..1 to 256..6 kbit/s a channel; this is 24 kbit/s."""

_INDEX = "index.jsonl.gz"
_MANIFEST = "manifest.json"


def make_pack(corpus: Path, out: Path, *, max_bytes: int = MAX_PACK_BYTES) -> float:
    """Write as many shards as fit, in order, and return the hours of speech in the pack.

    Files: `NNNNNN.opus`, `index.jsonl.gz` and `manifest.json` (sha256 of each). `start` and
    `samples` of the index hold in the decoded audio too.

    Raises:
        StorageError: not even one shard fits, or the disk refused.
    """
    with publish_directory(out) as folder:
        rows: list[Item] = []
        used = 0
        for number in shard_numbers(corpus):
            items = list(read_items(corpus, shards=[number]))
            path = _audio_path(folder, number)
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


def read_pack(pack: Path) -> Iterator[tuple[Item, Wave]]:
    """Yield every item with its audio, shard by shard.

    Raises:
        ValueError: a file is not the one that the manifest names, or decodes to another length.
    """
    for name, sha256 in read_json(pack / _MANIFEST)["files"].items():
        if digest_file(pack / name) != sha256:
            raise ValueError(f"{name} is not the file that {_MANIFEST} names; carry it again")
    lines = gzip.decompress((pack / _INDEX).read_bytes()).decode().splitlines()
    current, audio = None, np.zeros(0, np.float32)
    for item in (Item(**json.loads(line)) for line in lines):
        if item.shard != current:
            current = item.shard
            audio = _decode(_audio_path(pack, current))
        wave = audio[item.start : item.start + item.samples]
        if len(wave) != item.samples:
            raise ValueError(f"item {item.item_id}: {len(wave)} of {item.samples} samples")
        yield item, wave


def _encode(path: Path, corpus: Path, items: Sequence[Item]) -> None:
    import soundfile

    audio = np.concatenate([load_wave(corpus, item) for item in items])
    soundfile.write(
        path,
        audio,
        HEARING_RATE_HZ,
        format="OGG",
        subtype="OPUS",
        compression_level=OPUS_LEVEL,
    )


def _decode(path: Path) -> Wave:
    import soundfile

    wave, rate = soundfile.read(path, dtype="float32")
    if rate != HEARING_RATE_HZ or wave.ndim != 1:
        raise ValueError(f"{path}: {rate} Hz, shape {wave.shape}; expected mono, {HEARING_RATE_HZ}")
    return np.asarray(wave, dtype=np.float32)


def _index(items: Sequence[Item]) -> bytes:
    lines = "".join(canonical_json(asdict(item)) + "\n" for item in items)
    return gzip.compress(lines.encode(), mtime=0)


def _index_bytes(items: Sequence[Item]) -> int:
    return len(_index(items)) + 200 * len({item.shard for item in items}) + 1000


def _describe(folder: Path, rows: Sequence[Item]) -> None:
    (folder / _INDEX).write_bytes(_index(rows))
    files = {path.name: digest_file(path) for path in sorted(folder.iterdir())}
    hours = sum(item.duration_s for item in rows) / 3600
    write_json(folder / _MANIFEST, {"files": files, "hours": round(hours, 3), "items": len(rows)})


def _audio_path(folder: Path, number: int) -> Path:
    return folder / f"{number:06d}.opus"
