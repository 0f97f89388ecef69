from dataclasses import replace

from voxgate.pretraining.base.base_set import BaseSet
from voxgate.pretraining.base.draws import DrawnOrder, SameVoice
from voxgate.training.fit.micro_batch import MicroBatch


def order(data: BaseSet, seed: int = 1) -> DrawnOrder:
    lengths = [len(clip.tokens) for clip in data.train]
    return DrawnOrder(lengths=lengths, seconds=20, seed=seed)


def batch(data: BaseSet) -> MicroBatch:
    return MicroBatch.whole([data.train[index] for index in order(data).at(0)], seed=5)


def test_a_batch_is_a_function_of_seed_and_step(data: BaseSet) -> None:
    assert order(data).at(3) == order(data).at(3)
    assert order(data).at(3) != order(data).at(4)
    assert order(data).at(3) != order(data, seed=2).at(3)


def test_a_batch_is_as_long_as_asked_padding_included(data: BaseSet) -> None:
    for step in range(20):
        lengths = [len(data.train[index].tokens) for index in order(data).at(step)]
        assert len(lengths) * max(lengths) / 25 >= 20
        assert (len(lengths) - 1) * max(lengths[:-1]) / 25 < 20


def test_a_prompt_is_of_the_same_voice(data: BaseSet) -> None:
    micro_batch = batch(data)
    prompts = SameVoice(data)(micro_batch)
    voices = data.voices
    assert [voices[p.clip_id] for p in prompts] == [voices[c.clip_id] for c in micro_batch.clips]
    assert [p.clip_id for p in prompts] != [
        p.clip_id for p in SameVoice(data)(replace(micro_batch, seed=6))
    ]


def test_a_clips_prompt_does_not_depend_on_the_piece_it_is_in(data: BaseSet) -> None:
    micro_batch, prompts_of = batch(data), SameVoice(data)
    parts = [one for part in micro_batch.cut(3) for one in prompts_of(part)]
    assert [p.clip_id for p in parts] == [p.clip_id for p in prompts_of(micro_batch)]


def test_a_voice_that_is_not_trained_on_prompts_itself(data: BaseSet) -> None:
    micro_batch = MicroBatch.whole(data.unseen_voices, seed=1)
    assert SameVoice(data)(micro_batch) == list(data.unseen_voices)
