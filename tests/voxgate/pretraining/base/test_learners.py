"""The losses of pretraining are those of the networks' own losses on batches made by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from models.gpt_sovits.s1.duration_text_to_semantic import DurationBatch
from models.gpt_sovits.s1.text_to_semantic import TextToSemanticBatch, token_loss
from models.gpt_sovits.s2.mini_synthesizer import MiniLoss
from models.gpt_sovits.s2.spectrogram import LinearSpectrogram
from models.gpt_sovits.s2.synthesizer import SynthesizerBatch
from voxgate.errors import WeightsError
from voxgate.features.clips import TrainingClip
from voxgate.pretraining.base.base_set import BaseSet
from voxgate.pretraining.base.draws import PromptedObjective, SameVoice
from voxgate.pretraining.base.learners import Sources
from voxgate.training.fit.micro_batch import MicroBatch
from voxgate.training.fit.resume import ResumePoint, ResumeStore
from voxgate.training.objectives.synthesizer import SynthesizerObjective

from .conftest import OPTIONS, learner_of, tiny_mini


def padded(rows: list[np.ndarray]) -> tuple[Tensor, Tensor]:
    tensors = [torch.from_numpy(row) for row in rows]
    return pad_sequence(tensors, batch_first=True), torch.tensor([len(row) for row in rows])


def gradients(network: nn.Module, loss: Tensor) -> dict[str, Tensor]:
    names, parameters = zip(
        *((n, p) for n, p in network.named_parameters() if p.requires_grad), strict=True
    )
    found = torch.autograd.grad(loss, parameters, allow_unused=True)
    return {n: g for n, g in zip(names, found, strict=True) if g is not None}


def assert_equal(network: nn.Module, found: dict[str, Tensor], wanted: dict[str, Tensor]) -> None:
    found, wanted = dict(found), dict(wanted)
    loss, total = found.pop("loss"), wanted.pop("total")
    assert torch.equal(loss, total)
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in found)
    ours, theirs = gradients(network, loss), gradients(network, total)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def seeded_generator() -> torch.Generator:
    torch.manual_seed(3)  # dropout
    return torch.Generator().manual_seed(4)


def whole_batch(clips: tuple[TrainingClip, ...]) -> MicroBatch:
    return MicroBatch.whole(clips, seed=4)


def test_s1_learns_durations_and_codes_in_the_style_of_another_clip_of_the_voice(
    data: BaseSet, sources: Sources
) -> None:
    objective = learner_of("s1", data, sources).learner.objective
    clips, micro_batch = data.train[:5], whole_batch(data.train[:5])
    prompts = SameVoice(data)(micro_batch)
    found = objective.losses(micro_batch, seeded_generator())
    phones, phone_lengths = padded([clip.phones for clip in clips])
    codes, code_lengths = padded([clip.tokens for clip in clips])
    prompt, prompt_lengths = padded([clip.tokens for clip in prompts])
    batch = DurationBatch(
        phones=phones,
        phone_lengths=phone_lengths,
        codes=codes,
        code_lengths=code_lengths,
        prompt=prompt,
        prompt_lengths=prompt_lengths,
        prompt_phones=torch.tensor([len(clip.phones) for clip in prompts]),
    )
    seeded_generator()
    assert_equal(objective.network, found, objective.network(batch))


def test_the_autoregressive_s1_learns_to_go_on_after_a_prompt(
    data: BaseSet, sources: Sources
) -> None:
    objective = learner_of("s1-ar", data, sources).learner.objective
    clips, micro_batch = data.train[:5], whole_batch(data.train[:5])
    pairs = list(zip(SameVoice(data)(micro_batch), clips, strict=True))
    found = objective.losses(micro_batch, seeded_generator())
    phones, phone_lengths = padded([np.concatenate([p.phones, c.phones]) for p, c in pairs])
    codes, code_lengths = padded([np.concatenate([p.tokens, c.tokens]) for p, c in pairs])
    batch = TextToSemanticBatch(
        phones=phones, phone_lengths=phone_lengths, codes=codes, code_lengths=code_lengths
    )
    seeded_generator()
    logits, targets = objective.network(batch)
    assert_equal(objective.network, found, token_loss(logits, targets, code_lengths))


def test_the_pieces_of_a_prompted_batch_add_up(data: BaseSet, sources: Sources) -> None:
    objective = learner_of("s1-ar", data, sources).learner.objective
    assert isinstance(objective, PromptedObjective)
    objective.network.eval()
    whole = whole_batch(data.train[:6])
    total = objective.losses(whole, seeded_generator())["loss"]
    parts = [objective.losses(part, seeded_generator())["loss"] for part in whole.cut(3)]
    torch.testing.assert_close(torch.stack(parts).sum(), total)


def test_s2_learns_from_the_prepared_pitch_and_the_alignments_of_s1(
    data: BaseSet, sources: Sources
) -> None:
    s1 = learner_of("s1", data, sources)
    s1.update(data.train[:4], learning_rate=1e-2, generator=seeded_generator())
    point = ResumePoint(step=1, state=s1.state(), journal={})
    ResumeStore(sources.state / "s1").save_point(point)
    objective = learner_of("s2", data, sources).learner.objective
    assert isinstance(objective, SynthesizerObjective)
    clips = data.train[:3]
    found = objective.losses(whole_batch(clips), seeded_generator())
    aligner = s1.learner.objective.network
    aligner.load_state_dict(s1.average)
    ids = (*padded([c.phones for c in clips]), *padded([c.tokens for c in clips]))
    wave, _ = padded([clip.read_wave() for clip in clips])
    preset = tiny_mini()
    batch = SynthesizerBatch(
        phones=ids[0],
        phone_lengths=ids[1],
        codes=ids[2],
        code_lengths=ids[3],
        alignment=aligner.align(*ids),
        spectrogram=LinearSpectrogram(preset.n_fft, preset.hop)(wave),
        wave=wave,
        pitch_hz=pad_sequence([data.pitch[c.clip_id] for c in clips], batch_first=True),
    )
    outputs = objective.network(batch, generator=seeded_generator())
    assert_equal(objective.network, found, MiniLoss(preset)(outputs))


def test_s2_needs_the_alignments_of_s1(data: BaseSet, sources: Sources) -> None:
    with pytest.raises(ValueError, match="fit --model s1 first"):
        learner_of("s2", data, sources)


def test_weights_start_from_the_seed(data: BaseSet, sources: Sources) -> None:
    first, again = learner_of("s1", data, sources), learner_of("s1", data, sources)
    other = learner_of("s1", data, sources, replace(OPTIONS, seed=1))
    name = "classify.weight"
    assert torch.equal(first.average[name], again.average[name])
    assert not torch.equal(first.average[name], other.average[name])


def test_weights_start_from_those_of_a_base(
    data: BaseSet, sources: Sources, tmp_path: Path
) -> None:
    base = {name: one.half() for name, one in learner_of("s1", data, sources).average.items()}
    safetensors.torch.save_file(base, tmp_path / "s1.safetensors")
    going_on = replace(sources, start=tmp_path)
    other = learner_of("s1", data, going_on, replace(OPTIONS, seed=1))
    assert all(torch.equal(other.average[name], base[name].float()) for name in base)


def test_a_base_to_start_from_must_fit(data: BaseSet, sources: Sources, tmp_path: Path) -> None:
    going_on = replace(sources, start=tmp_path)
    with pytest.raises(WeightsError, match="is absent"):
        learner_of("s1", data, going_on)
    safetensors.torch.save_file({"classify.bias": torch.zeros(3)}, tmp_path / "s1.safetensors")
    with pytest.raises(WeightsError, match="absent or of another size"):
        learner_of("s1", data, going_on)
