from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn

from voxgate.errors import TrainingError
from voxgate.features.clips import FeatureSet, TrainingClip
from voxgate.params.train import LoopParams
from voxgate.training.fit.batches import BatchOrder
from voxgate.training.fit.learner import NetworkLearner
from voxgate.training.fit.loop import FitPlan, fit, validate
from voxgate.training.fit.resume import ResumeStore


def clip(index: int) -> TrainingClip:
    ids = np.arange(index + 1, dtype=np.int64)
    return TrainingClip(
        clip_id=f"clip-{index}", text="", phones=ids, tokens=ids, read_wave=lambda: np.zeros(1)
    )


FEATURES = FeatureSet(train=tuple(map(clip, range(6))), validation=(clip(7), clip(8), clip(9)))


@dataclass
class CountingLearner:
    """Its weight is a sum of everything that it was shown."""

    name: str = "s1"
    fails_at: int | None = None
    weight: torch.Tensor = field(default_factory=lambda: torch.zeros(1, dtype=torch.float64))
    updates: list[tuple[str, ...]] = field(default_factory=list)
    draws: list[float] = field(default_factory=list)

    def length(self, clip):
        return len(clip.tokens)

    def update(self, clips, *, learning_rate, generator):
        self.updates.append(tuple(c.clip_id for c in clips))
        noise = torch.rand((), generator=generator).item() + torch.rand(()).item()
        self.draws.append(noise)
        self.weight = self.weight * 0.9 + learning_rate * noise * len(clips[0].tokens)
        loss = float("nan") if len(self.updates) == self.fails_at else noise
        return {"loss": loss}

    def measure(self, clips, *, generator):
        return {"loss": torch.rand((), generator=generator).item() + len(clips)}

    def weights(self):
        return {"w": self.weight.clone()}

    def state(self):
        return {"network.w": self.weight.clone()}

    def restore(self, state):
        self.weight = state["network.w"].clone()


def plan(**changes) -> FitPlan:
    loop = LoopParams(
        steps=10,
        batch_size=2,
        learning_rate=0.1,
        warmup_steps=2,
        final_learning_rate_ratio=0.1,
        weight_decay=0.0,
        max_gradient_norm=1.0,
        validate_every=4,
    )
    options = {"seed": 1, "threads": 1, "resume_every": 3, "snapshot_steps": frozenset({5, 10})}
    return FitPlan(loop=loop, **(options | changes))


def test_trains_for_its_budget_and_keeps_the_snapshots(tmp_path):
    learner, store = CountingLearner(), ResumeStore(tmp_path)
    rows = fit(learner, FEATURES, plan=plan(), store=store).rows

    assert len(learner.updates) == 10
    assert [(row.step, row.split) for row in rows] == [
        (step, split) for step in (4, 8, 10) for split in ("train", "validation")
    ]
    assert torch.equal(store.read_snapshot(10)["w"], learner.weight)
    assert not torch.equal(store.read_snapshot(5)["w"], learner.weight)


def test_every_step_draws_other_numbers(tmp_path):
    learner = CountingLearner()
    fit(learner, FEATURES, plan=plan(), store=ResumeStore(tmp_path))

    assert len(set(learner.draws)) == 10


@pytest.mark.parametrize("fails_at", range(1, 11))
def test_stopped_at_any_step_it_ends_like_an_uninterrupted_run(tmp_path, fails_at):
    expected, store = CountingLearner(), ResumeStore(tmp_path / "expected")
    rows = fit(expected, FEATURES, plan=plan(), store=store).rows

    with pytest.raises(TrainingError):
        fit(
            CountingLearner(fails_at=fails_at),
            FEATURES,
            plan=plan(),
            store=ResumeStore(tmp_path / "resumed"),
        )
    resumed, store = CountingLearner(), ResumeStore(tmp_path / "resumed")

    report = fit(resumed, FEATURES, plan=plan(), store=store)

    assert report.rows == rows
    assert torch.equal(resumed.weight, expected.weight)
    assert len(resumed.updates) == report.steps_taken == 10 - (fails_at - 1) // 3 * 3


def test_a_finished_run_takes_no_further_step(tmp_path):
    store = ResumeStore(tmp_path)
    rows = fit(CountingLearner(), FEATURES, plan=plan(), store=store).rows
    again = CountingLearner()

    assert fit(again, FEATURES, plan=plan(), store=store).rows == rows
    assert again.updates == []


def test_a_loss_that_is_not_a_number_names_step_and_clips(tmp_path):
    learner = CountingLearner(fails_at=4)
    with pytest.raises(TrainingError, match=r"s1, step 3: loss is not a finite number") as caught:
        fit(learner, FEATURES, plan=plan(), store=ResumeStore(tmp_path))

    assert all(name in str(caught.value) for name in learner.updates[3])


def test_validation_gives_the_same_figure_every_time_and_weighs_clips_alike():
    first = validate(CountingLearner(), FEATURES.validation, plan=plan())
    torch.rand(3)
    second = validate(CountingLearner(), FEATURES.validation, plan=plan())

    assert first == second
    # batches of 2 and 1 clips: the mean of (2 + r) twice and (1 + r) once
    assert 5 / 3 <= first["loss"] <= 5 / 3 + 1


def test_a_validation_loss_that_is_not_a_number_is_an_error():
    learner = CountingLearner()
    learner.measure = lambda clips, generator: {"loss": float("inf")}

    with pytest.raises(TrainingError, match="s1, validation: loss is not a finite number"):
        validate(learner, FEATURES.validation, plan=plan())


