import pytest
import torch

from models.gpt_sovits.build import build_text_to_semantic
from models.gpt_sovits.s1.token_model import Generated, Prompted, TokenModel, token_limits
from tests.fakes.tiny_preset import TINY, TINY_DURATIONS


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


def test_one_bound_is_every_items_bound():
    items = [Prompted(phones=torch.arange(2), prompt=torch.zeros(0, dtype=torch.long))] * 2
    generators = [torch.Generator()] * 2
    assert token_limits(items, generators, 7) == [7, 7]
    assert token_limits(items, generators, (7, 9)) == [7, 9]
    with pytest.raises(ValueError, match="2 items need as many generators and length bounds"):
        token_limits(items, generators, [7])
    with pytest.raises(ValueError, match="item 0 has no phones"):
        token_limits([Prompted(phones=items[0].prompt, prompt=items[0].prompt)], generators[:1], 7)


def test_only_an_s1_of_durations_says_which_phone_a_frame_speaks():
    spoken = (torch.tensor([[1, 2, 3]]), torch.tensor([3]), torch.tensor([[5] * 9]))
    lengths = torch.tensor([9])
    assert build_text_to_semantic(TINY).align(*spoken, lengths) is None
    assert build_text_to_semantic(TINY_DURATIONS).align(*spoken, lengths).shape == (1, 18)
