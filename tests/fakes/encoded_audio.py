"""One sound in every container that ingest reads, and what damage does to such files."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

CODECS = {"m4a": "aac", "aac": "aac", "mka": "aac"}
FORMATS = {"m4a": "ipod", "aac": "adts", "mka": "matroska"}


def encode(suffix: str, samples: NDArray[np.float32], rate: int = 16_000) -> bytes:
    """Return a file of the suffix ("wav", "opus", "m4a", ...); samples are (T,) or (T, C)."""
    buffer = io.BytesIO()
    if suffix in CODECS:
        _encode_ffmpeg(buffer, samples, rate, suffix)
    elif suffix == "opus":
        soundfile.write(buffer, samples, rate, format="OGG", subtype="OPUS")
    else:
        soundfile.write(buffer, samples, rate, format=suffix.upper())
    return buffer.getvalue()


def _encode_ffmpeg(
    buffer: io.BytesIO, samples: NDArray[np.float32], rate: int, suffix: str
) -> None:
    with av.open(buffer, "w", format=FORMATS[suffix]) as media:
        stream = media.add_stream(CODECS[suffix], rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler(
            format=stream.codec_context.format.name,
            layout="mono",
            rate=rate,
            frame_size=stream.codec_context.frame_size,
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            media.mux(stream.encode(part))
        media.mux(stream.encode(None))


def damaged_files(samples: dict[str, bytes], seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield `count` files (name, content) that are damaged in one of seven ways each."""
    draw = random.Random(seed)
    kinds = (_flip_bits, _cut, _edit_header, _edit_numbers, _repeat_piece, _drop_piece)
    for number in range(count):
        suffix = draw.choice(list(samples))
        data = bytearray(samples[suffix])
        for _ in range(draw.randint(1, 3)):
            draw.choice(kinds)(data, draw)
        if draw.random() < 0.15:
            data += samples[draw.choice(list(samples))]
        if draw.random() < 0.15:
            suffix = draw.choice([*samples, "g722", "bin"])
        yield f"{number:04d}.{suffix}", bytes(data)


def _flip_bits(data: bytearray, draw: random.Random) -> None:
    for _ in range(draw.choice([1, 8, 64])):
        if data:
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)


def _cut(data: bytearray, draw: random.Random) -> None:
    del data[draw.randrange(len(data) + 1) :]


def _edit_header(data: bytearray, draw: random.Random) -> None:
    for _ in range(draw.randint(1, 6)):
        if data:
            data[draw.randrange(min(len(data), 128))] = draw.randrange(256)


def _edit_numbers(data: bytearray, draw: random.Random) -> None:
    if len(data) > 8:
        at = draw.randrange(min(len(data) - 8, 512) + 1)
        value = draw.choice([0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF])
        data[at : at + 4] = struct.pack(draw.choice("<>") + "I", value)


def _repeat_piece(data: bytearray, draw: random.Random) -> None:
    start = draw.randrange(len(data) + 1)
    piece = data[start : start + draw.randint(1, 4000)]
    data[start:start] = piece * draw.randint(1, 3)


def _drop_piece(data: bytearray, draw: random.Random) -> None:
    start = draw.randrange(len(data) + 1)
    del data[start : start + draw.randint(1, 2000)]


def write_playlists(folder: Path, target: Path) -> list[Path]:
    """Write files whose text names another file, under honest names and as recordings."""
    texts = {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{target}\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile '{target}'\n",
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
        "m=audio 5004 RTP/AVP 0\n",
        "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">'
        f"<Period><AdaptationSet><Representation id='1'><BaseURL>{target}</BaseURL>"
        "</Representation></AdaptationSet></Period></MPD>",
        "webvtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n",
        "lavfi": "sine=frequency=440:duration=5\n",
        "metadata": f";FFMETADATA1\ntitle={target}\n",
    }
    paths = []
    for kind, text in texts.items():
        for suffix in (".m3u8", ".wav", ".mp3", ".ogg", ".m4a", ".txt"):
            path = folder / f"{kind}{suffix}"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
    return paths


def write_wide_wav(path: Path, *, rate: int, channels: int, seconds: float) -> Path:
    """Write 16-bit silence of any size; the file system stores no block of it."""
    size = int(rate * seconds) * channels * 2
    frame = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    with path.open("wb") as stream:
        stream.write(b"RIFF" + struct.pack("<I", (36 + size) % 2**32) + b"WAVEfmt ")
        stream.write(struct.pack("<I", 16) + frame + b"data" + struct.pack("<I", size % 2**32))
        stream.truncate(44 + size)
    return path


def with_cover(flac: bytes, side: int) -> bytes:
    """Return the FLAC file with a cover picture of side x side pixels, small as it is stored."""
    rows = zlib.compressobj(9)
    pixels = b"".join(rows.compress(bytes(side + 1)) for _ in range(side)) + rows.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    picture = struct.pack(">II9sIIIIII", 3, 9, b"image/png", 0, side, side, 8, 0, len(png)) + png
    block = bytes([6]) + len(picture).to_bytes(3, "big") + picture
    return flac[:4] + bytes([flac[4] & 0x7F]) + flac[5:42] + block + flac[42:]
