"""S2 at full size against the recorded public implementation, with recipe weights."""

from functools import cache

import pytest
import torch
from torch import Tensor

from models.gpt_sovits.masks import length_mask, take_windows
from models.gpt_sovits.presets import FlowVocoderPreset, preset
from models.gpt_sovits.s2.discriminators import Discriminators
from models.gpt_sovits.s2.flow_synthesizer import FlowDraws, FlowOutputs, FlowSynthesizer
from models.gpt_sovits.s2.losses import adversarial_loss, discriminator_loss, feature_loss, kl_loss
from models.gpt_sovits.s2.spectrogram import MelSpectrogram
from models.gpt_sovits.s2.synthesizer import SynthesizerBatch
from models.gpt_sovits.schedules import epoch_learning_rate, synthesizer_groups
from tests.models.gpt_sovits import golden
from tests.models.gpt_sovits.golden import largest_error

pytestmark = pytest.mark.slow

AUDIO = 1e-5
PRIOR = 1e-5
POSTERIOR = 2e-5
SCORES = 1e-5
ALL = ["v1", "v2", "v2Pro", "v2ProPlus"]
TRAINED = ["v2", "v2Pro"]
"""Presets with a recorded training step that includes the discriminators."""


def latent_error(ours: Tensor, theirs: Tensor) -> float:
    """Return the excess over rtol 2e-6 + atol 2e-4; 0 or less is equal."""
    return float(((ours.detach() - theirs).abs() - 2e-6 * theirs.abs() - 2e-4).max())


@cache
def build(name: str) -> FlowSynthesizer:
    """Build once a preset: the tests that share it change nothing."""
    return build_fresh(name)


def build_fresh(name: str) -> FlowSynthesizer:
    model = FlowSynthesizer(preset(name))
    golden.fill(model)
    return model.eval()


def references(name: str, stored: dict[str, Tensor], count: int) -> dict[str, list[Tensor]]:
    chosen = {"references": [stored[f"b_refer{i + 1}"] for i in range(count)]}
    if "Pro" in name:
        chosen["speaker_vectors"] = [stored[f"b_sv{i + 1}"] for i in range(count)]
    return chosen


def training_batch(model: FlowSynthesizer, stored: dict[str, Tensor]) -> SynthesizerBatch:
    return SynthesizerBatch(
        codes=model.extract_codes(stored["t_ssl"])[:, 0],
        code_lengths=stored["t_spec_lengths"] // 2,
        frame_lengths=stored["t_spec_lengths"],
        phones=stored["t_text"],
        phone_lengths=stored["t_text_lengths"],
        spectrogram=stored["t_spec"],
        wave=stored["t_wave"][:, 0],
        speaker_vector=stored.get("t_sv"),
    )


@pytest.mark.parametrize("name", ALL)
def test_weights_follow_the_recipe(name: str) -> None:
    state = build(name).state_dict()
    recorded = golden.facts(f"s2_{name}")["state_fingerprints"]
    for key in ("enc_p.ssl_proj.weight", "dec.ups.0.weight_v", "ref_enc.fc.fc.bias"):
        assert golden.fingerprint(state[key]) == pytest.approx(recorded[key], rel=1e-6)


@pytest.mark.parametrize("name", ALL)
def test_inference_is_equal(name: str) -> None:
    stored, model = golden.arrays(f"s2_{name}"), build(name)
    assert torch.equal(model.extract_codes(stored["a_ssl"]), stored["a_codes"])
    item = (stored["b_codes"], stored["b_text"])
    wave = model.decode(*item, **references(name, stored, 1), noise_scale=0.0)
    assert largest_error(wave, stored["b1_audio"][0]) < AUDIO
    wave = model.decode(*item, **references(name, stored, 2), noise=stored["b2_noise"])
    assert largest_error(wave, stored["b2_audio"][0]) < AUDIO
    wave = model.decode(*item, **references(name, stored, 1), noise=stored["b3_noise"], speed=1.25)
    assert largest_error(wave, stored["b3_audio"][0]) < AUDIO


