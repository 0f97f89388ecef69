import pytest
import torch
from torch import Tensor

from models.gpt_sovits.attention import CrossAttention, RelativeEncoder, RelativeSelfAttention
from models.gpt_sovits.masks import length_mask

WINDOW = 2


def encoder(**changes: int) -> RelativeEncoder:
    torch.manual_seed(0)
    sizes = {"channels": 8, "feed_forward": 12, "heads": 2, "layers": 2} | changes
    model = RelativeEncoder(**sizes, kernel=3, window=WINDOW, dropout=0.0)
    return model.eval()


def by_the_definition(layer: RelativeSelfAttention, x: Tensor) -> Tensor:
    """Shaw et al. 2018, written out frame by frame for one item."""
    channels, frames = x.shape
    depth = channels // layer.heads
    q, k, v = (conv(x[None])[0].T for conv in (layer.conv_q, layer.conv_k, layer.conv_v))
    out = torch.zeros(frames, channels)
    for head in range(layer.heads):
        part = slice(head * depth, (head + 1) * depth)
        for i in range(frames):
            logits = torch.zeros(frames)
            values = torch.zeros(frames, depth)
            for j in range(frames):
                key, value = k[j, part], v[j, part]
                if abs(j - i) <= layer.window:
                    key = key + layer.emb_rel_k[0, j - i + layer.window]
                    value = value + layer.emb_rel_v[0, j - i + layer.window]
                logits[j] = q[i, part] @ key / depth**0.5
                values[j] = value
            out[i, part] = logits.softmax(0) @ values
    return layer.conv_o(out.T[None])[0]


@pytest.mark.parametrize("frames", [1, 2, 3, 7])
def test_self_attention_follows_its_definition(frames: int) -> None:
    torch.manual_seed(1)
    layer = RelativeSelfAttention(8, 2, WINDOW, 0.0)
    x = torch.randn(1, 8, frames)
    with torch.no_grad():
        ours = layer(x, torch.ones(1, frames, dtype=torch.bool))
        torch.testing.assert_close(ours[0], by_the_definition(layer, x[0]), rtol=1e-5, atol=1e-6)


def test_padding_changes_nothing() -> None:
    model = encoder()
    x = torch.randn(1, 8, 6)
    alone = model(x, torch.ones(1, 6, dtype=torch.bool))
    padded = torch.cat([x, torch.full((1, 8, 5), 9.0)], dim=2)
    together = model(padded, length_mask(torch.tensor([6]), 11))
    torch.testing.assert_close(together[:, :, :6], alone)
    assert torch.count_nonzero(together[:, :, 6:]) == 0


def test_every_parameter_gets_a_gradient() -> None:
    model = encoder()
    x = torch.randn(2, 8, 6)
    # Not a plain sum: the last norm would make that constant.
    (model(x, torch.ones(2, 6, dtype=torch.bool)) * torch.randn(2, 8, 6)).sum().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name


def test_cross_attention_ignores_masked_context() -> None:
    torch.manual_seed(2)
    layer = CrossAttention(8, 2)
    x, context = torch.randn(1, 8, 4), torch.randn(1, 8, 3)
    alone = layer(x, context, torch.ones(1, 3, dtype=torch.bool))
    padded = torch.cat([context, torch.full((1, 8, 2), 5.0)], dim=2)
    torch.testing.assert_close(layer(x, padded, length_mask(torch.tensor([3]), 5)), alone)
