import pytest
import torch
import torch.nn.functional as F

from models.gpt_sovits.s1.linear_forms import linear_form


def layer(inputs: int = 64, outputs: int = 48) -> tuple[torch.Tensor, torch.Tensor]:
    numbers = torch.Generator().manual_seed(0)
    weight = torch.randn(outputs, inputs, generator=numbers) / inputs**0.5
    return weight, torch.randn(outputs, generator=numbers)


@pytest.mark.parametrize(
    ("precision", "bound"), [("float32", 1e-5), ("bfloat16", 0.03), ("int8", 0.08)]
)
@pytest.mark.parametrize("rows", [1, 3, 4, 9])
def test_every_form_gives_the_layer_within_its_precision(precision, bound, rows):
    weight, bias = layer()
    x = torch.randn(rows, 64, generator=torch.Generator().manual_seed(1))
    out = linear_form(weight, bias, precision)(x)
    assert out.dtype == torch.float32
    assert (out - F.linear(x, weight, bias)).abs().max() < bound


def test_a_row_of_zeros_does_not_break_int8():
    weight, bias = layer()
    weight[3] = 0
    out = linear_form(weight, bias, "int8")(torch.ones(1, 64))
    assert out[0, 3] == pytest.approx(float(bias[3]), abs=1e-6)


def test_an_unknown_precision_is_refused():
    with pytest.raises(ValueError, match="precision 'half': choose one of float32, bfloat16, int8"):
        linear_form(*layer(), "half")  # type: ignore[arg-type]


def test_int8_is_refused_elsewhere_than_on_the_cpu():
    weight, bias = layer()
    with pytest.raises(ValueError, match="int8 runs on the CPU only, the network is on meta"):
        linear_form(weight.to("meta"), bias.to("meta"), "int8")
