"""Name the code behind a cached result: a changed line must not meet yesterday's number."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path

from voxgate.files import digest_file, digest_json

__all__ = ["BAD_VOICE_CODE", "INSTRUMENT_CODE", "VOICE_CODE", "code_digest"]

VOICE_CODE = (
    "models.gpt_sovits",
    "voxgate.text",
    "voxgate.adapters.gpt_sovits",
    "voxgate.adapters.gpt_sovits_voice",
    "voxgate.audio.joining",
    "voxgate.audio.reference_audio",
    "voxgate.audio.resampling",
    "voxgate.evaluation.speaking",
)
"""What stands between a voice package and the audio that is judged."""

INSTRUMENT_CODE = (
    "voxgate.adapters.whisper_recogniser",
    "voxgate.adapters.whisper_decoding",
    "voxgate.adapters.whisper_encoding",
    "voxgate.adapters.whisper_model",
    "voxgate.adapters.speaker_encoder",
    "voxgate.adapters.ge2e_network",
    "voxgate.evaluation.hearing",
)
"""What stands between audio and a transcript or a speaker vector, beside the weights."""

BAD_VOICE_CODE = (
    "voxgate.evaluation.bad_voices",
    "voxgate.evaluation.damage",
    "voxgate.wiring.bad_voices",
)
"""What stands between a sound voice and a bad one, beside `VOICE_CODE`."""


def code_digest(names: Sequence[str], *, threads: int) -> str:
    """Return one digest of the source files of modules and packages (with their data).

    `threads` is part of it: the order of sums, and so the last bits, depend on it.
    """
    files = {
        f"{name}:{path.parent.name}/{path.name}": digest_file(path)
        for name in names
        for path in _files(name)
    }
    return digest_json({"files": files, "threads": threads})


def _files(name: str) -> Iterator[Path]:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None, f"{name} has no source file"
    origin = Path(spec.origin)
    if origin.name != "__init__.py":
        yield origin
        return
    for path in sorted(origin.parent.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            yield path
