"""Choose and fit the speech tokenizer: which layer, which centring, how many codes.

Each candidate is judged by the phone error rate of a small CTC probe on voices that the probe never
saw, by the variance that the codebook explains, and by how evenly the codes are used.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from voxgate.files import digest_json, write_json, write_path
from voxgate.pretraining.speech.teacher import HELD_OUT_VOICES
from voxgate.pretraining.tokenizer.bottleneck import (
    PairProjection,
    fit_bottleneck,
    pair_mean,
)
from voxgate.pretraining.tokenizer.codebook import Codebook, assign, fit_codebook
from voxgate.pretraining.tokenizer.layer_features import ClipFeatures
from voxgate.pretraining.tokenizer.probe import Utterance, phones, train_probe
from voxgate.voice.speech_tokenizer import CODEBOOK_KEY

__all__ = [
    "SHIPPED",
    "Candidate",
    "Score",
    "compare",
    "score",
    "write_tokenizer",
]

_log = logging.getLogger(__name__)
_WINDOW = "the clip alone, zeros up to a multiple of 320 samples"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One way to make tokens."""

    layer: str
    remove_mean: bool
    codes: int | None
    """Size of the codebook; None measures the vectors without one."""

    bottleneck: int | None = None
    """Width of a linear projection trained to tell phones apart (CTC); None takes pair means."""


