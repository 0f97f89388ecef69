from itertools import combinations, pairwise

import pytest
import torch

from models.gpt_sovits.s1.monotonic import best_durations, path_log_likelihood

FRAMES, PHONES = torch.tensor([7, 5]), torch.tensor([3, 2])


def scores() -> torch.Tensor:
    torch.manual_seed(0)
    return torch.randn(2, 7, 3)


def every_path(frames: int, phones: int) -> list[list[int]]:
    """Durations of all paths, by enumeration."""
    cuts = combinations(range(1, frames), phones - 1)
    return [[b - a for a, b in pairwise((0, *cut, frames))] for cut in cuts]


def path_score(score: torch.Tensor, durations: list[int]) -> torch.Tensor:
    phone_of = [phone for phone, count in enumerate(durations) for _ in range(count)]
    return sum((score[t, phone] for t, phone in enumerate(phone_of)), torch.zeros(()))


def test_the_likelihood_sums_over_every_path() -> None:
    score = scores()
    expected = [
        torch.stack([path_score(score[row], d) for d in every_path(frames, phones)]).logsumexp(0)
        for row, (frames, phones) in enumerate(zip(FRAMES.tolist(), PHONES.tolist(), strict=True))
    ]
    assert torch.allclose(path_log_likelihood(score, FRAMES, PHONES), torch.stack(expected))


def test_the_gradient_is_the_posterior() -> None:
    score = scores().requires_grad_()
    total = path_log_likelihood(score, FRAMES, PHONES)
    (posterior,) = torch.autograd.grad(total.sum(), score)
    assert torch.allclose(posterior[0].sum(-1), torch.ones(7), atol=1e-5)
    assert torch.allclose(posterior[1].sum(-1), (torch.arange(7) < 5).float(), atol=1e-5)
    step = torch.zeros_like(score)
    step[0, 3, 1] = 1e-2
    with torch.no_grad():
        ahead = path_log_likelihood(score + step, FRAMES, PHONES)[0]
        behind = path_log_likelihood(score - step, FRAMES, PHONES)[0]
    assert float((ahead - behind) / 2e-2) == pytest.approx(float(posterior[0, 3, 1]), abs=1e-3)


def test_the_best_path_is_the_best_of_all() -> None:
    score = scores()
    found = best_durations(score, FRAMES, PHONES)
    for row, (frames, phones) in enumerate(zip(FRAMES.tolist(), PHONES.tolist(), strict=True)):
        best = max(every_path(frames, phones), key=lambda d: float(path_score(score[row], d)))
        assert found[row].tolist() == best + [0] * (3 - phones)


def test_more_phones_than_frames_are_refused() -> None:
    with pytest.raises(ValueError, match="item 1: 3 phones cannot share 2 frames"):
        best_durations(scores(), torch.tensor([7, 2]), torch.tensor([3, 3]))
