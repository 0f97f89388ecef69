from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from voxgate.files import read_json
from voxgate.pretraining.base.averaging import AveragingLearner, read_average
from voxgate.pretraining.base.base_set import BaseSet
from voxgate.pretraining.base.export_base import export_base
from voxgate.pretraining.base.fit_base import fit_base, run
from voxgate.pretraining.base.learners import Model, Sources
from voxgate.voice.speech_tokenizer import CODEBOOK_KEY

from .conftest import OPTIONS, learner_of


def train(
    learner: AveragingLearner, data: BaseSet, folder: Path, *, steps: int, keep_every: int = 2
) -> list[str]:
    """Run on a clock by which each step takes a minute."""
    lines: list[str] = []
    run(
        learner,
        data,
        folder,
        options=OPTIONS,
        minutes=steps - 0.5,
        keep_every=keep_every,
        report=lines.append,
        clock=lambda: 60.0 * learner.step,
    )
    return lines


def points(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.glob("points/*/state.safetensors"))
    }


def killed_at(step: int, learner: AveragingLearner) -> AveragingLearner:
    update: Callable[..., dict[str, float]] = learner.update

    def watched(*clips: object, **options: object) -> dict[str, float]:
        if learner.step == step:
            raise KeyboardInterrupt
        return update(*clips, **options)

    learner.update = watched  # type: ignore[method-assign]
    return learner


@pytest.mark.parametrize("stopped_at", [3, 4])
def test_a_run_that_continues_ends_like_one_that_never_stopped(
    data: BaseSet, sources: Sources, tmp_path: Path, stopped_at: int
) -> None:
    train(learner_of("s1", data, sources), data, tmp_path / "whole", steps=6)
    train(learner_of("s1", data, sources), data, tmp_path / "parts", steps=stopped_at)
    train(learner_of("s1", data, sources), data, tmp_path / "parts", steps=6)
    newest = "points/000006/state.safetensors"
    assert points(tmp_path / "whole")[newest] == points(tmp_path / "parts")[newest]


@pytest.mark.parametrize("model", ["s1", "s2"])
def test_a_killed_run_goes_on_to_the_same_bytes(
    data: BaseSet, sources: Sources, tmp_path: Path, model: Model
) -> None:
    train(learner_of("s1", data, sources), data, sources.state / "s1", steps=1)
    train(learner_of(model, data, sources), data, tmp_path / "whole", steps=4)
    with pytest.raises(KeyboardInterrupt):
        victim = killed_at(3, learner_of(model, data, sources))
        train(victim, data, tmp_path / "killed", steps=4)
    train(learner_of(model, data, sources), data, tmp_path / "killed", steps=4)
    assert points(tmp_path / "whole") == points(tmp_path / "killed")


def test_every_so_many_steps_and_at_the_end_there_is_a_line(
    data: BaseSet, sources: Sources, tmp_path: Path
) -> None:
    lines = train(learner_of("s1", data, sources), data, tmp_path, steps=5)
    log = (tmp_path / "log.jsonl").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == [f'{{"step": {n}' for n in (2, 4, 5)]
    assert len(log) == 3
    assert all(name in log[0] for name in ('"train"', '"seen"', '"unseen"', '"loss"'))


def test_both_networks_train_and_become_a_base(sources: Sources, tmp_path: Path) -> None:
    lines: list[str] = []
    models: tuple[Model, ...] = ("s1", "s2")
    for model in models:
        fit_base(model, sources, minutes=0, report=lines.append, options=OPTIONS)
    assert [line[:10] for line in lines] == ['{"step": 1'] * 2
    codebook = torch.from_numpy(np.load(sources.prepared / "codebook.npy"))
    tokenizer = {"ssl_proj.bias": torch.ones(16), CODEBOOK_KEY: codebook}
    digests = export_base(sources.state, tokenizer, tmp_path / "out", facts={"data": "tones"})
    assert set(digests) == {"s1.safetensors", "s2.safetensors"}
    assert read_json(tmp_path / "out" / "base.json")["steps"] == {"s1": 1, "s2": 1}
    s2 = safetensors.torch.load_file(tmp_path / "out" / "s2.safetensors")
    assert torch.equal(s2[CODEBOOK_KEY], codebook.half())
    assert torch.equal(s2["ssl_proj.bias"], torch.ones(16).half())
    found = read_average(sources.state / "s2")
    assert found is not None
    assert torch.equal(found.weights[CODEBOOK_KEY], codebook)


def test_training_lowers_the_loss_of_the_autoregressive_s1(data: BaseSet, sources: Sources) -> None:
    learner = learner_of("s1-ar", data, sources, replace(OPTIONS, average_decay=0.5))
    before = learner.measure(data.train[:2], generator=torch.Generator())["loss"]
    for _ in range(20):
        learner.update(data.train[:2], learning_rate=3e-3, generator=torch.Generator())
    assert learner.measure(data.train[:2], generator=torch.Generator())["loss"] < 0.9 * before
