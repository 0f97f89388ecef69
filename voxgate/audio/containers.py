"""Tell what kind of file an audio file is by its first bytes, whatever its name says."""

from __future__ import annotations

from pathlib import Path

__all__ = ["EXPECTED_CONTAINERS", "HEADERLESS_SUFFIXES", "HEAD_BYTES", "sniff_container"]

HEAD_BYTES = 64
"""How many leading bytes `sniff_container` needs."""

EXPECTED_CONTAINERS = {
    ".wav": "wav",
    ".flac": "flac",
    ".mp3": "mp3",
    ".ogg": "ogg",
    ".oga": "ogg",
    ".opus": "ogg",
    ".m4a": "mp4",
    ".aiff": "aiff",
    ".aif": "aiff",
}
"""What a file of this suffix should contain."""

HEADERLESS_SUFFIXES = {".g722": "g722"}
"""Suffixes of formats without a header, and the demuxer that reads them.

Every byte sequence decodes as G.722, so the name is the only evidence there is.
"""

_MIN_HEAD_BYTES = 12

# MPEG audio, ISO 11172-3: eleven set bits, then a layer that is not 00.
_MPEG_SYNC = 0xFFE0
_MPEG_LAYER = 0x0006


def sniff_container(path: Path) -> str | None:
    """Return the name of the container that the file's first bytes announce, or None.

    Recognises RIFF/WAVE and RF64, FLAC, Ogg, MP3 (ID3 tag or frame sync), MP4, AIFF, Matroska.
    The bare frame sync of MP3 is two bytes and therefore weak evidence: it is not believed of a
    file whose suffix is headerless.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if len(head) < _MIN_HEAD_BYTES:
        return None
    strong = _by_signature(head)
    if strong or path.suffix.lower() in HEADERLESS_SUFFIXES:
        return strong
    word = int.from_bytes(head[:2], "big")
    return "mp3" if word & _MPEG_SYNC == _MPEG_SYNC and word & _MPEG_LAYER else None


def _by_signature(head: bytes) -> str | None:
    if head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and head[8:11] == b"AIF":
        return "aiff"
    if head[4:8] == b"ftyp":
        return "mp4"
    starts = {b"fLaC": "flac", b"OggS": "ogg", b"ID3": "mp3", b"\x1a\x45\xdf\xa3": "matroska"}
    return next((name for magic, name in starts.items() if head.startswith(magic)), None)
