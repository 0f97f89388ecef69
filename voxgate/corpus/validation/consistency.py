"""Compare each clip with its speaker's other clips: how fast, and who speaks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from voxgate.batching import batched
from voxgate.content_cache import ContentCache
from voxgate.corpus.validation.dossiers import Dossier
from voxgate.params import ValidateParams
from voxgate.ports import SpeakerEncoder
from voxgate.text.inline_readings import without_readings
from voxgate.text.spoken_length import spoken_letters
from voxgate.text.tags import without_tags
from voxgate.types import Embeddings, Wave

__all__ = ["embed_clips", "judge_speakers", "judge_speech_rates", "leave_one_out_cosines"]

EMBEDDING_VERSION = 1
MIN_GROUP = 8
"""Fewer clips of a speaker say nothing about what is usual."""


def judge_speech_rates(dossiers: Iterable[Dossier], params: ValidateParams) -> None:
    """Measure characters a second, and warn outside 1.5 IQR of the speaker and language.

    Characters are letters and digits of the training text, those of other scripts by how many
    Latin ones last as long, so that mixed texts count alike; the time is the sounding part.
    """
    for group in _groups(dossiers).values():
        for dossier in group:
            written = without_tags(without_readings(dossier.train_text))
            characters = spoken_letters(written)
            silence_s = _edge_silence_s(dossier)
            dossier.speech_rate = characters / max(dossier.kept_s - silence_s, 0.1)
        if len(group) < MIN_GROUP:
            continue
        rates = np.array([dossier.speech_rate for dossier in group])
        first, third = np.percentile(rates, [25.0, 75.0])
        reach = params.rate_iqr_factor * (third - first)
        for dossier, rate in zip(group, rates, strict=True):
            if not first - reach <= rate <= third + reach:
                dossier.find(
                    "speech_rate_outlier",
                    expected=f"{first - reach:.1f} to {third + reach:.1f} characters/s",
                    arrived=f"{rate:.1f}",
                )


def _edge_silence_s(dossier: Dossier) -> float:
    """Return what is left of the silence at the ends after trimming."""
    assert dossier.signal is not None  # measured before anything compared clips
    audio = dossier.audio
    cut_start_s = dossier.trim_start / audio.sample_rate_hz
    cut_end_s = (audio.place.n_samples - dossier.trim_end) / audio.sample_rate_hz
    leading_s = dossier.signal.leading_silence_s - cut_start_s
    trailing_s = dossier.signal.trailing_silence_s - cut_end_s
    return max(0.0, leading_s) + max(0.0, trailing_s)


def embed_clips(
    dossiers: Sequence[Dossier],
    encoder: SpeakerEncoder,
    *,
    cache: ContentCache,
    read: Callable[[Dossier], Wave],
    at_once: int = 1,
) -> Embeddings:
    """Return one unit vector a clip, (N, D); clips that were embedded before cost nothing.

    at_once: waves in one call. More than one only for an encoder that parts them itself
        (`voxgate.wiring.executors`): a vector must not depend on which clips share its batch.

    Raises:
        EvaluatorError: the encoder failed.
    """
    if not dossiers:
        return np.zeros((0, 0), dtype=np.float32)
    keys = [_embedding_key(dossier, encoder) for dossier in dossiers]
    rows = [_stored_embedding(cache, key) for key in keys]
    unknown = [n for n, row in enumerate(rows) if row is None]
    for batch in batched(unknown, at_once):
        vectors = encoder.embed([read(dossiers[n]) for n in batch])
        for n, vector in zip(batch, vectors, strict=True):
            cache.put_arrays(keys[n], {"embedding": vector})
            rows[n] = vector
    return np.stack([row for row in rows if row is not None])


def _embedding_key(dossier: Dossier, encoder: SpeakerEncoder) -> dict[str, object]:
    return {
        "version": EMBEDDING_VERSION,
        "audio_sha256": dossier.audio.sha256,
        "trim": [dossier.trim_start, dossier.trim_end],
        "encoder": encoder.identity.as_json(),
    }


def _stored_embedding(cache: ContentCache, key: Mapping[str, object]) -> NDArray[np.float32] | None:
    stored = cache.get_arrays(key)
    return None if stored is None else stored["embedding"]


def leave_one_out_cosines(embeddings: Embeddings) -> NDArray[np.float64]:
    """Return the cosine of each row with the mean of all others: (N,), N >= 2."""
    rows = embeddings.astype(np.float64)
    others = rows.sum(axis=0) - rows  # (N, D)
    others /= np.maximum(np.linalg.norm(others, axis=1, keepdims=True), 1e-12)
    return np.asarray(np.sum(rows * others, axis=1))


def judge_speakers(
    dossiers: Sequence[Dossier], embeddings: Embeddings, *, params: ValidateParams
) -> None:
    """Measure each clip's cosine with its speaker; reject strangers, warn about the unusual.

    A speaker with a single clip has nothing to compare with, and what cannot be verified is not
    trained on.
    """
    index = {id(dossier): row for row, dossier in enumerate(dossiers)}
    for group in _groups(dossiers).values():
        if len(group) == 1:
            group[0].find(
                "speaker_unverified", expected="two or more clips of a speaker", arrived="one"
            )
            continue
        cosines = leave_one_out_cosines(embeddings[[index[id(d)] for d in group]])
        usual = float(np.percentile(cosines, params.speaker_percentile))
        for dossier, cosine in zip(group, cosines, strict=True):
            dossier.speaker_cosine = float(cosine)
            _judge_cosine(
                dossier, float(cosine), usual if len(group) >= MIN_GROUP else -1.0, params
            )


def _judge_cosine(dossier: Dossier, cosine: float, usual: float, params: ValidateParams) -> None:
    if cosine < params.min_speaker_cosine:
        dossier.find(
            "other_speaker",
            expected=f"cosine >= {params.min_speaker_cosine:.2f} with {dossier.speaker[0]!r}",
            arrived=f"{cosine:.2f}",
        )
    elif cosine < usual:
        dossier.find(
            "speaker_outlier",
            expected=f"cosine >= {usual:.2f}, percentile {params.speaker_percentile:g} of "
            f"{dossier.speaker[0]!r}",
            arrived=f"{cosine:.2f}",
        )


def _groups(dossiers: Iterable[Dossier]) -> Mapping[tuple[str, str], list[Dossier]]:
    groups: dict[tuple[str, str], list[Dossier]] = defaultdict(list)
    for dossier in dossiers:
        groups[dossier.speaker].append(dossier)
    return groups
