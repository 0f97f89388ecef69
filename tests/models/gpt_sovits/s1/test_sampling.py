"""Defects of the public code in speaking that are not repeated here (docs/training.md)."""

import torch

from models.gpt_sovits.s1.sampling import penalise_repetition


def test_the_repetition_penalty_leaves_the_logits_as_they_are() -> None:
    logits = torch.tensor([[2.0, -2.0, 1.0]])
    seen = torch.tensor([[True, True, False]])
    penalised = penalise_repetition(logits, seen, 1.35)

    assert logits.tolist() == [[2.0, -2.0, 1.0]]
    torch.testing.assert_close(penalised, torch.tensor([[2.0 / 1.35, -2.0 * 1.35, 1.0]]))
    # a second look at the same logits, as a retry takes it, is penalised once and not twice
    assert torch.equal(penalise_repetition(logits, seen, 1.35), penalised)
