import logging
from dataclasses import dataclass, field, replace

import pytest
import torch
from torch import nn

from tests.fakes.training_clips import CLIPS, still_flow_learner, text_learner, update
from voxgate.errors import TrainingError, TrainingMemoryError
from voxgate.training.fit.stepper import Stepper


@dataclass
class SmallMemory:
    """Gradients of 3 x - sum over clips, on a device that holds at most `clips` clips at once."""

    holds: int
    weight: nn.Parameter = field(default_factory=lambda: nn.Parameter(torch.zeros(2)))
    seen: list[tuple[int, ...]] = field(default_factory=list)

    def losses(self, micro_batch, generator):
        lengths = torch.tensor([float(len(clip.tokens)) for clip in micro_batch.clips])
        loss = (self.weight.sum() * lengths).mean() * micro_batch.clip_share
        self.seen.append(micro_batch.places)
        if len(micro_batch.places) > self.holds:
            raise torch.OutOfMemoryError("tried to allocate 2 GiB")
        return {"loss": loss, "drawn": torch.rand((), generator=generator)}


def gradient(model: SmallMemory, stepper: Stepper | None = None, clips=CLIPS):
    losses = (stepper or Stepper()).gradients(
        [model.weight], clips, model.losses, generator=torch.Generator().manual_seed(1)
    )
    return losses, model.weight.grad.tolist()


def test_out_of_memory_is_tried_again_in_halves_with_the_same_gradient(caplog):
    wanted, expected = gradient(SmallMemory(holds=4))
    for holds in (1, 2):
        model = SmallMemory(holds=holds)
        with caplog.at_level(logging.WARNING):
            losses, found = gradient(model)

        assert found == pytest.approx(expected)
        assert losses["loss"] == pytest.approx(wanted["loss"])
        assert max(len(places) for places in model.seen[1:]) <= max(2, holds)
    assert "out of memory on clips a (8 tokens, 4 phones), b (11 tokens, 7 phones)" in caplog.text
    assert "tried to allocate 2 GiB" in caplog.text


def test_out_of_memory_in_the_backward_pass_leaves_no_part_of_a_gradient():
    class Fails(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, clips):
            ctx.clips = clips
            return x.clone()

        @staticmethod
        def backward(ctx, gradient):
            if ctx.clips > 1:
                raise torch.OutOfMemoryError("in backward")
            return gradient, None

    early, late = (nn.Parameter(torch.ones(1)) for _ in range(2))

    def losses(micro_batch, generator):
        held = Fails.apply(early * 2, len(micro_batch.clips))
        return {"loss": (held * late).sum() * micro_batch.clip_share}

    Stepper().gradients([early, late], CLIPS, losses, generator=torch.Generator())

    assert early.grad.item() == pytest.approx(2.0)
    assert late.grad.item() == pytest.approx(2.0)


def test_a_clip_that_does_not_fit_alone_is_named():
    with pytest.raises(TrainingMemoryError, match=r"^a \(8 tokens, 4 phones\) alone needs more"):
        gradient(SmallMemory(holds=0))


def test_another_error_is_not_taken_for_a_lack_of_memory():
    def losses(micro_batch, generator):
        raise RuntimeError("shape mismatch")

    with pytest.raises(RuntimeError, match="shape mismatch"):
        Stepper().gradients(
            [nn.Parameter(torch.ones(1))], CLIPS, losses, generator=torch.Generator()
        )


def test_validation_is_halved_too():
    model = SmallMemory(holds=1)
    whole = SmallMemory(holds=4)
    found = Stepper().measure(CLIPS, model.losses, generator=torch.Generator())
    wanted = Stepper().measure(CLIPS, whole.losses, generator=torch.Generator())

    assert found["loss"] == pytest.approx(wanted["loss"])


def gradient_of(learner, clips=CLIPS):
    """Return the gradient of a step as one vector.

    The step's rate is 0, so that the discriminators stay as they are: Adam's first step is
    sign-like and would enlarge differences of rounding.
    """
    while update(learner, clips, rate=0.0).get("skipped"):
        pass
    parameters = [p for group in learner._optimizer.param_groups for p in group["params"]]
    trained = [p.grad.flatten() for p in parameters if p.grad is not None]
    assert all(values.dtype == torch.float32 for values in trained)
    return torch.cat(trained)


def difference(found, wanted):
    return float((found - wanted).norm() / wanted.norm())


@pytest.mark.parametrize("micro_batches", [2, 3, 9])
@pytest.mark.parametrize("build", [text_learner, still_flow_learner])
def test_the_gradient_of_micro_batches_is_that_of_the_batch(build, micro_batches):
    found = gradient_of(build(Stepper(accumulation=micro_batches)))

    assert difference(found, gradient_of(build())) < 1e-4


