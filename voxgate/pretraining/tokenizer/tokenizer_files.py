"""Fit the chosen candidate and write the files that ship: tensors, and a card that says what of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from voxgate.files import digest_json, write_json, write_path
from voxgate.pretraining.tokenizer.candidates import (
    Candidate,
    labels_of,
    projection_of,
    vectors_of,
)
from voxgate.pretraining.tokenizer.codebook import Codebook, fit_codebook
from voxgate.pretraining.tokenizer.comparison import Score
from voxgate.pretraining.tokenizer.layer_features import ClipFeatures
from voxgate.voice.speech_tokenizer import CODEBOOK_KEY

__all__ = ["training_digest", "write_tokenizer"]

_WINDOW = "the clip alone, zeros up to a multiple of 320 samples"


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
    projection = projection_of(clips, candidate, labels_of(clips), seed=seed)
    vectors = torch.cat(vectors_of(clips, candidate, projection))
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


def _row(one: Score) -> dict[str, Any]:
    row = asdict(one)
    row |= row.pop("candidate")
    return {
        key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()
    }