SHIPPED = Candidate(layer="layer2", remove_mean=True, codes=512, bottleneck=64)
"""The choice (docs/tokenizer.md)."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """What was measured for a candidate; the last three are absent without a codebook."""

    candidate: Candidate
    phone_error_rate: float
    held_out_explained_variance: float | None
    explained_variance: float | None
    perplexity: float | None


def compare(
    layers: dict[str, Sequence[ClipFeatures]],
    candidates: Sequence[Candidate],
    *,
    probe_steps: int,
    seed: int,
) -> list[Score]:
    """Score every candidate on the same clips.

    Args:
        layers: the cached clips of each layer, the same clips in the same order.
        candidates: what to compare.
        probe_steps: of each probe's training.
        seed: of codebooks and probes.
    """
    scores = []
    for candidate in candidates:
        scores.append(score(layers[candidate.layer], candidate, steps=probe_steps, seed=seed))
        _log.info("%s", scores[-1])
    return scores


def score(clips: Sequence[ClipFeatures], candidate: Candidate, *, steps: int, seed: int) -> Score:
    """Fit the candidate on the voices that are not held out and measure it on those that are.

    A comparison shows the held-out voices neither to codebook nor to probe.
    """
    train = [clip for clip in clips if clip.item.voice not in HELD_OUT_VOICES]
    test = [clip for clip in clips if clip.item.voice in HELD_OUT_VOICES]
    labels = _labels([*train, *test])
    projection = _projection(train, candidate, labels, seed=seed)
    sets = [_vectors(part, candidate, projection) for part in (train, test)]
    book: Codebook | None = None
    held_out: float | None = None
    inputs = sets
    if candidate.codes is not None:
        book = fit_codebook(torch.cat(sets[0]), codes=candidate.codes, seed=seed)
        held_out = _explained(torch.cat(sets[1]), book.centres)
        centres = book.centres
        inputs = [[assign(one, centres)[0] for one in part] for part in sets]
    utterances = [
        [
            Utterance(x, torch.tensor(labels[clip.item.item_id]))
            for x, clip in zip(xs, part, strict=True)
        ]
        for xs, part in zip(inputs, (train, test), strict=True)
    ]
    classes = 1 + max(max(line) for line in labels.values())
    rate = train_probe(
        utterances[0],
        utterances[1],
        codes=candidate.codes,
        classes=classes,
        steps=steps,
        seed=seed,
    )
    return Score(
        candidate=candidate,
        phone_error_rate=rate,
        held_out_explained_variance=held_out,
        explained_variance=book.explained_variance if book else None,
        perplexity=book.perplexity if book else None,
    )


def write_tokenizer(
    stem: Path,
    clips: Sequence[ClipFeatures],
    candidate: Candidate,
    *,
    layer_index: int | None,
    extractor: str,
    extractor_sha256: str,
    seed: int,
    scores: Sequence[Score] = (),
) -> Codebook:
    """Fit the chosen candidate on all voices and write `<stem>.safetensors` and `<stem>.json`.

    The projection of two frames to one vector is stored as the convolution `ssl_proj` (width 2,
    stride 2), whether it is the pair mean or was learned.

    Args:
        stem: path without suffix.
        clips: the cached clips of the chosen layer.
        candidate: the choice; its `codes` is not None.
        layer_index: the encoder block (0 is the first), None for the encoder's own output.
        extractor: name of the frozen network.
        extractor_sha256: digest of its weights.
        seed: of the codebook.
        scores: the comparison that led to the choice, for the card.

    Raises:
        ValueError: the candidate has no codebook, or there is too little speech for it.
    """
    from safetensors.numpy import save_file

    if candidate.codes is None:
        raise ValueError("a tokenizer needs codes; choose a candidate with a codebook")
    projection = _projection(clips, candidate, _labels(clips), seed=seed)
    vectors = torch.cat(_vectors(clips, candidate, projection))
    book = fit_codebook(vectors, codes=candidate.codes, seed=seed)
    tensors = {
        "ssl_proj.weight": projection.weight.numpy().astype(np.float16),
        "ssl_proj.bias": projection.bias.numpy().astype(np.float16),
        CODEBOOK_KEY: book.centres.numpy().astype(np.float16),
    }
    with write_path(stem.with_suffix(".safetensors")) as path:
        save_file(tensors, path)
    card = {
        "schema": 1,
        "extractor": extractor,
        "extractor_sha256": extractor_sha256,
        "layer": layer_index,
        "remove_mean": candidate.remove_mean,
        "codes": candidate.codes,
        "bottleneck": candidate.bottleneck,
        "seed": seed,
        "window": _WINDOW,
        "training_data": "Kokoro-82M, 28 English voices",
        "training_data_sha256": training_digest(clips),
        "training_minutes": round(sum(clip.item.duration_s for clip in clips) / 60, 1),
        "explained_variance": round(book.explained_variance, 4),
        "perplexity": round(book.perplexity, 1),
        "comparison": [_row(one) for one in scores],
    }
    write_json(stem.with_suffix(".json"), card)
    return book


def training_digest(clips: Sequence[ClipFeatures]) -> str:
    """Return a digest of which readings were used: ids, voices, texts and lengths."""
    return digest_json(
        [[clip.item.item_id, clip.item.voice, clip.item.text, clip.item.samples] for clip in clips]
    )


def _projection(
    clips: Sequence[ClipFeatures],
    candidate: Candidate,
    labels: dict[int, list[int]],
    *,
    seed: int,
) -> PairProjection:
    if candidate.bottleneck is None:
        return pair_mean(clips[0].frames.shape[1])
    utterances = [
        Utterance(_frames(clip, candidate), torch.tensor(labels[clip.item.item_id]))
        for clip in clips
    ]
    return fit_bottleneck(utterances, width=candidate.bottleneck, seed=seed)


def _vectors(
    clips: Sequence[ClipFeatures], candidate: Candidate, projection: PairProjection
) -> list[Tensor]:
    return [projection(_frames(clip, candidate)) for clip in clips]


def _frames(clip: ClipFeatures, candidate: Candidate) -> Tensor:
    return torch.from_numpy(clip.frames - clip.mean if candidate.remove_mean else clip.frames)


def _labels(clips: Sequence[ClipFeatures]) -> dict[int, list[int]]:
    spoken = {
        clip.item.item_id: phones(clip.item.ipa, british=clip.item.voice.startswith("b"))
        for clip in clips
    }
    inventory = sorted({phone for line in spoken.values() for phone in line})
    number = {phone: index for index, phone in enumerate(inventory, start=1)}
    return {item_id: [number[phone] for phone in line] for item_id, line in spoken.items()}


def _explained(vectors: Tensor, centres: Tensor) -> float:
    distance = assign(vectors, centres)[1].sum()
    return float(1 - distance / (vectors - vectors.mean(0)).square().sum())


def _row(one: Score) -> dict[str, Any]:
    row = asdict(one)
    row |= row.pop("candidate")
    return {
        key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()
    }
