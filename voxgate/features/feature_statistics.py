"""Figures of a training set that training and evaluation rely on."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from voxgate.features.clip_features import ClipFeatures, DroppedClip

__all__ = ["summarise_features", "token_perplexity"]


def summarise_features(
    features: Sequence[ClipFeatures],
    dropped: Sequence[DroppedClip],
    *,
    splits: Mapping[str, str],
    codes: int,
) -> dict[str, Any]:
    """Return counts and seconds per split, speaking rate, guessed words, and token usage.

    `splits` is keyed by recording_id. Rates are over the whole set, and `phones_per_second` is the
    median over clips: a clip with a long pause must not slow the voice down.
    """
    usage = Counter(token for clip in features for token in clip.tokens)
    guessed = Counter(word for clip in features for word in clip.guessed_words)
    return {
        "schema": 1,
        "clips": dict(sorted(Counter(splits.values()).items())),
        "seconds": {
            split: round(
                sum(f.clip.duration_s for f in features if splits[f.clip.recording_id] == split), 3
            )
            for split in sorted(set(splits.values()))
        },
        "dropped": dict(sorted(Counter(d.code for d in dropped).items())),
        "phones_per_second": round(statistics.median(f.phones_per_second for f in features), 4),
        "phones": len({phone for f in features for phone in f.phones}),
        "guessed_words": dict(sorted(guessed.items())),
        "tokens": {
            "codes": codes,
            "used": len(usage),
            "perplexity": round(token_perplexity(usage), 2),
            "repeated": round(_repeated_share(features), 4),
        },
    }


def token_perplexity(usage: Mapping[int, int]) -> float:
    """Return exp(entropy) of the token distribution: how many codes are effectively in use."""
    total = sum(usage.values())
    if not total:
        return 0.0
    return math.exp(-sum(n / total * math.log(n / total) for n in usage.values() if n))


def _repeated_share(features: Sequence[ClipFeatures]) -> float:
    pairs = sum(max(0, len(f.tokens) - 1) for f in features)
    repeats = sum(
        first == second
        for f in features
        for first, second in zip(f.tokens, f.tokens[1:], strict=False)
    )
    return repeats / pairs if pairs else 0.0
