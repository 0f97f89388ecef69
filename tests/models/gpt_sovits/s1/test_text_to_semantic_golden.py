"""S1 against the recorded public implementation."""

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from models.gpt_sovits.presets import V2, TextToSemanticPreset
from models.gpt_sovits.s1.sampling import SamplingOptions, penalise_repetition, probabilities
from models.gpt_sovits.s1.text_to_semantic import TextToSemantic, TextToSemanticBatch, token_loss
from models.gpt_sovits.s1.token_model import Generated, Prompted
from tests.models.gpt_sovits import golden
from tests.models.gpt_sovits.golden import largest_error

LOGITS = 5e-5
SMALL = TextToSemanticPreset(
    phones=732, codes=1024, bert_channels=1024, width=64, heads=4, layers=3, feed_forward=256
)


@pytest.fixture(scope="module")
def stored() -> dict[str, Tensor]:
    return golden.arrays("s1_small")


def build(*, legacy_padding: bool = False) -> TextToSemantic:
    state = load_file(golden.FOLDER / "s1_small.safetensors")
    model = TextToSemantic(SMALL, legacy_padding=legacy_padding)
    model.load_state_dict({k.removeprefix("model."): v.float() for k, v in state.items()})
    return model.eval()


@pytest.fixture(scope="module")
def model() -> TextToSemantic:
    return build()


@pytest.fixture(scope="module")
def batch(stored: dict[str, Tensor]) -> TextToSemanticBatch:
    return TextToSemanticBatch(
        phones=stored["tr_phones"],
        phone_lengths=stored["tr_phones_len"],
        codes=stored["tr_semantic"],
        code_lengths=stored["tr_semantic_len"],
        bert=stored["tr_bert"],
    )


def greedy(
    model: TextToSemantic, items: list[Prompted], *, penalty: float = 1.35, limit: int = 1500
) -> list[Generated]:
    return model.generate(
        items,
        generators=[torch.Generator().manual_seed(0) for _ in items],
        options=SamplingOptions(top_k=1, repetition_penalty=penalty),
        max_tokens=limit,
    )


def test_training_step_is_equal_under_the_public_padding(
    stored: dict[str, Tensor], batch: TextToSemanticBatch
) -> None:
    model = build(legacy_padding=True)
    recorded = golden.facts("s1_small")["train"]
    logits, targets = model(batch)
    assert largest_error(logits, stored["tr_logits"]) < LOGITS
    assert torch.equal(targets, stored["tr_targets"])
    terms = token_loss(logits, targets, batch.code_lengths, summed=True)
    assert float(terms["total"].detach()) == pytest.approx(recorded["loss_sum"], rel=1e-5)
    terms["total"].backward()
    assert golden.norms(model) == pytest.approx(recorded["grad_norms"], rel=1e-3)
    for name in ("ar_text_position.alpha", "bert_proj.bias", "ar_predict_layer.weight"):
        parameter = model.get_parameter(name)
        assert parameter.grad is not None
        torch.testing.assert_close(parameter.grad, stored[f"tr_grad:{name}"], rtol=1e-3, atol=1e-3)


def test_the_longest_row_is_equal_with_the_padding_mended(
    model: TextToSemantic, stored: dict[str, Tensor], batch: TextToSemanticBatch
) -> None:
    logits, _ = model(batch)
    assert largest_error(logits[0], stored["tr_logits"][0]) < LOGITS


@pytest.mark.parametrize(
    ("case", "penalty", "limit", "limited"),
    [
        ("greedy_rep1.0", 1.0, 1500, False),
        ("greedy_rep1.35", 1.35, 1500, False),
        # Upstream counts to 20, draws 21 and then loses the first; here all 21 come back.
        ("greedy_early20", 1.35, 21, True),
    ],
)
def test_greedy_tokens_are_equal(
    model: TextToSemantic,
    stored: dict[str, Tensor],
    case: str,
    penalty: float,
    limit: int,
    limited: bool,
) -> None:
    prompt = stored["inf_prompt"][0]
    item = Prompted(phones=stored["inf_phones"][0], prompt=prompt, bert=stored["inf_bert"][0])
    (said,) = greedy(model, [item], penalty=penalty, limit=limit)
    assert torch.equal(said.tokens, stored[f"inf_{case}_y"][0, len(prompt) :].long())
    assert said.stopped_by_limit is limited


def test_greedy_tokens_are_equal_without_a_prompt(
    model: TextToSemantic, stored: dict[str, Tensor]
) -> None:
    nothing = torch.zeros(0, dtype=torch.long)
    item = Prompted(phones=stored["inf_phones"][0], prompt=nothing, bert=stored["inf_bert"][0])
    (said,) = greedy(model, [item])
    assert torch.equal(said.tokens, stored["inf_greedy_rep1.35_noprompt_y"][0].long())


def test_batched_tokens_are_equal(model: TextToSemantic, stored: dict[str, Tensor]) -> None:
    prompt = stored["inf_prompt"][0]
    items = [
        Prompted(phones=stored[f"batch_phones{i}"], prompt=prompt, bert=stored[f"batch_bert{i}"])
        for i in range(3)
    ]
    said = greedy(model, items)
    for i, each in enumerate(said):
        assert torch.equal(each.tokens, stored[f"batch_y{i}"][len(prompt) :].long())


@pytest.mark.parametrize("case", range(4))
def test_probabilities_are_equal(stored: dict[str, Tensor], case: int) -> None:
    options = SamplingOptions(**golden.facts("s1_small")["sampling_cases"][case])
    logits = stored["samp_logits"].clone()
    seen = torch.zeros_like(logits, dtype=torch.bool).scatter(1, stored["samp_prev"], value=True)
    penalised = penalise_repetition(logits, seen, options.repetition_penalty)
    assert torch.equal(logits, stored["samp_logits"]), "the penalty wrote into its input"
    assert torch.equal(penalised, stored[f"samp_logits_after{case}"])
    assert largest_error(probabilities(penalised, options), stored[f"samp_probs{case}"]) < 1e-6


@pytest.mark.slow
def test_full_size_logits_and_greedy_tokens_are_equal() -> None:
    stored = golden.arrays("s1_full_v2")
    model = TextToSemantic(V2.text_to_semantic).eval()
    golden.fill(model, prefix="model.")
    prompt = stored["prompt"][0]
    batch = TextToSemanticBatch(
        phones=stored["phones"],
        phone_lengths=torch.tensor([stored["phones"].shape[1]]),
        codes=stored["prompt"],
        code_lengths=torch.tensor([len(prompt)]),
        bert=stored["bert"],
    )
    with torch.no_grad():
        logits, targets = model(batch)
    assert largest_error(logits[0], stored["train_logits"]) < LOGITS
    total = token_loss(logits, targets, batch.code_lengths, summed=True)["total"]
    assert float(total) == pytest.approx(golden.facts("s1_full_v2")["loss_sum"], rel=1e-5)
    item = Prompted(phones=stored["phones"][0], prompt=prompt, bert=stored["bert"][0])
    (said,) = greedy(model, [item], limit=25)
    assert torch.equal(said.tokens, stored["greedy_y"][0, len(prompt) :].long())