def in_seconds(seconds: float) -> FitPlan:
    """Return a plan whose batches are cut by their speech."""
    whole = plan()
    return replace(
        whole, loop=whole.loop.model_copy(update={"batch_seconds": seconds, "batch_size": 9})
    )


def test_batches_of_seconds_are_trained_and_measured_and_a_stopped_run_ends_the_same(tmp_path):
    asked = in_seconds(17 / 25)
    expected, measured = CountingLearner(), []
    measure = expected.measure
    expected.measure = lambda clips, generator: (
        measured.append(len(clips)) or measure(clips, generator=generator)
    )
    rows = fit(expected, FEATURES, plan=asked, store=ResumeStore(tmp_path / "whole")).rows
    with pytest.raises(TrainingError):
        fit(
            CountingLearner(fails_at=8), FEATURES, plan=asked, store=ResumeStore(tmp_path / "parts")
        )
    resumed = CountingLearner()

    # no two of 1 to 6 tokens are within a tenth of each other: each is a bucket
    assert {len(clips) for clips in expected.updates} == {1}
    assert sorted(expected.updates[:6]) == [(f"clip-{i}",) for i in range(6)]
    # 8 and 9 tokens: 18 of two clips are more than 17
    assert measured[:3] == [1, 1, 1]
    assert fit(resumed, FEATURES, plan=asked, store=ResumeStore(tmp_path / "parts")).rows == rows
    assert torch.equal(resumed.weight, expected.weight)


@dataclass(frozen=True)
class Backwards:
    """Implements fit.batches.Order."""

    batches_per_epoch: int = 6

    def at(self, step: int) -> list[int]:
        return [5 - step % 6]


def test_another_order_decides_what_a_step_sees(tmp_path):
    learner = CountingLearner()
    fit(learner, FEATURES, plan=plan(), store=ResumeStore(tmp_path), order=Backwards())

    assert learner.updates[:3] == [("clip-5",), ("clip-4",), ("clip-3",)]


def test_a_run_whose_time_is_up_ends_and_the_next_goes_on(tmp_path):
    whole, first, second = CountingLearner(), CountingLearner(), CountingLearner()
    fit(whole, FEATURES, plan=plan(), store=ResumeStore(tmp_path / "whole"))
    store = ResumeStore(tmp_path / "parts")
    report = fit(first, FEATURES, plan=plan(), store=store, expired=lambda: len(first.updates) == 5)

    assert report.steps_taken == 5
    assert [row.step for row in report.rows] == [4, 4, 5, 5]
    assert fit(second, FEATURES, plan=plan(), store=store).steps_taken == 5
    assert torch.equal(second.weight, whole.weight)


def public_steps(batch_size: int, clips: int) -> int:
    """Count the steps that the public S1 code takes in its first epoch (docs/gpt_sovits.md 4.3)."""
    batches = -(-clips // min(batch_size, clips // 4))
    return sum(1 for batch in range(batches) if batch > 0 and batch % 4 == 0)


@dataclass
class Scale:
    """Learns that 3 x is wanted."""

    network: nn.Module = field(default_factory=lambda: nn.Linear(1, 1))
    name: str = "s1"

    def length(self, clip):
        return len(clip.tokens)

    def losses(self, micro_batch, generator):
        lengths = torch.tensor([[float(len(clip.tokens))] for clip in micro_batch.clips]) / 100
        error = (self.network(lengths) - 3 * lengths).pow(2).mean()
        return {"loss": error * micro_batch.clip_share}


@pytest.mark.parametrize(("batch_size", "theirs", "ours"), [(24, 1, 5), (25, 0, 4), (40, 0, 3)])
def test_every_batch_of_an_epoch_is_a_step(tmp_path, batch_size, theirs, ours):
    assert public_steps(batch_size, 100) == theirs
    features = FeatureSet(train=tuple(map(clip, range(100))), validation=(clip(1),))
    one = plan()
    loop = one.loop.model_copy(update={"batch_size": batch_size, "steps": ours, "warmup_steps": 0})
    learner = NetworkLearner(Scale(), weight_decay=0.0, max_gradient_norm=None)
    weights = [learner.weights()["weight"]]
    update = learner.update

    def watched(clips, **options):
        losses = update(clips, **options)
        weights.append(learner.weights()["weight"])
        return losses

    learner.update = watched
    fit(learner, features, plan=replace(one, loop=loop), store=ResumeStore(tmp_path))

    assert BatchOrder([1] * 100, batch_size, seed=1).batches_per_epoch == ours
    assert len(weights) == ours + 1
    assert all(not torch.equal(a, b) for a, b in pairwise(weights))


def test_the_rate_of_a_step_follows_the_schedule(tmp_path):
    learner, one = CountingLearner(), plan()
    rates = []
    update = learner.update
    learner.update = lambda clips, **options: (
        rates.append(options["learning_rate"]) or update(clips, **options)
    )
    loop = one.loop.model_copy(update={"schedule": "epoch-exponential", "steps": 5})
    fit(learner, FEATURES, plan=replace(one, loop=loop), store=ResumeStore(tmp_path))

    assert rates == pytest.approx([0.1 * 0.999875] * 3 + [0.1 * 0.999875**2] * 2, rel=1e-12)