@pytest.mark.parametrize("build", [text_learner, still_flow_learner])
def test_a_learner_that_runs_out_of_memory_has_the_gradient_of_the_batch(build):
    learner = build()
    network = learner.network if build is still_flow_learner else learner.objective.network

    def refuse(_, inputs):
        if len(inputs[0].codes) > 1:
            raise torch.OutOfMemoryError("full")

    network.register_forward_pre_hook(refuse)

    assert difference(gradient_of(learner), gradient_of(build())) < 1e-4


@pytest.mark.parametrize("params", [{"preference_weight": 0.5}, {"summed_loss": True}])
def test_pieces_of_the_options_of_s1_add_up(params):
    clips = tuple(replace(each, tokens=each.tokens[:8]) for each in CLIPS)  # no padding to sum over
    found = gradient_of(text_learner(Stepper(accumulation=3), **params), clips)

    assert difference(found, gradient_of(text_learner(**params), clips)) < 1e-4


@pytest.mark.parametrize(
    ("build", "precision"),
    [(text_learner, "bfloat16"), (text_learner, "float16"), (still_flow_learner, "float16")],
)
def test_half_precision_has_nearly_the_gradient_of_float32(build, precision):
    exact = gradient_of(build(), CLIPS[:2])
    half = gradient_of(build(Stepper(precision=precision)), CLIPS[:2])

    assert 0 < difference(half, exact) < 0.15


def test_bfloat16_measures_nearly_the_losses_of_float32():
    exact, half = (
        still_flow_learner(stepper).measure(CLIPS, generator=torch.Generator())
        for stepper in (Stepper(), Stepper(precision="bfloat16"))
    )

    for name in ("adversarial", "features", "kl"):
        assert half[name] == pytest.approx(exact[name], rel=0.02), name
    # eight bits of a nearly silent wave are a noise floor that the mel distance hears
    assert half["mel"] == pytest.approx(exact["mel"], rel=0.2)


def test_half_precision_reaches_the_network_and_not_the_losses():
    seen = {}
    learner = text_learner(Stepper(precision="bfloat16"))
    layer = learner.objective.network.ar_predict_layer
    layer.register_forward_hook(lambda module, inputs, output: seen.update(dtype=output.dtype))
    losses = learner.objective.losses

    def spy(micro_batch, generator):
        terms = losses(micro_batch, generator)
        seen.update(loss=terms["loss"].dtype)
        return terms

    learner.stepper.measure(CLIPS, spy, generator=torch.Generator())

    assert seen == {"dtype": torch.bfloat16, "loss": torch.float32}


def overflowing(stepper, factor):
    weight = nn.Parameter(torch.ones(1))
    optimizer = torch.optim.SGD([weight], lr=1.0)

    def losses(micro_batch, generator):
        return {"loss": (weight * factor).sum()}

    stepper.gradients([weight], CLIPS[:1], losses, generator=torch.Generator())
    figures = stepper.step(optimizer, max_gradient_norm=None)
    stepper.finish()
    return figures, weight.item()


def test_a_float16_step_that_overflows_is_skipped_and_the_scale_lowered():
    stepper = Stepper(precision="float16")
    before = stepper.state()["scale"].item()
    figures, weight = overflowing(stepper, 1e35)

    assert figures == {"gradient_norm": 0.0, "skipped": 1.0}
    assert weight == 1.0
    assert stepper.state()["scale"].item() == before / 2
    assert overflowing(stepper, 2.0)[0]["skipped"] == 0.0


def test_an_overflow_that_no_scale_cures_is_reported():
    stepper = Stepper(precision="float16")
    figures = [overflowing(stepper, float("inf"))[0] for _ in range(17)]

    assert figures[0]["gradient_norm"] == 0.0
    assert figures[-1]["gradient_norm"] != figures[-1]["gradient_norm"] or figures[-1][
        "gradient_norm"
    ] == float("inf")


def test_the_scale_of_the_losses_is_restored():
    first, second = (Stepper(precision="float16") for _ in range(2))
    overflowing(first, 1e35)
    second.restore(first.state())

    assert second.state() == first.state()
    assert Stepper().state() == {}


def test_a_learner_stops_at_a_clip_that_does_not_fit(monkeypatch):
    learner = text_learner()

    def forward(*_):
        raise torch.OutOfMemoryError("full")

    monkeypatch.setattr(learner.objective.network, "forward", forward)
    with pytest.raises(TrainingError, match="alone needs more memory than there is"):
        update(learner)
