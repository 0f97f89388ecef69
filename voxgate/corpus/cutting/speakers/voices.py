"""The voices of a recording: the speaker, enrolled or the one who speaks most, and the others.

Windows of one voice are alike and lie together; who else speaks is known before anybody is judged,
so that a window is held against the voices that are there and not only against a bound. N windows,
D the width of an embedding, K voices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.speakers.voice_windows import WindowEmbeddings, embed_windows
from voxgate.errors import EvaluatorError
from voxgate.params.cut import CutParams
from voxgate.ports import SpeakerEncoder
from voxgate.types import Wave

__all__ = ["Voices", "enrol_voice", "find_speaker"]

Vector = NDArray[np.float64]
Vectors = NDArray[np.float64]

_MOST_CLUSTERED = 1500
"""Windows that are compared with each other; of longer recordings, evenly many from everywhere."""

_LEAST_WINDOWS = 4
"""Fewer windows are no voice but a cough, a laugh or two voices at once."""

_LEAST_WHOLE = 0.75
"""Shorter parts of a window say too little to find voices by, where there are longer ones."""

_SURE = 0.5
"""Share of a voice's windows that it is taken from: the others may hold two people."""

_SAME_VOICE = 0.85
"""Centroids that are as near are one voice in two moods; two people's are at .80 (docs/cutting.md).
"""

_SHORT_LOSS = 0.1
"""What a window loses of its cosine with its own speaker as it shrinks to nothing."""

_ROUNDS = 5
"""Times that windows are dealt to the nearest voice and the voices taken anew."""


@dataclass(frozen=True, kw_only=True)
class Voices:
    """Who speaks in a recording.

    speaker: (D,) of unit length.
    others: (K, D) of unit length; none where nobody else was heard for long enough.
    share: of the windows that are the speaker's, in [0, 1].
    likeness: cosine of the speaker in this recording with the enrolled voice; 1 without one.
    """

    speaker: Vector
    others: Vectors
    share: float
    likeness: float = 1.0

    def cosines(self, vectors: NDArray[np.float32]) -> Vector:
        """Return the cosine of each row of (N, D) with the speaker: (N,)."""
        if len(vectors) == 0:
            return np.zeros(0)
        return np.asarray(vectors.astype(np.float64) @ self.speaker)

    def margins(self, embeddings: WindowEmbeddings, params: CutParams) -> Vector:
        """Return by how much each window is nearer to the speaker than to anybody else: (N,).

        A voice that nobody knows is as near as `cut.min_speaker_cosine` to a whole window; shorter
        windows are less like their own speaker.
        """
        rows = embeddings.vectors.astype(np.float64)
        missing = 1 - np.minimum(1, embeddings.durations_s / params.speaker_window_s)
        rivals = (params.min_speaker_cosine - _SHORT_LOSS * missing)[:, None]  # (N, 1)
        if len(self.others):
            rivals = np.hstack([rivals, rows @ self.others.T])  # (N, 1 + K)
        return np.asarray(rows @ self.speaker - rivals.max(axis=1))


def enrol_voice(
    waves: Sequence[Wave], *, encoder: SpeakerEncoder, cache: ContentCache, params: CutParams
) -> Vector:
    """Return the voice of 16 kHz recordings of one person, as `find_speaker` takes it: (D,).

    Raises:
        EvaluatorError: none of them is long and loud enough, or the encoder failed.
    """
    rows: list[Vector] = []
    for wave in waves:
        found = embed_windows(
            partial(_cut, wave),
            [Span(0, len(wave))] if len(wave) else [],
            encoder=encoder,
            cache=cache,
            params=params,
        )
        rows += list(found.vectors.astype(np.float64))
    if not rows:
        raise EvaluatorError(
            f"none of {len(waves)} recordings of the speaker is long and loud enough to be known "
            "by; need at least a second of speech"
        )
    return _unit(np.sum(rows, axis=0))


