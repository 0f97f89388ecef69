import torch

from models.gpt_sovits.s1.token_model import Generated, Prompted, TokenModel


class Counting(TokenModel):
    """A model that has all tokens at once: as many as there are phones."""

    def generate(self, items, *, generators, options=None, min_tokens=11, max_tokens=1500):
        return [
            Generated(tokens=torch.arange(len(item.phones)), stopped_by_limit=True)
            for item in items
        ]


def test_what_is_read_is_the_prompts_phones_and_then_the_targets():
    item = Prompted(
        phones=torch.tensor([3, 4]), prompt_phones=torch.tensor([1, 2]), prompt=torch.tensor([9])
    )
    assert item.read.tolist() == [1, 2, 3, 4]


def test_a_model_that_cannot_stream_hands_out_one_piece():
    item = Prompted(phones=torch.arange(4), prompt=torch.zeros(0, dtype=torch.long))
    [piece] = Counting().stream(item, generator=torch.Generator(), chunk_tokens=2)
    assert piece.tokens.tolist() == [0, 1, 2, 3]
    assert piece.stopped_by_limit
