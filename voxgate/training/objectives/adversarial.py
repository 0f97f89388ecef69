"""S2 of the public checkpoints in training: a generator and the discriminators that judge it.

Source: docs/gpt_sovits.md 3.8 and 3.9. Each step first teaches the discriminators to tell the
generator's waves from recorded ones, then the generator against the discriminators as they are now.
B batch, N samples of the decoded window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from models.gpt_sovits.masks import take_windows
from models.gpt_sovits.s2.discriminators import Discriminators
from models.gpt_sovits.s2.flow_synthesizer import FlowOutputs, FlowSynthesizer
from models.gpt_sovits.s2.losses import adversarial_loss, discriminator_loss, feature_loss, kl_loss
from models.gpt_sovits.s2.spectrogram import MelSpectrogram
from models.gpt_sovits.s2.synthesizer import SynthesizerBatch
from models.gpt_sovits.schedules import synthesizer_groups
from voxgate.features.clips import TrainingClip
from voxgate.params.train import SynthesizerParams
from voxgate.training.fit.learner_state import (
    joined_state,
    network_state,
    optimizer_state,
    restore_network,
    restore_optimizer,
    split_state,
)
from voxgate.training.fit.micro_batch import MicroBatch
from voxgate.training.fit.stepper import Losses, MicroBatchLosses, Stepper
from voxgate.training.objectives.flow_batches import FlowBatches

__all__ = ["AdversarialLearner"]

_MEL_WEIGHT = 45.0


@dataclass
class AdversarialLearner:
    """Trains a flow synthesizer and its discriminators, each with an AdamW of its own."""

    network: FlowSynthesizer
    discriminators: Discriminators
    params: SynthesizerParams
    stepper: Stepper = field(default_factory=Stepper)
    name: str = "s2"

    def __post_init__(self) -> None:
        preset = self.network.preset
        self._batches = FlowBatches(preset)
        self._mel = MelSpectrogram(preset.sample_rate_hz, preset.n_fft, preset.hop, preset.mels).to(
            self.stepper.device
        )
        groups = synthesizer_groups(
            self.network, 1.0, text_rate=self.params.text_learning_rate_ratio
        )
        self._ratios = [float(group["lr"]) for group in groups]
        self._optimizer = self._adam(groups)
        self._discriminator_optimizer = self._adam(
            [{"params": list(self.discriminators.parameters())}]
        )

    def length(self, clip: TrainingClip) -> int:
        """Return what batches are sorted by: tokens."""
        return len(clip.tokens)

    def update(
        self, clips: Sequence[TrainingClip], *, learning_rate: float, generator: torch.Generator
    ) -> Losses:
        """Step the discriminators, then the generator against the new discriminators."""
        self.network.train()
        self.discriminators.train()
        self._set_rates(learning_rate)
        discriminator = self._step(
            self._discriminator_optimizer, clips, self._discriminator_losses, generator
        )
        losses = self._step(self._optimizer, clips, self._losses, generator)
        self.stepper.finish()
        return losses | {
            "discriminator": discriminator["loss"],
            "discriminator_gradient_norm": discriminator["gradient_norm"],
        }

    def measure(self, clips: Sequence[TrainingClip], *, generator: torch.Generator) -> Losses:
        """Compute the generator's losses without learning; dropout is off."""
        self.network.eval()
        self.discriminators.eval()
        return self.stepper.measure(clips, self._losses, generator=generator)

    def weights(self) -> dict[str, Tensor]:
        """Return the generator's weights on the CPU.

        The posterior encoder's are among them, so that training can go on from a checkpoint.
        """
        return network_state(self.network)

    def state(self) -> dict[str, Tensor]:
        """Return both networks, both optimisers and the scale of the losses, if there is one."""
        return joined_state(  # by the names that resume points carry
            network=self.weights(),
            judges=network_state(self.discriminators),
            optimizer=optimizer_state(self._optimizer),
            judge_optimizer=optimizer_state(self._discriminator_optimizer),
            scaler=self.stepper.state(),
        )

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Continue from what `state` returned."""
        parts = split_state(state)
        restore_network(self.network, parts["network"], learner=self.name)
        restore_network(self.discriminators, parts.get("judges", {}), learner=self.name)
        restore_optimizer(self._optimizer, parts.get("optimizer", {}))
        restore_optimizer(self._discriminator_optimizer, parts.get("judge_optimizer", {}))
        self.stepper.restore(parts.get("scaler", {}))

    def _adam(self, groups: Iterable[Mapping[str, Any]]) -> torch.optim.AdamW:
        return torch.optim.AdamW(
            [dict(group) for group in groups],
            betas=(0.8, 0.99),
            eps=1e-9,
            weight_decay=self.params.weight_decay,
        )

    def _set_rates(self, learning_rate: float) -> None:
        for group, ratio in zip(self._optimizer.param_groups, self._ratios, strict=True):
            group["lr"] = learning_rate * ratio
        for group in self._discriminator_optimizer.param_groups:
            group["lr"] = learning_rate

    def _step(
        self,
        optimizer: torch.optim.Optimizer,
        clips: Sequence[TrainingClip],
        losses: MicroBatchLosses,
        generator: torch.Generator,
    ) -> Losses:
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        figures = self.stepper.gradients(parameters, clips, losses, generator=generator)
        return figures | self.stepper.step(
            optimizer, max_gradient_norm=self.params.max_gradient_norm
        )

    def _generate(self, micro_batch: MicroBatch) -> tuple[SynthesizerBatch, FlowOutputs, Tensor]:
        """Run the generator; the same clips give the same waves. Also the true windows (B, N)."""
        micro_batch.seed_dropout()
        batch = self._batches.collate(micro_batch.clips).to(self.stepper.device)
        outputs = self.network(batch, self._batches.draws(micro_batch, batch))
        hop, frames = self.network.preset.hop, self.network.sizes.segment_frames
        true = take_windows(batch.wave[:, None], outputs.starts * hop, frames * hop)[:, 0]
        return batch, outputs, true

    def _discriminator_losses(
        self, micro_batch: MicroBatch, _: torch.Generator
    ) -> Mapping[str, Tensor]:
        # The generator runs once more in its own half of the step: keeping its graph over all
        # micro-batches until the discriminators have stepped would cost the memory that they save.
        with torch.no_grad():
            outputs, true = self._generate(micro_batch)[1:]
        real, fake = self.discriminators(true), self.discriminators(outputs.wave)
        return {"loss": discriminator_loss(real.scores, fake.scores) * micro_batch.clip_share}

    def _losses(self, micro_batch: MicroBatch, _: torch.Generator) -> Mapping[str, Tensor]:
        batch, outputs, true = self._generate(micro_batch)
        with torch.no_grad():
            real = self.discriminators(true)
        fake = self.discriminators(outputs.wave)
        terms = {
            "adversarial": adversarial_loss(fake.scores) * micro_batch.clip_share,
            "features": feature_loss(real.features, fake.features) * micro_batch.clip_share,
            "mel": _MEL_WEIGHT * self._mel_error(batch, outputs) * micro_batch.clip_share,
            "kl": _divergence(outputs) * micro_batch.token_share,
        }
        return {"loss": torch.stack(list(terms.values())).sum(), **terms}

    def _mel_error(self, batch: SynthesizerBatch, outputs: FlowOutputs) -> Tensor:
        with torch.autocast(self.stepper.device.type, enabled=False):
            target = self._mel.from_linear(batch.spectrogram)
            window = take_windows(target, outputs.starts, self.network.sizes.segment_frames)
            error: Tensor = (window - self._mel(outputs.wave.float())).abs().mean()
            return error


def _divergence(outputs: FlowOutputs) -> Tensor:
    return kl_loss(
        outputs.flowed,
        outputs.posterior_log_scale,
        outputs.mean,
        outputs.log_scale,
        outputs.mask,
    )
