"""What evidence says of a small data set, so that the gate can say what such data cannot show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voxgate.corpus.data_size import is_small
from voxgate.evaluation.prompt_texts import sentence_length
from voxgate.features.featurised_clips import CutClip
from voxgate.features.splits import TRAIN

__all__ = ["describe_small_data"]


def describe_small_data(
    size: Mapping[str, Any] | None, clips: Sequence[CutClip]
) -> dict[str, Any] | None:
    """Return size and examples of a data set that is smaller than the largest; else None.

    Args:
        size: what `featurize` said of it (`DataSize.as_json`); None where it said nothing.
        clips: all that it made features of.

    Returns:
        The size, and of the training clips their seconds, the words of each in order, and how many
        ask a question: the gate knows its slices by words and class.
    """
    if size is None or not is_small(str(size["name"])):
        return None
    training = [clip for clip in clips if clip.split == TRAIN]
    return {
        **size,
        "train_seconds": round(sum(clip.duration_s for clip in training), 3),
        "train_words": sorted(sentence_length(clip.text) for clip in training),
        "train_questions": sum(clip.text.rstrip().endswith("?") for clip in training),
    }
