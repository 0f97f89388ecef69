"""How much a sample sounds like the speaker, beside how much she sounds like herself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxgate.content_cache import ContentCache
from voxgate.errors import EvaluatorError
from voxgate.evaluation.measurements import Unmeasured, measure_missing, name_waves
from voxgate.evaluation.resampling import Interval
from voxgate.files import digest_json
from voxgate.ports import SpeakerEncoder
from voxgate.types import Wave

__all__ = [
    "MIN_CENTROID_CLIPS",
    "Centroid",
    "build_centroid",
    "centroid_from_json",
    "embed_waves",
    "leave_one_clip_out",
    "leave_one_out",
    "percentile_within",
]

MIN_CENTROID_CLIPS = 5
"""Fewer held-out clips give a centroid that moves with every clip (docs/evaluation.md)."""

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]

_DIGITS = 9  # of a component: moves a cosine by less than its own sixth digit can show
_UNIT_TOLERANCE = 1e-6
_CACHE_VERSION = 1


def embed_waves(
    encoder: SpeakerEncoder,
    waves: Sequence[Wave],
    *,
    batch_size: int,
    cache: ContentCache,
    batches: int = 1,
) -> list[Vector | Unmeasured]:
    """Embed 16 kHz waves, `batches` at once; an answer is a (D,) float32 vector of unit length."""
    identity = encoder.identity.as_json()
    digests, lengths = name_waves(waves)
    keys: list[Mapping[str, object]] = [
        {"version": _CACHE_VERSION, "audio": digest, "instrument": identity} for digest in digests
    ]
    stored = [cache.get_arrays(key) for key in keys]
    answers: list[Vector | Unmeasured | None] = [
        None if arrays is None else arrays["vector"] for arrays in stored
    ]

    def measure(batch: Sequence[int]) -> list[Vector]:
        return list(encoder.embed([waves[i] for i in batch]))

    def keep(index: int, vector: Vector) -> None:
        cache.put_arrays(keys[index], {"vector": vector})

    return measure_missing(
        answers,
        measure,
        keep=keep,
        name="embed",
        batch_size=batch_size,
        batches=batches,
        lengths=lengths,
    )


@dataclass(frozen=True, kw_only=True)
class Centroid:
    """The speaker as the mean direction of her held-out clips.

    `vector` is (D,) float64 of unit length. `digest` names the recordings that it is made of, so
    that similarities to different centroids are not compared; the last bits of the vector belong to
    the processor that computed it.
    """

    vector: NDArray[np.float64]
    clips: int
    digest: str
    windows: int | None = None
    real_similarity: Interval | None = None

    def similarity(self, vectors: Vectors) -> list[float]:
        """Return the cosine of each row of `vectors` (N, D) with the centroid."""
        return [_rounded(cosine) for cosine in vectors.astype(np.float64) @ self.vector]

    def as_json(self) -> dict[str, Any]:
        """Return the centroid as JSON values, to be measured against long after its clips left."""
        vector = [round(float(value), _DIGITS) for value in self.vector]
        document = {"clips": self.clips, "digest": self.digest, "vector": vector}
        if self.windows is None:
            return document
        real = self.real_similarity
        return {
            **document,
            "windows": self.windows,
            "real_similarity": None if real is None else real.as_json(),
        }


def build_centroid(vectors: Vectors, sources: Sequence[str]) -> Centroid:
    """Average held-out clips, or windows of them; `vectors` is (N, D) float32 with unit rows.

    `sources` name what each was made of: no sample of it.

    Raises:
        EvaluatorError: fewer than `MIN_CENTROID_CLIPS`.
    """
    if len(vectors) < MIN_CENTROID_CLIPS:
        raise EvaluatorError(
            f"the speaker centroid needs at least {MIN_CENTROID_CLIPS} held-out clips, got "
            f"{len(vectors)}; add recordings"
        )
    return Centroid(
        vector=_direction(vectors.astype(np.float64).sum(axis=0)),
        clips=len(vectors),
        digest=digest_json(sorted(sources)),
    )


def centroid_from_json(document: Mapping[str, Any]) -> Centroid:
    """Read the centroid that evidence carries.

    Raises:
        EvaluatorError: there is none, or it is no direction.
    """
    vector = np.asarray(document.get("vector", ()), dtype=np.float64)
    if vector.ndim != 1 or not abs(np.linalg.norm(vector) - 1) <= _UNIT_TOLERANCE:
        raise EvaluatorError(
            "the evidence carries no speaker centroid (a vector of unit length), so nobody can say "
            "who is speaking; evidence that today's `voxgate run` writes has one"
        )
    return Centroid(vector=vector, clips=int(document["clips"]), digest=str(document["digest"]))


def leave_one_out(vectors: Vectors) -> list[float]:
    """Return the cosine of each of (N, D) clips with the centroid of all the others."""
    rows = vectors.astype(np.float64)
    total = rows.sum(axis=0)
    return [_rounded(row @ _direction(total - row)) for row in rows]


def leave_one_clip_out(clips: Vectors, windows: Vectors, owner: NDArray[np.intp]) -> list[float]:
    """Return the cosine of each whole clip with the centroid of the other clips' windows.

    Args:
        clips: (C, D).
        windows: (N, D).
        owner: (N,), which clip each window is of. A clip that has all of them gets no cosine.
    """
    rows = windows.astype(np.float64)
    return [
        _rounded(clip @ _direction(rows[owner != number].sum(axis=0)))
        for number, clip in enumerate(clips.astype(np.float64))
        if (owner != number).any()
    ]


def percentile_within(value: float, distribution: Sequence[float]) -> float | None:
    """Return the share of `distribution` at or below `value`, in percent."""
    if not distribution:
        return None
    below = sum(1 for other in distribution if other <= value)
    return round(100 * below / len(distribution), 2)


def _direction(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return vector / np.linalg.norm(vector)


def _rounded(cosine: float) -> float:
    # Six digits: beyond them a cosine depends on the machine's order of summation.
    return round(float(cosine), 6)
