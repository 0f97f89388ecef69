from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from models.gpt_sovits.presets import MINI, DurationPreset, Preset
from tests.fakes.tiny_preset import TINY
from voxgate.errors import WeightsError
from voxgate.pretraining.base import fit_base
from voxgate.pretraining.base.base_set import BaseSet, read_base_set
from voxgate.pretraining.base.export_base import export_base
from voxgate.pretraining.base.fit_base import BaseFit, DurationTask, FitOptions, build_task, run
from voxgate.pretraining.speech.generate import generate
from voxgate.pretraining.base.prepare import prepare
from voxgate.pretraining.base.state_parts import read_state

from tests.voxgate.pretraining.conftest import ToneTeacher, tone_tokenizer

OPTIONS = FitOptions(seconds_per_batch=10, warmup_steps=1)


def tiny_mini() -> Preset:
    sizes = MINI.text_to_semantic
    assert isinstance(sizes, DurationPreset)
    return replace(
        TINY,
        text_to_semantic=replace(
            sizes,
            width=16,
            feed_forward=16,
            text_layers=1,
            frame_layers=1,
            emission_width=8,
            codes=8,
        ),
        synthesizer=replace(TINY.synthesizer, codes=8, code_channels=16),
    )


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_base, "MINI", tiny_mini())
    monkeypatch.setattr(fit_base, "MINI_AR", TINY)
    torch.manual_seed(0)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    generate(folder / "corpus", partial(ToneTeacher, shortest_s=2.0), hours=0.04)
    prepare(folder / "corpus", folder / "prepared", tone_tokenizer())
    return folder / "prepared"


@pytest.fixture(scope="module")
def data(prepared: Path) -> BaseSet:
    return read_base_set(prepared)


def weights(fit: BaseFit) -> dict[str, torch.Tensor]:
    return {name: t.clone() for name, t in fit.task.network.state_dict().items()}


def test_a_run_that_continues_ends_like_one_that_never_stopped(data: BaseSet) -> None:
    whole = BaseFit(DurationTask(device="cpu"), OPTIONS)
    start = weights(whole)
    for _ in range(4):
        whole.take_step(data)
    first = BaseFit(DurationTask(device="cpu"), OPTIONS)
    first.task.network.load_state_dict(start)
    first.average = {name: t.clone() for name, t in start.items()}
    for _ in range(2):
        first.take_step(data)
    second = BaseFit(DurationTask(device="cpu"), OPTIONS)
    second.restore(first.state())
    for _ in range(2):
        second.take_step(data)
    assert second.step == whole.step == 4
    for name, tensor in weights(whole).items():
        assert torch.equal(tensor, weights(second)[name]), name
        assert torch.equal(whole.average[name], second.average[name]), name


def test_a_state_of_other_sizes_gives_what_fits(data: BaseSet) -> None:
    fit = BaseFit(DurationTask(device="cpu"), OPTIONS)
    fit.take_step(data)
    state = fit.state()
    state["network/classify.weight"] = torch.zeros(3, 3)
    state["optimiser/classify.weight/exp_avg"] = torch.zeros(3, 3)
    other = BaseFit(DurationTask(device="cpu"), OPTIONS)
    own = weights(other)["classify.weight"]
    other.restore(state)
    assert torch.equal(weights(other)["classify.weight"], own)
    assert torch.equal(weights(other)["classify.bias"], weights(fit)["classify.bias"])
    other.take_step(data)


def test_both_networks_train_and_become_a_base(
    prepared: Path, data: BaseSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for model in ("s1", "s2"):
        task = build_task(model, tmp_path / "state", prepared, device="cpu")
        run(BaseFit(task, OPTIONS), data, tmp_path / "state" / model, minutes=0, keep_every=5)
    assert '"step": 1' in capsys.readouterr().out
    codebook = torch.from_numpy(np.load(prepared / "codebook.npy"))
    tokenizer = {"ssl_proj.bias": torch.ones(16), fit_base.CODEBOOK_KEY: codebook}
    digests = export_base(tmp_path / "state", tokenizer, tmp_path / "out", facts={"data": "tones"})
    assert set(digests) == {"s1.safetensors", "s2.safetensors"}
    s2 = safetensors.torch.load_file(tmp_path / "out" / "s2.safetensors")
    assert torch.equal(s2[fit_base.CODEBOOK_KEY], codebook.half())
    assert torch.equal(s2["ssl_proj.bias"], torch.ones(16).half())
    state = read_state(tmp_path / "state" / "s2")
    assert state is not None
    assert torch.equal(state[f"average/{fit_base.CODEBOOK_KEY}"], codebook)


def test_the_autoregressive_s1_learns_to_go_on_after_a_prompt(
    prepared: Path, data: BaseSet, tmp_path: Path
) -> None:
    task = build_task("s1-ar", tmp_path, prepared, device="cpu")
    items = data.train[:2]
    fit = BaseFit(task, replace(OPTIONS, learning_rate=3e-3))
    task.network.eval()
    before, other = (
        task.losses(items, prompts, torch.Generator())["total"].item()
        for prompts in (items, items[::-1])
    )
    assert before != other  # the prompt is read
    for _ in range(20):
        fit.take_step(data)
    task.network.eval()
    assert task.losses(items, items, torch.Generator())["total"].item() < 0.9 * before


def test_s2_needs_the_alignments_of_s1(prepared: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="fit --model s1 first"):
        build_task("s2", tmp_path, prepared, device="cpu")


def test_nothing_is_exported_without_a_state(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="holds no state; fit --model s1 first"):
        export_base(tmp_path, {}, tmp_path / "out", facts={})
