"""Tell what kind of file an audio file is by its first bytes, whatever its name says.

The kind decides who reads it: FFmpeg is always told its demuxer, from this list and no other. Its
own guess would reach playlists (HLS, DASH, concat, SDP), which name other files and hosts.
"""

from __future__ import annotations

from pathlib import Path

__all__ = [
    "CHECKSUMMED",
    "DEMUXERS",
    "EXPECTED_CONTAINERS",
    "HEADERLESS_SUFFIXES",
    "LIBSNDFILE_DECLINES",
    "RECORDING_SUFFIXES",
    "VIDEO_CONTAINERS",
    "find_mistake",
    "sniff_container",
]

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

VIDEO_CONTAINERS = {
    ".mp4": "mp4",
    ".m4v": "mp4",
    ".mov": "mp4",
    ".mkv": "matroska",
    ".webm": "matroska",
}
"""What a video of this suffix should contain; only its sound is of interest."""

HEADERLESS_SUFFIXES = {".g722": "g722"}
"""Suffixes of formats without a header, and the demuxer that reads them.

Every byte sequence decodes as G.722, so the name is the only evidence there is.
"""

RECORDING_SUFFIXES = frozenset(EXPECTED_CONTAINERS | VIDEO_CONTAINERS | HEADERLESS_SUFFIXES) | {
    ".aac",
    ".caf",
    ".mka",
    ".w64",
}
"""Suffixes by which a long recording is known in a folder."""

DEMUXERS = {
    "wav": "wav",
    "w64": "w64",
    "flac": "flac",
    "ogg": "ogg",
    "mp3": "mp3",
    "mp4": "mov",
    "aiff": "aiff",
    "matroska": "matroska",
    "caf": "caf",
    "au": "au",
    "aac": "aac",
    "asf": "asf",
    "wavpack": "wv",
}
"""Container → FFmpeg's demuxer. Each holds its sound itself; a container that may refer to other
files is here only if that can be switched off."""

LIBSNDFILE_DECLINES = frozenset({"mp4", "matroska", "aac", "asf", "wavpack"})

CHECKSUMMED = frozenset({"flac"})
"""Containers whose every frame is checked by libsndfile; FFmpeg would play what is wrong."""

_WEB_PAGE = "a web page that was saved instead of the recording; download the file itself"
_PLAYLIST = "a playlist, which names recordings and holds none; add the recordings themselves"
_MISTAKEN = {
    b"version https://git-lfs": "a Git LFS pointer and not the recording; run `git lfs pull` where "
    "it was cloned, and add it again",
    b"<!doctype html": _WEB_PAGE,
    b"<html": _WEB_PAGE,
    b"#extm3u": _PLAYLIST,
    b"ffconcat": _PLAYLIST,
}
"""What arrives under the name of a recording: how it begins, in small letters, and what to do."""

_MIN_HEAD_BYTES = 12
_HEAD_BYTES = 64

# MPEG audio, ISO 11172-3 and 13818-7: eleven or twelve set bits; layer 00 is AAC's ADTS.
_MPEG_SYNC = 0xFFE0
_MPEG_LAYER = 0x0006
_ADTS_SYNC = 0xFFF0
_ADTS_MASK = 0xFFF6

_STARTS = {
    b"fLaC": "flac",
    b"OggS": "ogg",
    b"caff": "caf",
    b".snd": "au",
    b"wvpk": "wavpack",
    b"riff\x2e\x91\xcf\x11": "w64",
    b"\x1a\x45\xdf\xa3": "matroska",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": "asf",
}
_ID3_HEADER_BYTES = 10


def sniff_container(path: Path) -> str | None:
    """Return the name of the container that the file's first bytes announce, or None.

    An ID3 tag is passed over: what follows it is what it labels. The bare frame sync of MPEG audio
    is two bytes and therefore weak evidence: it is not believed of a file whose suffix is
    headerless.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        tagged = head.startswith(b"ID3") and len(head) >= _ID3_HEADER_BYTES
        if tagged:
            stream.seek(_id3_bytes(head))
            head = stream.read(_HEAD_BYTES)
    if len(head) >= _MIN_HEAD_BYTES:
        strong = _by_signature(head)
        if strong or (path.suffix.lower() in HEADERLESS_SUFFIXES and not tagged):
            return strong
        word = int.from_bytes(head[:2], "big")
        if word & _ADTS_MASK == _ADTS_SYNC:
            return "aac"
        if word & _MPEG_SYNC == _MPEG_SYNC and word & _MPEG_LAYER:
            return "mp3"
    return "mp3" if tagged else None


def find_mistake(path: Path) -> str | None:
    """Return what a file of no known container is, if that is known, and what to do."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return next((what for begins, what in _MISTAKEN.items() if head.startswith(begins)), None)


def _id3_bytes(head: bytes) -> int:
    # Seven bits a byte, so that a size never looks like a frame sync.
    size = 0
    for byte in head[6:_ID3_HEADER_BYTES]:
        size = size << 7 | byte & 0x7F
    return _ID3_HEADER_BYTES + size


def _by_signature(head: bytes) -> str | None:
    if head[:4] in {b"RIFF", b"RIFX", b"RF64", b"BW64"} and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and head[8:11] == b"AIF":
        return "aiff"
    # QuickTime files of before 2001 begin without `ftyp`, and some cameras still write such.
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide"}:
        return "mp4"
    return next((name for magic, name in _STARTS.items() if head.startswith(magic)), None)
