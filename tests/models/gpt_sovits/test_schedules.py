import pytest
import torch

from models.gpt_sovits.build import build_synthesizer
from models.gpt_sovits.presets import MINI
from models.gpt_sovits.schedules import (
    epoch_learning_rate,
    public_text_learning_rate,
    synthesizer_groups,
)
from tests.models.gpt_sovits import golden


def test_epoch_rates_are_the_recorded_ones() -> None:
    recorded = golden.facts("lr_schedules")["s2"]
    ours = [epoch_learning_rate(1e-4, epoch) for epoch in range(1, 6)]
    assert ours == pytest.approx(recorded["lr_epoch1..5"], rel=1e-12)
    ours = [epoch_learning_rate(1e-4 * 0.4, epoch) for epoch in range(1, 6)]
    assert ours == pytest.approx(recorded["text_groups"], rel=1e-12)


def test_a_resumed_epoch_has_the_rate_of_a_fresh_run() -> None:
    fresh = golden.facts("lr_schedules")["s2"]["resume_after_epoch2"]["fresh_run_epoch3_lr"]
    assert epoch_learning_rate(1e-4, 3) == pytest.approx(fresh, rel=1e-12)


def test_public_text_rates_are_the_recorded_ones() -> None:
    recorded = golden.facts("lr_schedules")["s1"]["lr_used_at_optimizer_step"]
    assert [public_text_learning_rate(step) for step in range(len(recorded))] == recorded


def test_the_text_side_learns_slower() -> None:
    with torch.device("meta"):
        model = build_synthesizer(MINI)
    other, text = synthesizer_groups(model, 1e-4)
    assert text["lr"] == pytest.approx(4e-5)
    assert len(other["params"]) + len(text["params"]) == len(list(model.parameters()))
    ids = {id(parameter) for parameter in text["params"]}
    assert id(model.enc_p.text_embedding.weight) in ids
    assert id(model.enc_p.mrte.c_pre.weight) in ids
    assert id(model.enc_p.encoder_ssl.attn_layers[0].conv_q.weight) not in ids
