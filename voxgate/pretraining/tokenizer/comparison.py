"""Choose the speech tokenizer among candidates.

Each is judged by the phone error rate of a small CTC probe on voices that the probe never saw, by
the variance that the codebook explains, and by how evenly the codes are used.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from voxgate.pretraining.speech.teacher import HELD_OUT_VOICES
from voxgate.pretraining.tokenizer.candidates import (
    Candidate,
    labels_of,
    projection_of,
    vectors_of,
)
from voxgate.pretraining.tokenizer.codebook import Codebook, assign, fit_codebook
from voxgate.pretraining.tokenizer.layer_features import ClipFeatures
from voxgate.pretraining.tokenizer.probe import Utterance, train_probe

__all__ = ["Score", "compare", "score"]

_log = logging.getLogger(__name__)


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
    labels = labels_of([*train, *test])
    projection = projection_of(train, candidate, labels, seed=seed)
    sets = [vectors_of(part, candidate, projection) for part in (train, test)]
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


def _explained(vectors: Tensor, centres: Tensor) -> float:
    distance = assign(vectors, centres)[1].sum()
    return float(1 - distance / (vectors - vectors.mean(0)).square().sum())
