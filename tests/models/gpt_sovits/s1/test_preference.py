import pytest
import torch
from safetensors.torch import load_file

from models.gpt_sovits.presets import TextToSemanticPreset
from models.gpt_sovits.s1.preference import preference_loss, reject_tokens, sequence_log_probability
from models.gpt_sovits.s1.text_to_semantic import TextToSemantic, TextToSemanticBatch, token_loss
from tests.models.gpt_sovits import golden
from tests.models.gpt_sovits.golden import largest_error


def test_the_recorded_preference_step_is_equal() -> None:
    stored, recorded = golden.arrays("s1_small"), golden.facts("s1_small")["dpo"]
    sizes = TextToSemanticPreset(
        phones=732, codes=1024, bert_channels=1024, width=64, heads=4, layers=3, feed_forward=256
    )
    model = TextToSemantic(sizes, legacy_padding=True).eval()
    state = load_file(golden.FOLDER / "s1_small.safetensors")
    model.load_state_dict({k.removeprefix("model."): v.float() for k, v in state.items()})

    def batch(codes: str, lengths: str) -> TextToSemanticBatch:
        return TextToSemanticBatch(
            phones=stored["tr_phones"],
            phone_lengths=stored["tr_phones_len"],
            codes=stored[codes],
            code_lengths=stored[lengths],
            bert=stored["tr_bert"],
        )

    with torch.no_grad():
        true = model(batch("tr_semantic", "tr_semantic_len"))
        rejected = model(batch("dpo_reject_y", "dpo_reject_len"))
        assert largest_error(rejected[0], stored["dpo_reject_logits"]) < 5e-5
        likely, unlikely = sequence_log_probability(*true), sequence_log_probability(*rejected)
        torch.testing.assert_close(likely, stored["dpo_logp_chosen"], rtol=1e-5, atol=1e-3)
        torch.testing.assert_close(unlikely, stored["dpo_logp_reject"], rtol=1e-5, atol=1e-3)
        preference = preference_loss(likely, unlikely)
        assert float(preference) == pytest.approx(recorded["loss_dpo"], rel=1e-4)
        entropy = token_loss(*true, stored["tr_semantic_len"], summed=True)["total"]
        assert float(entropy + preference) == pytest.approx(recorded["loss_total"], rel=1e-4)


def test_rejected_sequences_repeat_or_lack_a_span() -> None:
    codes, generator = torch.arange(10), torch.Generator().manual_seed(0)
    sizes = set()
    for _ in range(50):
        spoiled = reject_tokens(codes, generator)
        sizes.add(len(spoiled) > 10)
        assert 0 < len(spoiled) < 20
        assert len(spoiled) != 10
        steps = spoiled.diff()
        assert (steps != 1).sum() <= 1, "one seam at most"
    assert sizes == {True, False}


def test_one_code_cannot_be_spoiled() -> None:
    with pytest.raises(ValueError, match="two codes or more to be spoiled, got 1"):
        reject_tokens(torch.zeros(1), torch.Generator())
