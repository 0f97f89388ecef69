"""The files of an evaluation, beside the evidence: the table of all samples and their audio."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import soundfile

from voxgate.evaluation.benchmark import Prompt, Split
from voxgate.evaluation.scoring import ScoredSample
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.files import write_path
from voxgate.types import HEARING_RATE_HZ

__all__ = [
    "SCORES_SCHEMA",
    "audio_name",
    "keep_recordings",
    "recording_path",
    "score_rows",
    "timings",
    "write_audio",
    "write_scores",
]

SCORES_SCHEMA = pa.schema(
    {
        "split": pa.string(),
        "checkpoint": pa.string(),
        "prompt_id": pa.string(),
        "prompt_class": pa.string(),
        "prompt_words": pa.int64(),
        "seed_index": pa.int64(),
        "seed": pa.int64(),
        "text": pa.string(),
        "transcript": pa.string(),
        "word_errors": pa.int64(),
        "ref_words": pa.int64(),
        "char_errors": pa.int64(),
        "ref_chars": pa.int64(),
        "whisper_word_errors": pa.int64(),
        "whisper_ref_words": pa.int64(),
        "critical_errors": pa.int64(),
        "critical_words": pa.int64(),
        "similarity": pa.float64(),
        "duration_s": pa.float64(),
        "expected_duration_s": pa.float64(),
        "duration_ratio": pa.float64(),
        "language": pa.string(),
        "catastrophe": pa.list_(pa.string()),
        "fault": pa.string(),
        "audio": pa.string(),
        "audio_sha256": pa.string(),
        **{f"sound_{name}": pa.float64() for name in MEASURES},
    }
)


_TONES = pa.field("toneless_errors", pa.int64())
"""A column of languages with tones only."""


def score_rows(
    samples: Sequence[ScoredSample], prompts: dict[str, Prompt], *, split: str, checkpoint: str
) -> Iterator[dict[str, object]]:
    """Yield a row of scores.parquet for each sample; audio is kept of gate samples only."""
    for sample in samples:
        row = asdict(sample.score)
        kept = split == "gate" and sample.score.fault is None
        yield {
            **row,
            "split": split,
            "checkpoint": checkpoint,
            "text": prompts[sample.score.prompt_id].text,
            "catastrophe": list(row.pop("catastrophes")),
            **{f"sound_{name}": sample.score.sound.get(name) for name in MEASURES},
            "audio": f"audio/{audio_name(*sample.score.item)}" if kept else None,
        }


def audio_name(prompt_id: str, seed_index: int) -> str:
    """Return the file name of a sample in the folder `audio`."""
    return f"{prompt_id}-{seed_index}.flac"


def write_scores(path: Path, rows: Sequence[dict[str, object]]) -> None:
    """Write scores.parquet, sorted, with one row a sample."""
    order = ("split", "checkpoint", "prompt_id", "seed_index")
    ordered = sorted(rows, key=lambda row: [row[name] for name in order])
    has_tones = any(row.get(_TONES.name) is not None for row in ordered)
    schema = SCORES_SCHEMA.append(_TONES) if has_tones else SCORES_SCHEMA
    columns = [{name: row[name] for name in schema.names} for row in ordered]
    with write_path(path) as temporary:
        pq.write_table(pa.Table.from_pylist(columns, schema=schema), temporary)


def write_audio(folder: Path, samples: Sequence[ScoredSample]) -> None:
    """Write each measured sample as FLAC: exactly the samples that were judged."""
    folder.mkdir(parents=True, exist_ok=True)
    for sample in samples:
        if sample.score.fault is None:
            _write_flac(folder / audio_name(*sample.score.item), sample, durable=True)


def recording_path(folder: Path, audio_sha256: str) -> Path:
    """Return where a recording lies that is kept by its content."""
    return folder / audio_sha256[:2] / f"{audio_sha256}.flac"


def keep_recordings(folder: Path, samples: Sequence[ScoredSample]) -> None:
    """Keep each measured sample by its content, once."""
    for sample in samples:
        if sample.score.fault is None:
            path = recording_path(folder, sample.spoken.digest)
            if not path.is_file():
                _write_flac(path, sample, durable=False)


def _write_flac(path: Path, sample: ScoredSample, *, durable: bool) -> None:
    with write_path(path, durable=durable) as temporary:
        soundfile.write(
            temporary, sample.spoken.pcm, HEARING_RATE_HZ, format="FLAC", subtype="PCM_16"
        )


def timings(
    samples: Mapping[tuple[Split, str], Sequence[ScoredSample]],
) -> dict[str, dict[str, float | int | None]]:
    """Return synthesis seconds and the real-time factor by split and checkpoint.

    A sample from the cache counts with the time that it took when it was spoken.
    """
    return {f"{split}/{name}": _speed(scored) for (split, name), scored in samples.items()}


def _speed(samples: Sequence[ScoredSample]) -> dict[str, float | int | None]:
    synthesis_s = sum(sample.spoken.synthesis_s for sample in samples)
    audio_s = sum(sample.spoken.duration_s for sample in samples)
    return {
        "samples": len(samples),
        "synthesis_s": round(synthesis_s, 3),
        "audio_s": round(audio_s, 3),
        "real_time_factor": round(synthesis_s / audio_s, 4) if audio_s else None,
    }