def find_speaker(
    embeddings: WindowEmbeddings, reference: Vector | None, params: CutParams
) -> Voices:
    """Find the enrolled voice among those of a recording, or without one who speaks most.

    Args:
        embeddings: of all speech.
        reference: (D,) the enrolled voice, of unit length.
        params: says how alike two voices may be.

    Raises:
        EvaluatorError: nothing is long and loud enough to be told by, and nobody is enrolled.
    """
    rows = embeddings.vectors.astype(np.float64)
    if len(rows) == 0:
        if reference is None:
            raise EvaluatorError(
                "no speech is long enough to tell who speaks, so nobody speaks most; name the "
                "speaker's enrolled voice, or leave the recording out"
            )
        return Voices(speaker=reference, others=np.zeros((0, len(reference))), share=0.0)
    lengths_s = embeddings.durations_s
    rows = rows[lengths_s >= min(lengths_s.max(), _LEAST_WHOLE * params.speaker_window_s)]
    voices = _voices(rows, max_distance=1 - params.min_voice_cosine)  # (K, D)
    nearest = (rows @ voices.T).argmax(axis=1)  # (N,)
    likeness = 1.0
    if reference is None:
        own = int(np.bincount(nearest, minlength=len(voices)).argmax())
    else:
        own = int((voices @ reference).argmax())
        likeness = float(voices[own] @ reference)
        if likeness < params.min_speaker_cosine:  # the speaker is not in this recording
            return Voices(speaker=reference, others=voices, share=0.0, likeness=likeness)
    return Voices(
        speaker=voices[own],
        others=np.delete(voices, own, axis=0),
        share=float((nearest == own).mean()),
        likeness=likeness,
    )


def _cut(wave: Wave, span: Span) -> Wave:
    return wave[span.start : span.end]


def _voices(rows: Vectors, *, max_distance: float) -> Vectors:
    """Group windows that are alike; the voices in the order of how much they speak: (K, D)."""
    few = rows[np.linspace(0, len(rows) - 1, min(len(rows), _MOST_CLUSTERED)).astype(int)]
    labels = _clusters(few, max_distance)
    sizes = np.bincount(labels)
    least = min(_LEAST_WINDOWS, int(sizes.max()))
    found = [label for label in np.argsort(-sizes, kind="stable") if sizes[label] >= least]
    voices = _merged([few[labels == label].sum(axis=0) for label in found])
    for _ in range(_ROUNDS):
        cosines = rows @ voices.T  # (N, K)
        nearest = cosines.argmax(axis=1)
        voices = np.stack(
            [
                _centre(rows[nearest == n], cosines[nearest == n, n], before)
                for n, before in enumerate(voices)
            ]
        )
    return voices


def _centre(rows: Vectors, cosines: Vector, before: Vector) -> Vector:
    """Return the mean of the half of a voice's windows that are most like it."""
    if len(rows) == 0:
        return before
    sure = cosines >= np.quantile(cosines, 1 - _SURE)
    return _unit(rows[sure].sum(axis=0))


def _merged(sums: Sequence[Vector]) -> Vectors:
    """Join groups to the first that is the same voice: (K, D) of unit length."""
    joined: list[Vector] = []
    for own in sums:
        for place, other in enumerate(joined):
            if _unit(own) @ _unit(other) >= _SAME_VOICE:
                joined[place] = other + own
                break
        else:
            joined.append(own)
    return np.stack([_unit(total) for total in joined])


def _clusters(rows: Vectors, max_distance: float) -> NDArray[np.intp]:
    """Join the two groups whose windows are most alike on average, until none are alike enough."""
    if len(rows) == 1:
        return np.zeros(1, dtype=np.intp)
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(rows, method="average", metric="cosine")
    labels: NDArray[np.intp] = fcluster(tree, max_distance, criterion="distance") - 1
    return labels


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / np.linalg.norm(vector))
