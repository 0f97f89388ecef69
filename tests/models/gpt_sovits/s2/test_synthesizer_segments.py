"""Several sentences in one pass of S2, and one sentence in several."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from models.gpt_sovits.build import build_synthesizer
from models.gpt_sovits.presets import Preset
from models.gpt_sovits.s2.wave_model import Segment
from models.gpt_sovits.weight_norm import fold_weight_norm
from tests.fakes.tiny_preset import TINY
from tests.fakes.tiny_v2 import TINY_V2, TINY_V2PRO
from tests.models.gpt_sovits import golden

PRESETS = [TINY_V2, TINY_V2PRO, TINY]
SIZES = [(9, 5), (4, 11), (13, 3)]
"""Tokens and phones of each sentence."""


def build(preset: Preset):
    torch.manual_seed(0)
    model = build_synthesizer(preset).eval()
    if preset is not TINY:  # whose own first weights are near speech, and a flow's are nothing
        golden.fill(model)
    return model


def sentences() -> list[Segment]:
    numbers = torch.Generator().manual_seed(2)
    return [
        Segment(
            codes=torch.randint(0, 500, (tokens,), generator=numbers),
            phones=torch.randint(0, 700, (phones,), generator=numbers),
            generator=torch.Generator().manual_seed(place),
        )
        for place, (tokens, phones) in enumerate(SIZES)
    ]


def speaker(preset: Preset, count: int = 1) -> dict[str, list[Tensor]]:
    numbers = torch.Generator().manual_seed(1)
    bins, size = preset.spectrogram_bins, preset.synthesizer.speaker_vector
    given = {"references": [torch.rand(1, bins, 40, generator=numbers) for _ in range(count)]}
    if size:
        given["speaker_vectors"] = [torch.randn(1, size, generator=numbers) for _ in range(count)]
    return given


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.name)
@pytest.mark.parametrize("speed", [1.0, 1.3])
def test_each_sentence_of_a_batch_sounds_as_it_does_alone(preset, speed):
    model = build(preset)
    timbre = model.mean_timbre(**speaker(preset, 2))
    together = model.decode_segments(sentences(), timbre, noise_scale=0.5, speed=speed)
    for wave, segment in zip(together, sentences(), strict=True):
        [alone] = model.decode_segments([segment], timbre, noise_scale=0.5, speed=speed)
        assert wave.shape == alone.shape
        assert alone.abs().max() > 0.01
        # mini adds up the phase of its pulses, and with it the rounding of every pitch
        bound = 1e-3 if preset is TINY else 1e-5
        assert (wave - alone).norm() / alone.norm() < bound


def test_a_batch_of_one_is_what_decode_gives():
    model, segment = build(TINY_V2), sentences()[0]
    timbre = model.mean_timbre(**speaker(TINY_V2))
    [wave] = model.decode_segments([segment], timbre, noise_scale=0.5)
    same = model.decode(
        segment.codes[None, None],
        segment.phones[None],
        **speaker(TINY_V2),
        generator=torch.Generator().manual_seed(0),
    )
    assert (wave - same[0]).abs().max() < 1e-6


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.name)
def test_another_sentence_in_the_batch_changes_nothing(preset):
    model, given = build(preset), sentences()
    timbre = model.mean_timbre(**speaker(preset))
    before = model.decode_segments(given[:2], timbre, noise_scale=0.5)[0]
    fresh = sentences()
    other = replace(fresh[1], phones=fresh[1].phones.flip(0) + 7, codes=fresh[1].codes.flip(0))
    after = model.decode_segments([fresh[0], other], timbre, noise_scale=0.5)[0]
    assert (before - after).abs().max() < 1e-6


def test_a_batch_may_mix_sentences_with_and_without_alignment():
    model = build(TINY)
    timbre = model.mean_timbre(**speaker(TINY))

    def given() -> list[Segment]:
        first, second, _ = sentences()
        return [replace(first, alignment=torch.arange(18) * 5 // 18), second]

    together = model.decode_segments(given(), timbre, noise_scale=0.5)
    loose = model.decode_segments(sentences()[:2], timbre, noise_scale=0.5)
    for place, wave in enumerate(together):
        [alone] = model.decode_segments([given()[place]], timbre, noise_scale=0.5)
        assert (wave - alone).norm() / alone.norm() < 1e-3
    assert (together[0] - loose[0]).norm() / loose[0].norm() > 1e-2


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.name)
def test_the_end_of_a_sentence_is_the_end_of_the_whole(preset):
    model, segment = build(preset), replace(sentences()[0], codes=torch.arange(60))
    timbre = model.mean_timbre(**speaker(preset))
    [whole] = model.decode_segments([segment], timbre, noise_scale=0.5)
    noise = model.draw_noise(120, torch.Generator().manual_seed(0))
    moments = model.sentence_moments(segment.codes, segment.phones, timbre)
    end = model.decode_frames(moments, timbre, noise=noise, noise_scale=0.5, first_frame=70)
    assert len(end) == 50 * preset.hop
    assert (end - whole[70 * preset.hop :]).abs().max() < 1e-5


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.name)
def test_noise_drawn_in_pieces_is_the_noise_drawn_at_once(preset):
    model, pieces = build(preset), torch.Generator().manual_seed(4)
    whole = model.draw_noise(30, torch.Generator().manual_seed(4))
    drawn = [model.draw_noise(frames, pieces) for frames in (4, 16, 10)]
    assert torch.equal(torch.cat(drawn, dim=-1), whole)


def test_folded_weights_sound_the_same():
    model = build(TINY_V2)
    timbre = model.mean_timbre(**speaker(TINY_V2))
    [before] = model.decode_segments(sentences()[:1], timbre, noise_scale=0.5)
    fold_weight_norm(model)
    [after] = model.decode_segments(sentences()[:1], timbre, noise_scale=0.5)
    assert torch.equal(before, after)
