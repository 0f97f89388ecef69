import torch

from tests.fakes.tiny_preset import TINY_DURATIONS
from tests.fakes.training_clips import CLIPS, TOKENIZER
from voxgate.training.fit.micro_batch import MicroBatch
from voxgate.training.networks import build_networks
from voxgate.training.objectives.durations import DurationObjective


def objective() -> DurationObjective:
    return DurationObjective(
        build_networks(TINY_DURATIONS, seed=1, tokenizer=TOKENIZER).text_to_semantic
    )


def test_a_clips_prompt_is_the_next_of_the_whole_batch():
    batch = objective().collate(MicroBatch(batch=CLIPS, places=(1, 3), seed=1))

    assert batch.code_lengths.tolist() == [11, 14]
    assert batch.prompt_lengths.tolist() == [9, 8]
    assert batch.prompt_phones.tolist() == [5, 4]


def test_another_rule_may_choose_the_prompts():
    own = DurationObjective(objective().network, prompts=lambda micro_batch: micro_batch.clips)
    batch = own.collate(MicroBatch(batch=CLIPS, places=(1, 3), seed=1))

    assert batch.prompt_lengths.tolist() == batch.code_lengths.tolist()


def test_the_losses_of_the_pieces_add_up():
    subject = objective()
    whole, *parts = (
        subject.losses(MicroBatch(batch=CLIPS, places=places, seed=1), torch.Generator())
        for places in ((0, 1, 2, 3), (0, 2), (1, 3))
    )

    for name in ("path", "code"):
        total = sum(part[name].detach() for part in parts)
        torch.testing.assert_close(total, whole[name].detach(), rtol=1e-4, atol=0)
