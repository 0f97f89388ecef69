import pytest
import torch

from models.gpt_sovits.presets import V2
from models.gpt_sovits.s2.mini_synthesizer import MiniLoss, MiniSynthesizer
from models.gpt_sovits.s2.spectrogram import LinearSpectrogram
from models.gpt_sovits.s2.synthesizer import SynthesizerBatch
from models.gpt_sovits.s2.wave_model import Segment
from tests.fakes.tiny_preset import TINY

TOKENS = 20


def build() -> MiniSynthesizer:
    torch.manual_seed(0)
    return MiniSynthesizer(TINY)


def hum(items: int, tokens: int = TOKENS) -> SynthesizerBatch:
    """Items that hum at 150 Hz, each with its own tokens and phones."""
    torch.manual_seed(1)
    samples = tokens * TINY.samples_per_token
    time = torch.arange(samples) / TINY.sample_rate_hz
    wave = sum(0.1 / k * torch.sin(2 * torch.pi * 150 * k * time) for k in range(1, 8))
    wave = wave[None].repeat(items, 1) + 0.001 * torch.randn(items, samples)
    return SynthesizerBatch(
        codes=torch.randint(0, TINY.synthesizer.codes, (items, tokens)),
        code_lengths=torch.full((items,), tokens),
        phones=torch.randint(1, TINY.synthesizer.phones, (items, 9)),
        phone_lengths=torch.full((items,), 9),
        spectrogram=LinearSpectrogram(TINY.n_fft, TINY.hop)(wave),
        wave=wave,
        pitch_hz=torch.full((items, samples // 160), 150.0),
    )


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_codes_are_one_for_two_feature_frames() -> None:
    model = build()
    features = torch.randn(2, TINY.synthesizer.ssl_channels, 41)
    codes = model.extract_codes(features)
    assert codes.shape == (2, 1, 20)
    assert codes.dtype == torch.int64


def test_a_training_step_decodes_a_window_of_each_item() -> None:
    outputs = build()(hum(3), generator=seeded())
    samples = TINY.synthesizer.segment_frames * TINY.hop
    assert outputs.wave.shape == outputs.target_wave.shape == (3, samples)
    assert outputs.window_valid.shape == (3, samples // 160)
    assert outputs.window_valid.all()


def speak(
    model: MiniSynthesizer,
    codes: torch.Tensor,
    phones: torch.Tensor,
    reference: torch.Tensor,
    seed: int = 0,
    *,
    alignment: torch.Tensor | None = None,
    speed: float = 1.0,
) -> torch.Tensor:
    """Decode a batch of one."""
    segment = Segment(
        codes=codes[0],
        phones=phones[0],
        generator=seeded(seed),
        alignment=None if alignment is None else alignment[0],
    )
    timbre = model.mean_timbre([reference])
    [wave] = model.decode_segments([segment], timbre, noise_scale=1.0, speed=speed)
    return wave


def test_acoustics_are_predicted_for_whole_items() -> None:
    outputs = build()(hum(3), generator=seeded())
    fine = TOKENS * 4
    assert outputs.acoustics.mel.shape == outputs.target_mel.shape == (3, 80, fine)
    assert outputs.target_pitch_hz.shape == outputs.valid.shape == (3, fine)
    assert outputs.valid.all()


def test_an_aligned_frame_reads_only_the_phones_around_its_own() -> None:
    model, batch = build().eval(), hum(1)
    near, far = batch.phones.clone(), batch.phones.clone()
    near[0, 1] += 1
    far[0, 8] += 1
    alignment = torch.zeros(1, 2 * TOKENS, dtype=torch.long)
    # encoder_text mixes neighbours by convolution and attention: cut it out to see attention alone
    model.enc_p.encoder_text = Unmixed()

    def spoken(phones: torch.Tensor, alignment: torch.Tensor | None) -> torch.Tensor:
        return speak(model, batch.codes, phones, batch.spectrogram, alignment=alignment)

    assert torch.equal(spoken(batch.phones, alignment), spoken(far, alignment))
    assert not torch.equal(spoken(batch.phones, alignment), spoken(near, alignment))
    assert not torch.equal(spoken(batch.phones, None), spoken(far, None))
    assert torch.equal(spoken(far, -torch.ones_like(alignment)), spoken(far, None))


class Unmixed(torch.nn.Module):
    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return x * mask[:, None]


def test_the_untrained_vocoder_already_follows_the_mel_spectrogram() -> None:
    batch, vocoder, mel = hum(1, tokens=40), build().dec.vocoder, build().mel
    target = mel(batch.wave)
    with torch.no_grad():
        spoken = mel(vocoder(target, batch.pitch_hz, generator=seeded()))
    inside = slice(8, -8)
    error = (spoken - target)[:, :, inside].abs().mean()
    silent = (target - target.min())[:, :, inside].abs().mean()
    assert error < 0.3 * silent


def test_the_same_generator_state_gives_the_same_step() -> None:
    model, batch = build().eval(), hum(2)
    first = model(batch, generator=seeded(5)).wave
    assert torch.equal(first, model(batch, generator=seeded(5)).wave)
    assert not torch.equal(first, model(batch, generator=seeded(6)).wave)


def test_gradients_reach_everything_but_the_tokenizer() -> None:
    model = build().train()
    terms = MiniLoss(TINY)(model(hum(3), generator=seeded()))
    terms["total"].backward()
    for name, parameter in model.named_parameters():
        if name.startswith("ssl_proj."):
            assert parameter.grad is None
            continue
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name


def test_one_batch_can_be_learned() -> None:
    model, batch, loss = build(), hum(2), MiniLoss(TINY)
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    totals, generator = [], seeded()
    for _ in range(25):
        terms = loss(model(batch, generator=generator))
        optimiser.zero_grad()
        terms["total"].backward()
        optimiser.step()
        totals.append(float(terms["total"].detach()))
    assert sum(totals[-5:]) < 0.75 * sum(totals[:5])


def test_items_shorter_than_the_window_count_only_where_they_are() -> None:
    batch = hum(2, tokens=4)
    model, loss = build().eval(), MiniLoss(TINY)
    outputs = model(batch, generator=seeded())
    assert outputs.wave.shape[1] == TINY.synthesizer.segment_frames * TINY.hop
    assert outputs.window_valid.sum(1).tolist() == [4 * 4, 4 * 4]
    assert torch.isfinite(loss(outputs)["total"])


def test_training_without_pitch_is_refused() -> None:
    batch = hum(1)
    stripped = SynthesizerBatch(
        **{k: getattr(batch, k) for k in batch.__dataclass_fields__ if k != "pitch_hz"}
    )
    with pytest.raises(ValueError, match=r"fill SynthesizerBatch\.pitch_hz"):
        build()(stripped, generator=seeded())


def test_decoding_gives_640_samples_a_token_within_bounds() -> None:
    model, batch = build().eval(), hum(1)
    wave = speak(model, batch.codes, batch.phones, batch.spectrogram)
    assert wave.shape == (TOKENS * 640,)
    assert wave.abs().max() <= 1


def test_faster_speech_is_shorter() -> None:
    model, batch = build().eval(), hum(1)
    wave = speak(model, batch.codes, batch.phones, batch.spectrogram, speed=1.25)
    assert wave.shape == ((int(2 * TOKENS / 1.25) + 1) * TINY.hop,)


def test_decoding_depends_on_text_tokens_reference_and_seed() -> None:
    model, batch = build().eval(), hum(1)
    other_codes = batch.codes.roll(3, dims=1)
    plain = (batch.codes, batch.phones, batch.spectrogram, 0)
    waves = [
        speak(model, *asked)
        for asked in (
            plain,
            (other_codes, *plain[1:]),
            (plain[0], batch.phones + 1, *plain[2:]),
            (*plain[:2], batch.spectrogram * 3, 0),
            (*plain[:3], 1),
        )
    ]
    assert not any(torch.equal(waves[0], wave) for wave in waves[1:])
    assert torch.equal(waves[0], speak(model, *plain))


def test_decoding_without_a_reference_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one reference spectrogram, got none"):
        build().mean_timbre([])


def test_a_preset_of_the_other_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="preset v2 has no source-filter decoder"):
        MiniSynthesizer(V2)
