from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch

from models.gpt_sovits.presets import MINI, DurationPreset, Preset
from tests.fakes.tiny_preset import TINY
from tests.voxgate.pretraining.conftest import ToneTeacher, tone_tokenizer
from voxgate.pretraining.base import learners
from voxgate.pretraining.base.averaging import AveragingLearner
from voxgate.pretraining.base.base_set import BaseSet, read_base_set
from voxgate.pretraining.base.learners import FitOptions, Model, Sources, build_learner
from voxgate.pretraining.base.prepare import prepare
from voxgate.pretraining.speech.generate import generate

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
    monkeypatch.setattr(learners, "MINI", tiny_mini())
    monkeypatch.setattr(learners, "MINI_AR", TINY)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    generate(folder, partial(ToneTeacher, shortest_s=2.0), hours=0.05)
    return folder


@pytest.fixture(scope="session")
def prepared(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare(corpus, folder, tone_tokenizer())
    return folder


@pytest.fixture(scope="session")
def data(prepared: Path) -> BaseSet:
    return read_base_set(prepared)


def learner_of(
    model: Model, data: BaseSet, sources: Sources, options: FitOptions = OPTIONS
) -> AveragingLearner:
    return build_learner(model, data, sources, options, device=torch.device("cpu"))


@pytest.fixture
def sources(prepared: Path, tmp_path: Path) -> Sources:
    return Sources(prepared=prepared, state=tmp_path / "state")