@pytest.mark.parametrize("name", ALL)
def test_prior_and_timbre_are_equal(name: str) -> None:
    stored, model = golden.arrays(f"s2_{name}"), build(name)
    codes, phones = stored["b_codes"][:, 0], stored["b_text"]
    with torch.no_grad():
        timbre = model.mean_timbre(**references(name, stored, 1))
        prior = model.prior(
            codes,
            torch.tensor([2 * codes.shape[1]]),
            phones,
            torch.tensor([phones.shape[1]]),
            timbre,
        )
    assert largest_error(timbre, stored["b1_ref_enc"]) < PRIOR
    assert largest_error(prior.mean, stored["b1_m_p"]) < PRIOR
    assert largest_error(prior.log_scale, stored["b1_logs_p"]) < PRIOR


@pytest.mark.parametrize("name", ALL)
def test_posterior_flow_and_vocoder_are_equal(name: str) -> None:
    stored, model = golden.arrays(f"s2_{name}"), build(name)
    timbre = stored["c_g"]
    spectrogram = stored["t_spec"]
    mask = length_mask(stored["t_spec_lengths"], spectrogram.shape[-1])
    keep = mask[:, None, :].float()
    with torch.no_grad():
        mean, log_scale = model.enc_q(spectrogram, keep, timbre)
        latent = (mean + stored["c_noise"] * log_scale.exp()) * keep
        flowed = model.flow(stored["c_z"], keep, timbre)
        back = model.flow(flowed, keep, timbre, inverse=True)
        wave = model.dec(stored["c_z"][:, :, :8], timbre)
    assert largest_error(mean, stored["c_m_q"]) < POSTERIOR
    assert largest_error(log_scale, stored["c_logs_q"]) < POSTERIOR
    assert latent_error(latent, stored["c_z"]) <= 0
    assert latent_error(flowed, stored["c_flow"]) <= 0
    assert largest_error(back, stored["c_z"]) < 1e-4
    assert largest_error(wave, stored["c_dec_first8"]) < AUDIO


@pytest.mark.parametrize("name", TRAINED)
def test_one_training_step_is_equal(name: str) -> None:
    stored, recorded = golden.arrays(f"s2_{name}"), golden.facts(f"s2_{name}")["d_losses"]
    model = build_fresh(name).train()
    golden.silence_dropout(model)
    wave_sizes = preset(name).synthesizer.wave
    assert isinstance(wave_sizes, FlowVocoderPreset)
    judges = Discriminators(wave_sizes)
    golden.fill(judges, salt="D:")
    batch = training_batch(model, stored)
    assert torch.equal(batch.codes, stored["d_quantized_idx"][:, 0])
    draws = FlowDraws(noise=stored["d_noise"], windows=stored["d_rand_u"])
    outputs = model(batch, draws)
    _check_outputs(outputs, stored)

    real = take_windows(batch.wave[:, None], outputs.starts * 640, 20480)[:, 0]
    _step_discriminators(judges, real, outputs.wave.detach(), stored, recorded)

    rate = epoch_learning_rate(1e-4, 1)
    groups = synthesizer_groups(model, rate)
    optimiser = torch.optim.AdamW(groups, lr=rate, betas=(0.8, 0.99), eps=1e-9)
    losses = _generator_losses(judges, batch, outputs, real)
    for term in ("loss_gen", "loss_fm", "loss_mel", "loss_kl"):
        assert float(losses[term].detach()) == pytest.approx(recorded[term], rel=1e-4), term
    before = {key: value.detach().clone() for key, value in model.named_parameters()}
    torch.stack(list(losses.values())).sum().backward()
    # The key biases of attention without relative positions have no gradient but rounding.
    assert golden.norms(model) == pytest.approx(_recorded_norms(name), rel=1e-3, abs=1e-6)
    without = [key for key, value in model.named_parameters() if value.grad is None]
    assert without == recorded["grad_none"]
    optimiser.step()
    _check_step(model, before, stored)


