"""Gradients of a batch and the step along them, whatever the batch is cut into.

One place for what changes the cost of a step and not its meaning: accumulation over
micro-batches, a share for each rank, half precision, and a second try with half the clips when
memory runs out.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from voxgate.errors import TrainingMemoryError
from voxgate.features.clips import TrainingClip
from voxgate.params.train import Precision
from voxgate.training.fit.micro_batch import MicroBatch
from voxgate.training.fit.ranks import ALONE, Ranks

__all__ = ["Losses", "MicroBatchLosses", "Stepper"]

_LOG = logging.getLogger(__name__)

Losses = dict[str, float]
"""`loss` is what is minimised; the other entries are its parts."""

MicroBatchLosses = Callable[[MicroBatch, torch.Generator], Mapping[str, Tensor]]
"""Computes a micro-batch's share of every loss; see `MicroBatch`. The generator draws what is
drawn at once for all of it."""

_CPU = torch.device("cpu")


@dataclass
class Stepper:
    """Computes gradients and takes steps for one learner."""

    device: torch.device = _CPU
    precision: Precision = "float32"
    accumulation: int = 1
    ranks: Ranks = ALONE
    _scaler: torch.amp.GradScaler = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # float16 has too small a range for gradients; one scaler serves every optimiser of a
        # learner, as in the public training code
        self._scaler = torch.amp.GradScaler(self.device.type, enabled=self.precision == "float16")

    def gradients(
        self,
        parameters: Sequence[nn.Parameter],
        clips: Sequence[TrainingClip],
        losses: MicroBatchLosses,
        *,
        generator: torch.Generator,
    ) -> Losses:
        """Set the gradients of `losses` over all clips and ranks, and return the losses.

        Raises:
            TrainingMemoryError: one clip alone needs more memory than there is.
            RankLostError: another rank ended.
        """
        for parameter in parameters:
            parameter.grad = None
        figures: Losses = {}
        for micro_batch in self._own(clips, generator).cut(self.accumulation):
            first = micro_batch.places[0] == 0 and micro_batch.weight > 0
            _add(
                figures,
                self._compute(micro_batch, losses, parameters, generator if first else None),
            )
        self.ranks.sum_gradients(parameters)
        values = torch.tensor(list(figures.values()), dtype=torch.float64, device=self.device)
        summed = self.ranks.sum(values)
        return dict(zip(figures, summed.tolist(), strict=True))

    @torch.no_grad()
    def measure(
        self, clips: Sequence[TrainingClip], losses: MicroBatchLosses, *, generator: torch.Generator
    ) -> Losses:
        """Compute `losses` over all clips, without gradients; every rank computes them all.

        Raises:
            TrainingMemoryError: one clip alone needs more memory than there is.
        """
        whole = MicroBatch.whole(clips, seed=generator.initial_seed())
        return self._compute(whole, losses, None, generator)

    def step(self, optimizer: torch.optim.Optimizer, *, max_gradient_norm: float | None) -> Losses:
        """Clip the gradients and step; return their norm, and whether float16 lost the step.

        A step along NaN or infinity would destroy the weights: it is left out, and the norm says
        so. In float16 that happens when the scale is too high; it is then lowered and the norm is
        reported as 0, until the scale cannot be the reason any more.
        """
        self._scaler.unscale_(optimizer)
        trained = [p for group in optimizer.param_groups for p in group["params"]]
        norm = float(nn.utils.clip_grad_norm_(trained, max_gradient_norm or math.inf))
        if math.isfinite(norm):
            self._scaler.step(optimizer)
        if not self._scaler.is_enabled():
            return {"gradient_norm": norm}
        overflow = not math.isfinite(norm) and self._scaler.get_scale() > 1
        return {"gradient_norm": 0.0 if overflow else norm, "skipped": float(overflow)}

    def finish(self) -> None:
        """Adapt the scale of the losses, once all optimisers have stepped."""
        self._scaler.update()

    def state(self) -> dict[str, Tensor]:
        """Return what the next step depends on: nothing, or the scale of the losses."""
        state = self._scaler.state_dict()
        return {name: torch.tensor(state[name], dtype=torch.float64) for name in _SCALER if state}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Continue from what `state` returned."""
        if self._scaler.is_enabled():
            values = {name: kind(state[name].item()) for name, kind in _SCALER.items()}
            self._scaler.load_state_dict(self._scaler.state_dict() | values)

    def _own(self, clips: Sequence[TrainingClip], generator: torch.Generator) -> MicroBatch:
        """Return this rank's clips: every so-many-th, so that all get similar lengths.

        A rank without one computes the first and counts it as nothing: all ranks then report the
        same losses.
        """
        batch, seed = tuple(clips), generator.initial_seed()
        places = tuple(range(self.ranks.rank, len(batch), self.ranks.size))
        return MicroBatch(batch=batch, places=places or (0,), seed=seed, weight=float(bool(places)))

    def _compute(
        self,
        micro_batch: MicroBatch,
        losses: MicroBatchLosses,
        parameters: Sequence[nn.Parameter] | None,
        generator: torch.Generator | None = None,
    ) -> Losses:
        """Add the gradients of a micro-batch; out of memory, add those of its halves.

        `generator` is given to a step's first one; every other draws from numbers of its own.
        """
        if generator is None:
            micro_batch.seed_dropout()
            generator = micro_batch.generator()
        figures, fault = self._attempt(micro_batch, losses, parameters, generator)
        if fault is None:
            return figures
        # Here the exception, and with it everything that its frames held, is gone.
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        if len(micro_batch.places) == 1:
            raise TrainingMemoryError(
                f"{_listed(micro_batch)} alone needs more memory than there is ({fault}). Shorten "
                "what training sees (validate.max_duration_s), lower the precision in params.yaml, "
                "or train on a larger device"
            )
        _LOG.warning(
            "out of memory on %s; trying again in halves, which a higher accumulation in "
            "params.yaml would save (%s)", _listed(micro_batch), fault,
        )  # fmt: skip
        for half in micro_batch.cut(2):
            _add(figures, self._compute(half, losses, parameters))
        return figures

    def _attempt(
        self,
        micro_batch: MicroBatch,
        losses: MicroBatchLosses,
        parameters: Sequence[nn.Parameter] | None,
        generator: torch.Generator,
    ) -> tuple[Losses, str | None]:
        """Return the losses, or why there was no memory for them; gradients change in one go."""
        earlier = [p.grad for p in parameters or ()]
        for parameter in parameters or ():
            parameter.grad = None
        fault = None
        figures: Losses = {}
        try:
            with torch.autocast(self.device.type, **_AUTOCAST[self.precision]):
                terms = losses(micro_batch, generator)
            if parameters is not None:
                self._scaler.scale(terms["loss"]).backward(inputs=parameters)  # type: ignore[no-untyped-call]
            figures = {name: float(value.detach()) for name, value in terms.items()}
        except torch.OutOfMemoryError as error:
            fault = str(error)
        for parameter, before in zip(parameters or (), earlier, strict=True):
            if fault is not None or parameter.grad is None:
                parameter.grad = before
            elif before is not None:
                parameter.grad.add_(before)
        return figures, fault


_AUTOCAST: Mapping[Precision, Any] = {
    "float32": {"enabled": False},
    "bfloat16": {"dtype": torch.bfloat16},
    "float16": {"dtype": torch.float16},
}
_SCALER: Mapping[str, type[float | int]] = {"scale": float, "_growth_tracker": int}


def _add(figures: Losses, more: Losses) -> None:
    for name, value in more.items():
        figures[name] = figures.get(name, 0.0) + value


def _listed(micro_batch: MicroBatch) -> str:
    return "clips " * (len(micro_batch.places) > 1) + ", ".join(
        f"{clip.clip_id} ({len(clip.tokens)} tokens, {len(clip.phones)} phones)"
        for clip in micro_batch.clips
    )
