"""Small recordings and corpora, made on the spot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

from voxgate.adapters.dvc.tree import read_tree
from voxgate.corpus.consent import Consent, ConsentScope, dump_consents
from voxgate.corpus.manifest import Recording, write_manifest
from voxgate.params import IngestParams

CONSENT = Consent(
    scope=ConsentScope.INTERNAL,
    source="made by a test",
    licence="none needed",
    attribution="nobody",
    statement="a tone has no voice",
)

INGEST_PARAMS = IngestParams(
    sample_rate_hz=16_000,
    min_source_sample_rate_hz=16_000,
    max_recording_s=5.0,
    loudness_lufs=-23.0,
    max_gain_db=20.0,
    peak_ceiling_dbfs=-1.0,
)


def make_tone(
    seconds: float = 0.6, rate: int = 16_000, *, hz: float = 440.0, level: float = 0.1
) -> NDArray[np.float32]:
    """Return a sine wave: (T,) float32."""
    time = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hz * time)).astype(np.float32)


def write_audio(
    path: Path, samples: NDArray[np.float32], rate: int = 16_000, *, subtype: str | None = None
) -> Path:
    """Write samples ((T,) or (T, C)) in the format of the path's suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".g722":
        _write_g722(path, samples)
    else:
        soundfile.write(path, samples, rate, subtype=subtype)
    return path


def write_data(root: Path, recordings: Sequence[Recording], *, speakers: Sequence[str]) -> None:
    """Write manifest and consent of `root`/data and the data.dvc that names what is there."""
    data = root / "data"
    write_manifest(data / "manifest.csv", recordings)
    write_consents(data, dict.fromkeys(speakers, CONSENT))
    write_data_dvc(root)


def write_consents(data: Path, consents: Mapping[str, Consent]) -> None:
    """Write consent.yaml."""
    (data / "consent.yaml").write_text(dump_consents(consents), encoding="utf-8")


def write_data_dvc(root: Path) -> None:
    """Write data.dvc as `dvc add data` would."""
    digest = read_tree(root / "data").digest
    text = f"outs:\n- md5: {digest}\n  hash: md5\n  path: data\n"
    (root / "data.dvc").write_text(text, encoding="utf-8")


def list_recording(name: str, *, suffix: str = ".wav", text: str = "A tone.") -> Recording:
    """Return a manifest line of speaker `tone`."""
    return Recording(f"tone/{name}", f"audio/tone/{name}{suffix}", "tone", "en", text)


def _write_g722(path: Path, samples: NDArray[np.float32]) -> None:
    with av.open(str(path), "w", format="g722") as media:
        stream = media.add_stream("g722", rate=16_000, layout="mono")
        pcm = np.round(samples * 32_767).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate = 16_000
        media.mux(stream.encode(frame))
        media.mux(stream.encode(None))
