"""Decode a pack with numpy and the standard library only; this file travels inside the pack.

A GPU machine may have no decoder of its own (torchaudio needs torchcodec or ffmpeg for Opus, the
soundfile wheel needs cffi built for the machine's Python). libsndfile alone does it through ctypes,
whatever the Python version.
"""

from __future__ import annotations

import ctypes
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["decode", "read_pack"]

_READ = 0x10  # SFM_READ of sndfile.h


class _Info(ctypes.Structure):
    """SF_INFO of sndfile.h."""

    _fields_ = [
        ("frames", ctypes.c_int64),
        ("samplerate", ctypes.c_int),
        ("channels", ctypes.c_int),
        ("format", ctypes.c_int),
        ("sections", ctypes.c_int),
        ("seekable", ctypes.c_int),
    ]


def read_pack(pack: Path) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield (index row, (T,) float32 wave at 16 kHz) of every item, shard by shard.

    Raises:
        ValueError: a file is not the one that the manifest names, or decodes to another length.
    """
    manifest = json.loads((pack / "manifest.json").read_text())
    for name, sha256 in manifest["files"].items():
        if hashlib.sha256((pack / name).read_bytes()).hexdigest() != sha256:
            raise ValueError(f"{name} is not the file that manifest.json names; carry it again")
    lines = gzip.decompress((pack / "index.jsonl.gz").read_bytes()).decode().splitlines()
    current, audio = None, np.zeros(0, np.float32)
    for row in map(json.loads, lines):
        if row["shard"] != current:
            current = row["shard"]
            audio = decode(pack / f"{current:06d}.opus", pack / manifest["decoder"])
        wave = audio[row["start"] : row["start"] + row["samples"]]
        if len(wave) != row["samples"]:
            raise ValueError(f"item {row['item_id']}: {len(wave)} of {row['samples']} samples")
        yield row, wave


def decode(path: Path, library: Path) -> Any:
    """Decode a mono file with the libsndfile at `library`: (T,) float32.

    Raises:
        ValueError: libsndfile cannot open it, or it is not mono.
    """
    sndfile = ctypes.CDLL(str(library.resolve()))
    sndfile.sf_open.restype = ctypes.c_void_p
    sndfile.sf_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(_Info)]
    sndfile.sf_readf_float.restype = ctypes.c_int64
    sndfile.sf_readf_float.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    sndfile.sf_close.argtypes = [ctypes.c_void_p]
    info = _Info()
    handle = sndfile.sf_open(str(path).encode(), _READ, ctypes.byref(info))
    if not handle:
        raise ValueError(f"{path}: libsndfile cannot open it")
    try:
        if info.channels != 1:
            raise ValueError(f"{path}: {info.channels} channels, expected 1")
        wave = np.zeros(info.frames, dtype=np.float32)
        count = sndfile.sf_readf_float(handle, wave.ctypes.data, info.frames)
    finally:
        sndfile.sf_close(handle)
    return wave[:count]