def _check_outputs(outputs: FlowOutputs, stored: dict[str, Tensor]) -> None:
    assert torch.equal(outputs.starts, stored["d_ids_slice"])
    assert largest_error(outputs.wave, stored["d_audio"][:, 0]) < AUDIO
    assert largest_error(outputs.mean, stored["d_m_p"]) < PRIOR
    assert largest_error(outputs.log_scale, stored["d_logs_p"]) < PRIOR
    assert largest_error(outputs.posterior_mean, stored["d_m_q"]) < POSTERIOR
    assert largest_error(outputs.posterior_log_scale, stored["d_logs_q"]) < POSTERIOR
    assert latent_error(outputs.latent, stored["d_z"]) <= 0
    assert latent_error(outputs.flowed, stored["d_z_p"]) <= 0


def _step_discriminators(
    judges: Discriminators,
    real: Tensor,
    fake: Tensor,
    stored: dict[str, Tensor],
    recorded: dict[str, float],
) -> None:
    optimiser = torch.optim.AdamW(
        judges.parameters(), lr=epoch_learning_rate(1e-4, 1), betas=(0.8, 0.99), eps=1e-9
    )
    of_real, of_fake = judges(real), judges(fake)
    for index, (truth, made) in enumerate(zip(of_real.scores, of_fake.scores, strict=True)):
        assert largest_error(truth, stored[f"d_D{index}_real"]) < SCORES
        assert largest_error(made, stored[f"d_D{index}_fake"]) < SCORES
    loss = discriminator_loss(of_real.scores, of_fake.scores)
    assert float(loss.detach()) == pytest.approx(recorded["loss_disc"], rel=1e-5)
    before = feature_loss(of_real.features, of_fake.features)
    assert float(before.detach()) == pytest.approx(recorded["pre_loss_fm"], rel=1e-4)
    loss.backward()
    norm = torch.stack([torch.tensor(n) for n in golden.norms(judges).values()]).norm()
    assert float(norm) == pytest.approx(recorded["grad_norm_d"], rel=1e-3)
    optimiser.step()


def _generator_losses(
    judges: Discriminators, batch: SynthesizerBatch, outputs: FlowOutputs, real: Tensor
) -> dict[str, Tensor]:
    mel = MelSpectrogram(32000, 2048, 640, 128)
    target = take_windows(mel.from_linear(batch.spectrogram), outputs.starts, 32)
    of_real, of_fake = judges(real), judges(outputs.wave)
    return {
        "loss_gen": adversarial_loss(of_fake.scores),
        "loss_fm": feature_loss(of_real.features, of_fake.features),
        "loss_mel": 45 * (target - mel(outputs.wave)).abs().mean(),
        "loss_kl": kl_loss(
            outputs.flowed,
            outputs.posterior_log_scale,
            outputs.mean,
            outputs.log_scale,
            outputs.mask,
        ),
    }


def _recorded_norms(name: str) -> dict[str, float]:
    loaded = golden.facts(f"s2_{name}_grad_norms")
    return {key: value for key, value in loaded.items() if isinstance(value, float)}


def _check_step(
    model: FlowSynthesizer, before: dict[str, Tensor], stored: dict[str, Tensor]
) -> None:
    """Compare what the optimiser did where its gradients were recorded."""
    compared = 0
    for key, after in stored.items():
        if not key.startswith("d_after:"):
            continue
        name = key.removeprefix("d_after:")
        ours = model.get_parameter(name).detach() - before[name]
        theirs = after - before[name]
        torch.testing.assert_close(ours, theirs, rtol=1e-2, atol=2e-7, msg=lambda m, n=name: n + m)
        compared += 1
    assert compared >= 5
