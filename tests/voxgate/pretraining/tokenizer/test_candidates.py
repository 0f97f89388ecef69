import torch

from voxgate.pretraining.tokenizer.bottleneck import pair_mean
from voxgate.pretraining.tokenizer.candidates import Candidate, labels_of, projection_of, vectors_of
from voxgate.pretraining.tokenizer.layer_features import ClipFeatures

from .conftest import CHOICE


def test_a_clip_gives_a_vector_for_two_frames_less_its_mean(clips: list[ClipFeatures]) -> None:
    projection = projection_of(clips, CHOICE, labels_of(clips), seed=1)
    wanted = pair_mean(16)(torch.from_numpy(clips[0].frames - clips[0].mean))
    assert torch.equal(vectors_of(clips, CHOICE, projection)[0], wanted)
    whole = Candidate(layer="sharp", remove_mean=False, codes=8)
    assert not torch.equal(vectors_of(clips, whole, projection)[0], wanted)


def test_phones_are_numbered_from_one(clips: list[ClipFeatures]) -> None:
    labels = labels_of(clips)
    assert labels.keys() == {clip.item.item_id for clip in clips}
    numbers = {number for line in labels.values() for number in line}
    assert numbers == set(range(1, len(numbers) + 1))  # 0 is the blank of CTC
