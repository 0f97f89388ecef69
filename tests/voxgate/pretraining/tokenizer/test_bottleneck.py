import torch

from voxgate.pretraining.tokenizer.bottleneck import fit_bottleneck, pair_mean
from voxgate.pretraining.tokenizer.probe import Utterance

CHANNELS, LOUD = 4, 20.0


def utterances(count: int) -> list[Utterance]:
    """Two phones that differ in channel 0 only, under louder channels that say nothing."""
    random = torch.Generator().manual_seed(1)
    made = []
    for _ in range(count):
        labels = torch.randint(1, 3, (4,), generator=random)
        labels = torch.unique_consecutive(labels)
        frames = LOUD * torch.randn(6 * len(labels), CHANNELS, generator=random)
        frames[:, 0] = (labels.float() * 2 - 3).repeat_interleave(6)
        made.append(Utterance(frames, labels))
    return made


def test_the_pair_mean_is_the_mean_of_two_frames() -> None:
    frames = torch.randn(10, CHANNELS)
    assert torch.allclose(pair_mean(CHANNELS)(frames), frames.reshape(5, 2, -1).mean(1), atol=1e-6)


def test_the_bottleneck_keeps_what_tells_phones_apart() -> None:
    projection = fit_bottleneck(utterances(60), width=2, seed=1, steps=400)
    assert projection.weight.shape == (2, CHANNELS, 2)
    shares = (projection.weight.abs() * torch.tensor([1.0] + [LOUD] * (CHANNELS - 1))[:, None]).sum(
        (0, 2)
    )
    assert shares[0] > shares[1:].max()


def test_the_same_seed_gives_the_same_projection() -> None:
    first, again = (fit_bottleneck(utterances(8), width=2, seed=3, steps=3) for _ in range(2))
    assert torch.equal(first.weight, again.weight)
