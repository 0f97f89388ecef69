"""S2 against the recorded public implementation: a small generator with stored weights."""

from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from models.gpt_sovits.presets import V2, FlowVocoderPreset
from models.gpt_sovits.s2.flow_synthesizer import FlowDraws, FlowOutputs, FlowSynthesizer
from models.gpt_sovits.s2.losses import kl_loss
from models.gpt_sovits.s2.synthesizer import SynthesizerBatch
from models.gpt_sovits.weight_norm import fold_weight_norm
from tests.models.gpt_sovits import golden
from tests.models.gpt_sovits.golden import largest_error

AUDIO = 1e-5
PRIOR = 1e-5
POSTERIOR = 2e-5
LATENT = 2e-4

TINY = replace(
    V2,
    synthesizer=replace(
        V2.synthesizer,
        hidden=32,
        feed_forward=64,
        text_layers=2,
        ssl_layers=1,
        fused_layers=1,
        cross_width=48,
        timbre=48,
        wave=FlowVocoderPreset(latent=24, upsample_width=64, resblock_kernels=(3, 7)),
    ),
)


@pytest.fixture(scope="module")
def stored() -> dict[str, Tensor]:
    return golden.arrays("s2_tiny_v2")


def build() -> FlowSynthesizer:
    state = load_file(golden.FOLDER / "s2_tiny_v2.safetensors")
    state = {key: value.float() for key, value in state.items()}
    book = "quantizer.vq.layers.0._codebook."
    state[f"{book}embed_avg"] = 10 * state[f"{book}embed"]
    model = FlowSynthesizer(TINY)
    model.load_state_dict(state)
    return model.eval()


@pytest.fixture(scope="module")
def model() -> FlowSynthesizer:
    return build()


@pytest.fixture(scope="module")
def trained(stored: dict[str, Tensor]) -> FlowOutputs:
    model = build().train()
    golden.silence_dropout(model)
    codes = model.extract_codes(stored["t_ssl"])[:, 0]
    batch = SynthesizerBatch(
        codes=codes,
        code_lengths=stored["t_spec_lengths"] // 2,
        frame_lengths=stored["t_spec_lengths"],
        phones=stored["t_text"],
        phone_lengths=stored["t_text_lengths"],
        spectrogram=stored["t_spec"],
        wave=torch.zeros(2, 1),
    )
    draws = FlowDraws(noise=stored["d_noise"], windows=stored["d_rand_u"])
    outputs: FlowOutputs = model(batch, draws)
    return outputs


def test_codes_are_equal(model: FlowSynthesizer, stored: dict[str, Tensor]) -> None:
    assert torch.equal(model.extract_codes(stored["a_ssl"]), stored["a_codes"])


def test_decoding_the_mean_is_equal(model: FlowSynthesizer, stored: dict[str, Tensor]) -> None:
    wave = model.decode(stored["b_codes"], stored["b_text"], [stored["b_refer1"]], noise_scale=0.0)
    assert largest_error(wave, stored["b1_audio"][0]) < AUDIO


def test_two_references_are_averaged_after_encoding(
    model: FlowSynthesizer, stored: dict[str, Tensor]
) -> None:
    wave = model.decode(
        stored["b_codes"],
        stored["b_text"],
        [stored["b_refer1"], stored["b_refer2"]],
        noise=stored["b2_noise"],
    )
    assert largest_error(wave, stored["b2_audio"][0]) < AUDIO


def test_speed_changes_the_frames_after_the_second_encoder(
    model: FlowSynthesizer, stored: dict[str, Tensor]
) -> None:
    wave = model.decode(
        stored["b_codes"],
        stored["b_text"],
        [stored["b_refer1"]],
        noise=stored["b3_noise"],
        speed=0.8,
    )
    assert largest_error(wave, stored["b3_audio"][0]) < AUDIO


def test_folded_weights_decode_the_same(stored: dict[str, Tensor]) -> None:
    model = build()
    fold_weight_norm(model)
    wave = model.decode(stored["b_codes"], stored["b_text"], [stored["b_refer1"]], noise_scale=0.0)
    assert largest_error(wave, stored["b1_audio"][0]) < AUDIO


def test_training_windows_are_equal(trained: FlowOutputs, stored: dict[str, Tensor]) -> None:
    assert torch.equal(trained.starts, stored["d_ids_slice"])
    assert largest_error(trained.wave, stored["d_audio"][:, 0]) < AUDIO


@pytest.mark.parametrize(
    ("field", "name", "tolerance"),
    [
        ("mean", "d_m_p", PRIOR),
        ("log_scale", "d_logs_p", PRIOR),
        ("posterior_mean", "d_m_q", POSTERIOR),
        ("posterior_log_scale", "d_logs_q", POSTERIOR),
        ("latent", "d_z", LATENT),
        ("flowed", "d_z_p", LATENT),
    ],
)
def test_training_tensors_are_equal(
    trained: FlowOutputs, stored: dict[str, Tensor], field: str, name: str, tolerance: float
) -> None:
    assert largest_error(getattr(trained, field), stored[name]) < tolerance


def test_divergence_is_equal(trained: FlowOutputs) -> None:
    ours = kl_loss(
        trained.flowed,
        trained.posterior_log_scale,
        trained.mean,
        trained.log_scale,
        trained.mask,
    )
    assert float(ours.detach()) == pytest.approx(golden.facts("s2_tiny_v2")["loss_kl"], rel=1e-4)
