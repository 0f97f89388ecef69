"""ScaledAdam: Adam whose steps are relative to the size of each tensor.

Every tensor is treated as a direction times a size (its root mean square): the direction's step is
proportional to the size, and the size has an Adam of its own, on a slower clock.
Source: docs/gpt_sovits.md 4.3; Yao et al. 2023 (Zipformer, arXiv 2310.11230), section 2.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

__all__ = ["ScaledAdam"]

_EARLY_BIAS = 0.99
"""Bias correction of the second moment stops once it is within 1 % of 1."""


class ScaledAdam(torch.optim.Optimizer):
    """Adam with steps scaled by parameter size, and clipping against the median gradient norm.

    Args:
        params: the parameters, or groups of them.
        lr: relative step of a direction.
        betas: decay of the step's mean and of the second moments.
        clipping_scale: gradients above so many times the median norm are scaled down to it.
        clipping_update_period: steps between measurements of the median; none is clipped before
            the first, so a short run is never clipped.
        scalar_lr_scale: learning rate of sizes and of single numbers, relative to `lr`.
        eps: added to the root of the second moments.
        param_min_rms: sizes below count as this, and shrink no further.
        param_max_rms: sizes above are pushed down.
        scalar_max: bound of single numbers.
        size_update_period: steps between updates of the sizes.
        clip_sizes_only: clip what the sizes see and nothing else, as the code that trained the
            public checkpoints does (measured: golden fixture `clip_after`).
    """

    def __init__(  # noqa: PLR0913 - every constant of the algorithm has its name
        self,
        params: Iterable[Tensor] | Iterable[dict[str, Any]],
        lr: float = 1e-2,
        *,
        betas: tuple[float, float] = (0.9, 0.95),
        clipping_scale: float = 2.0,
        clipping_update_period: int = 1000,
        scalar_lr_scale: float = 0.1,
        eps: float = 1e-8,
        param_min_rms: float = 1e-5,
        param_max_rms: float = 3.0,
        scalar_max: float = 10.0,
        size_update_period: int = 4,
        clip_sizes_only: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "betas": betas,
            "clipping_scale": clipping_scale,
            "clipping_update_period": clipping_update_period,
            "scalar_lr_scale": scalar_lr_scale,
            "eps": eps,
            "param_min_rms": param_min_rms,
            "param_max_rms": param_max_rms,
            "scalar_max": scalar_max,
            "size_update_period": size_update_period,
            "clip_sizes_only": clip_sizes_only,
        }
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """Update every parameter that has a gradient."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            trained = [p for p in group["params"] if p.grad is not None]
            if not trained:
                continue
            for parameter in trained:
                self._prepare(parameter, group)
            clip = self._clip(trained, group)
            for parameter in trained:
                self._update(parameter, group, clip)
        return loss

    def _prepare(self, parameter: Tensor, group: dict[str, Any]) -> None:
        state = self.state[parameter]
        if state:
            return
        state["step"] = 0
        state["delta"] = torch.zeros_like(parameter)
        state["exp_avg_sq"] = torch.zeros_like(parameter)
        if parameter.numel() > 1:
            state["param_rms"] = _rms(parameter)
            state["scale_exp_avg_sq"] = parameter.new_zeros(())
            state["scale_grads"] = parameter.new_zeros(group["size_update_period"])

    def _clip(self, trained: list[Tensor], group: dict[str, Any]) -> Tensor | float:
        """Return what to multiply the gradients with: 1 up to the threshold."""
        first = self.state[trained[0]]
        step, period = first["step"], group["clipping_update_period"]
        if step == 0:
            first["norms"] = trained[0].new_zeros(period)
            return 1.0
        norm = torch.stack([self._relative_norm(p, group) for p in trained]).sum().sqrt()
        first["norms"][step % period] = norm
        if step % period == 0:
            middle = first["norms"].sort().values[min(period - 1, period // 4 * 2)]
            first["norm_threshold"] = group["clipping_scale"] * middle
        if step < period:
            return 1.0
        ratio: Tensor = first["norm_threshold"] / (norm + 1e-20)
        return ratio.clamp(max=1.0)

    def _relative_norm(self, parameter: Tensor, group: dict[str, Any]) -> Tensor:
        """Return the squared gradient norm, in units of relative change."""
        assert parameter.grad is not None
        size = (
            group["scalar_lr_scale"]
            if parameter.numel() == 1
            else self.state[parameter]["param_rms"]
        )
        relative: Tensor = parameter.grad * size
        return relative.pow(2).sum()

    def _update(self, parameter: Tensor, group: dict[str, Any], clip: Tensor | float) -> None:
        assert parameter.grad is not None
        state = self.state[parameter]
        clipped = parameter.grad * clip
        gradient = parameter.grad if group["clip_sizes_only"] else clipped
        state["delta"].mul_(group["betas"][0])
        if parameter.numel() > 1:
            self._update_size(parameter, clipped, group)
            self._update_direction(parameter, gradient, group)
            parameter.add_(state["delta"])
        else:
            self._update_scalar(parameter, gradient, group)
        state["step"] += 1

    def _update_size(self, parameter: Tensor, gradient: Tensor, group: dict[str, Any]) -> None:
        """Every few steps, let an Adam on ln(size) add its move to the pending step."""
        state, period = self.state[parameter], group["size_update_period"]
        state["scale_grads"][state["step"] % period] = (parameter * gradient).sum()
        if state["step"] % period != period - 1:
            return
        size = state["param_rms"]
        size.copy_(_rms(parameter))
        decay = group["betas"][1] ** period
        moment = state["scale_exp_avg_sq"]
        moment.mul_(decay).add_(state["scale_grads"].pow(2).mean(), alpha=1 - decay)
        correction = 1 - decay ** ((state["step"] + 1) // period)
        rate = group["lr"] * group["scalar_lr_scale"]
        move = -rate * correction**0.5 * state["scale_grads"].sum() / (moment.sqrt() + group["eps"])
        move = torch.where((size < group["param_min_rms"]) & (move < 0), 0.0, move)
        move = torch.where(size > group["param_max_rms"], -rate * period, move)
        state["delta"].add_(parameter * move, alpha=1 - group["betas"][0])

    def _update_direction(self, parameter: Tensor, gradient: Tensor, group: dict[str, Any]) -> None:
        state = self.state[parameter]
        decay_step, decay = group["betas"]
        moment = state["exp_avg_sq"]
        moment.mul_(decay).addcmul_(gradient, gradient, value=1 - decay)
        correction = 1 - decay ** (state["step"] + 1)
        corrected = moment / correction if correction < _EARLY_BIAS else moment
        rate = group["lr"] * (1 - decay_step) * state["param_rms"].clamp(min=group["param_min_rms"])
        state["delta"].sub_(rate * gradient / (corrected.sqrt() + group["eps"]))

    def _update_scalar(self, parameter: Tensor, gradient: Tensor, group: dict[str, Any]) -> None:
        """Step single numbers by plain Adam at the slower rate, inside their bound."""
        state = self.state[parameter]
        decay_step, decay = group["betas"]
        moment = state["exp_avg_sq"]
        moment.mul_(decay).addcmul_(gradient, gradient, value=1 - decay)
        denominator = (moment / (1 - decay ** (state["step"] + 1))).sqrt() + group["eps"]
        rate = group["lr"] * group["scalar_lr_scale"] * (1 - decay_step)
        state["delta"].sub_(rate * gradient / denominator)
        parameter.clamp_(-group["scalar_max"], group["scalar_max"]).add_(state["delta"])


def _rms(parameter: Tensor) -> Tensor:
    return parameter.pow(2).mean().sqrt()
