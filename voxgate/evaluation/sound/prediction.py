"""Ask the quality predictor about samples, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from voxgate.content_cache import ContentCache
from voxgate.evaluation.measurements import Unmeasured, measure_missing, name_waves
from voxgate.ports import QualityPredictor
from voxgate.types import PredictedQuality, Wave

__all__ = ["predict_quality"]

_CACHE_VERSION = 1


def predict_quality(
    predictor: QualityPredictor,
    waves: Sequence[Wave],
    *,
    batch_size: int,
    cache: ContentCache,
    batches: int = 1,
) -> list[PredictedQuality | Unmeasured]:
    """Predict the quality of 16 kHz waves, `batches` at once; one answer a wave, in order."""
    identity = predictor.identity.as_json()
    digests, lengths = name_waves(waves)
    keys: list[Mapping[str, object]] = [
        {"version": _CACHE_VERSION, "audio": digest, "instrument": identity} for digest in digests
    ]
    answers: list[PredictedQuality | Unmeasured | None] = [
        None if stored is None else PredictedQuality(**stored)
        for stored in (cache.get_json(key) for key in keys)
    ]

    def measure(batch: Sequence[int]) -> list[PredictedQuality]:
        return predictor.predict([waves[i] for i in batch])

    def keep(index: int, quality: PredictedQuality) -> None:
        cache.put_json(keys[index], asdict(quality))

    return measure_missing(
        answers,
        measure,
        keep=keep,
        name="quality",
        batch_size=batch_size,
        batches=batches,
        lengths=lengths,
    )
