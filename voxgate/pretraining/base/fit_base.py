"""Pretrain one network of `mini`, in runs of minutes that continue from each other.

`python -m voxgate.pretraining.base.fit_base --model s1|s1-ar|s2 --data DIR --state DIR --minutes 10`

Needs torch and numpy only, so that the same script runs where a GPU can be had for a while. The
learning rate stays constant after its warm-up and a moving average of the weights is what counts
(Izmailov et al. 2018), so that no run has to know how many will follow.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from models.gpt_sovits.presets import MINI, MINI_AR, DurationPreset, TextToSemanticPreset
from models.gpt_sovits.s1.duration_text_to_semantic import DurationBatch, DurationTextToSemantic
from models.gpt_sovits.s1.text_to_semantic import TextToSemantic, TextToSemanticBatch, token_loss
from models.gpt_sovits.s2.mini_synthesizer import MiniLoss, MiniSynthesizer
from models.gpt_sovits.s2.spectrogram import LinearSpectrogram
from models.gpt_sovits.s2.synthesizer import SynthesizerBatch
from voxgate.pretraining.base.base_set import (
    CODEBOOK_FILE,
    BaseItem,
    BaseSet,
    pad_rows,
    read_base_set,
)
from voxgate.pretraining.base.state_parts import read_state, write_state

__all__ = [
    "AutoregressiveTask",
    "BaseFit",
    "DurationTask",
    "FitOptions",
    "SynthesizerTask",
    "build_task",
    "run",
]

CODEBOOK_KEY = "quantizer.vq.layers.0._codebook.embed"
"""As speech_tokenizer.CODEBOOK_KEY, whose module a machine with torch alone cannot import."""

_VALIDATION_ITEMS = 48


class Task(Protocol):
    """What differs between the networks."""

    @property
    def network(self) -> nn.Module:
        """What is trained."""
        ...

    def losses(
        self, items: Sequence[BaseItem], prompts: Sequence[BaseItem], generator: torch.Generator
    ) -> Mapping[str, Tensor]:
        """Return `total` and its parts."""
        ...


class DurationTask:
    """S1: phones to durations and codes."""

    def __init__(self, *, device: str) -> None:
        self.network = _duration_model().to(device)
        self._device = device

    def losses(
        self,
        items: Sequence[BaseItem],
        prompts: Sequence[BaseItem],
        generator: torch.Generator,  # noqa: ARG002  # the loss draws nothing
    ) -> Mapping[str, Tensor]:
        """Return the losses of DurationTextToSemantic."""
        phones, phone_lengths = pad_rows([item.phones for item in items])
        codes, code_lengths = pad_rows([item.codes for item in items])
        prompt, prompt_lengths = pad_rows([item.codes for item in prompts])
        losses: Mapping[str, Tensor] = self.network(
            DurationBatch(
                phones=phones,
                phone_lengths=phone_lengths,
                codes=codes,
                code_lengths=code_lengths,
                prompt=prompt,
                prompt_lengths=prompt_lengths,
                prompt_phones=torch.tensor([len(item.phones) for item in prompts]),
            ).to(self._device)
        )
        return losses


class AutoregressiveTask:
    """The other S1: phones to codes, one after the other.

    Every item follows a prompt of its voice, as it will when it speaks after a reference clip.
    """

    def __init__(self, *, device: str) -> None:
        sizes = MINI_AR.text_to_semantic
        assert isinstance(sizes, TextToSemanticPreset)
        self.network = TextToSemantic(sizes).to(device)
        self._device = device

    def losses(
        self,
        items: Sequence[BaseItem],
        prompts: Sequence[BaseItem],
        generator: torch.Generator,  # noqa: ARG002  # the loss draws nothing
    ) -> Mapping[str, Tensor]:
        """Return the cross-entropy of the next token as `total`, and `top3`."""
        pairs = list(zip(prompts, items, strict=True))
        phones, phone_lengths = pad_rows([np.concatenate([p.phones, i.phones]) for p, i in pairs])
        codes, code_lengths = pad_rows([np.concatenate([p.codes, i.codes]) for p, i in pairs])
        batch = TextToSemanticBatch(
            phones=phones, phone_lengths=phone_lengths, codes=codes, code_lengths=code_lengths
        ).to(self._device)
        logits, targets = self.network(batch)
        return token_loss(logits, targets, batch.code_lengths)


class SynthesizerTask:
    """S2: codes, phones and timbre to sound; S1 says which phone each frame belongs to."""

    def __init__(self, aligner: DurationTextToSemantic, codebook: Tensor, *, device: str) -> None:
        self.network = MiniSynthesizer(MINI)
        self.network.load_state_dict(self.network.state_dict() | {CODEBOOK_KEY: codebook})
        self.network.to(device)
        self._loss = MiniLoss(MINI).to(device)
        self._aligner = aligner.to(device).eval()
        self._spectrogram = LinearSpectrogram(MINI.n_fft, MINI.hop)
        self._device = device

    def losses(
        self,
        items: Sequence[BaseItem],
        prompts: Sequence[BaseItem],  # noqa: ARG002  # the timbre is a window of the item itself
        generator: torch.Generator,
    ) -> Mapping[str, Tensor]:
        """Return the losses of MiniLoss."""
        batch = self.collate(items)
        losses: Mapping[str, Tensor] = self._loss(self.network(batch, generator=generator))
        return losses

    def collate(self, items: Sequence[BaseItem]) -> SynthesizerBatch:
        """Pad the items, align them and move them to the device."""
        phones, phone_lengths = pad_rows([item.phones for item in items])
        codes, code_lengths = pad_rows([item.codes for item in items])
        wave = nn.utils.rnn.pad_sequence([item.wave() for item in items], batch_first=True)
        pitch, _ = pad_rows([item.pitch_hz for item in items])
        moved = [each.to(self._device) for each in (phones, phone_lengths, codes, code_lengths)]
        return SynthesizerBatch(
            codes=codes,
            code_lengths=code_lengths,
            phones=phones,
            phone_lengths=phone_lengths,
            alignment=self._aligner.align(*moved),
            spectrogram=self._spectrogram(wave),
            wave=wave,
            pitch_hz=pitch,
        ).to(self._device)


@dataclass(frozen=True, kw_only=True)
class FitOptions:
    """What decides a step."""

    learning_rate: float = 1e-3
    warmup_steps: int = 200
    weight_decay: float = 0.01
    max_gradient_norm: float = 2.0
    seconds_per_batch: float = 60.0
    average_decay: float = 0.999
    seed: int = 20261125


class BaseFit:
    """One network with its optimiser, average and step count: everything that a run hands on."""

    def __init__(self, task: Task, options: FitOptions) -> None:
        self.task = task
        self.options = options
        self.step = 0
        self.average = {name: t.detach().clone() for name, t in task.network.state_dict().items()}
        self._optimiser = torch.optim.AdamW(
            (p for p in task.network.parameters() if p.requires_grad),
            lr=options.learning_rate,
            betas=(0.9, 0.98),
            weight_decay=options.weight_decay,
        )

    def take_step(self, data: BaseSet) -> dict[str, float]:
        """Learn from one batch; a function of the state and the step number."""
        options = self.options
        items = data.batch(self.step, seconds=options.seconds_per_batch, seed=options.seed)
        prompts = data.prompts(items, self.step, seed=options.seed)
        rate = options.learning_rate * min(1.0, (self.step + 1) / options.warmup_steps)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self.task.network.train()
        torch.manual_seed(options.seed + self.step)  # dropout draws from the global generator
        losses = self.task.losses(items, prompts, _generator(options.seed, self.step))
        self._optimiser.zero_grad(set_to_none=True)
        losses["total"].backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        norm = nn.utils.clip_grad_norm_(self.task.network.parameters(), options.max_gradient_norm)
        if torch.isfinite(norm):
            self._optimiser.step()
        self.step += 1
        self._average()
        return {name: float(value.detach()) for name, value in losses.items()}

    @torch.no_grad()
    def measure(self, data: BaseSet, items: Sequence[BaseItem]) -> dict[str, float]:
        """Return the mean losses of the averaged weights on up to 48 of `items`."""
        items = sorted(items[:_VALIDATION_ITEMS], key=lambda item: len(item.codes))
        own = {name: t.clone() for name, t in self.task.network.state_dict().items()}
        self.task.network.load_state_dict(self.average)
        self.task.network.eval()
        batches = [items[at : at + 16] for at in range(0, len(items), 16)]
        rows = [
            self.task.losses(batch, data.prompts(batch, 0, seed=0), _generator(0, 0))
            for batch in batches
        ]
        self.task.network.load_state_dict(own)
        return {name: sum(float(row[name]) for row in rows) / len(rows) for name in rows[0]}

    def state(self) -> dict[str, Tensor]:
        """Return what the next run continues from."""
        names = [name for name, _ in self.task.network.named_parameters()]
        state = {f"network/{name}": t for name, t in self.task.network.state_dict().items()}
        state |= {f"average/{name}": t for name, t in self.average.items()}
        for index, moments in self._optimiser.state_dict()["state"].items():
            for key, value in moments.items():
                state[f"optimiser/{names[index]}/{key}"] = torch.as_tensor(value)
        return state | {"step": torch.tensor(self.step)}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Continue from `state`, or from those of its tensors that still fit the network."""
        own = self.task.network.state_dict()
        self.step = int(state["step"])
        for part, target in (("network", own), ("average", self.average)):
            for name in target:
                stored = state.get(f"{part}/{name}")
                if stored is not None and stored.shape == target[name].shape:
                    target[name] = stored.to(target[name])
        self.task.network.load_state_dict(own)
        self._optimiser.load_state_dict(self._optimiser_state(state))

    def _optimiser_state(self, state: Mapping[str, Tensor]) -> dict[str, object]:
        moments: dict[int, dict[str, Tensor]] = {}
        for index, (name, parameter) in enumerate(self.task.network.named_parameters()):
            found = {
                key: state[f"optimiser/{name}/{key}"]
                for key in ("step", "exp_avg", "exp_avg_sq")
                if f"optimiser/{name}/{key}" in state
            }
            if found and found["exp_avg"].shape == parameter.shape:
                moments[index] = found
        return {"state": moments, "param_groups": self._optimiser.state_dict()["param_groups"]}

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self.options.average_decay, (1 + self.step) / (10 + self.step))
        for name, value in self.task.network.state_dict().items():
            if value.is_floating_point():
                self.average[name].lerp_(value, 1 - decay)


def _duration_model() -> DurationTextToSemantic:
    sizes = MINI.text_to_semantic
    assert isinstance(sizes, DurationPreset)
    return DurationTextToSemantic(sizes)


def _generator(seed: int, step: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed * 1_000_003 + step)


def build_task(model: str, state_dir: Path, data_dir: Path, *, device: str) -> Task:
    """Build the task of `s1`, `s1-ar` or `s2`; S2 aligns with the averaged S1 of `state_dir`.

    Raises:
        ValueError: S2 is asked for before S1 has a state.
    """
    if model == "s1":
        return DurationTask(device=device)
    if model == "s1-ar":
        return AutoregressiveTask(device=device)
    found = read_state(state_dir / "s1")
    if found is None:
        raise ValueError(f"{state_dir / 's1'}: S2 needs S1's alignments; fit --model s1 first")
    aligner = _duration_model()
    aligner.load_state_dict(
        {name.removeprefix("average/"): t for name, t in found.items() if "average/" in name}
    )
    codebook = torch.from_numpy(np.load(data_dir / CODEBOOK_FILE).astype(np.float32))
    return SynthesizerTask(aligner, codebook, device=device)


def run(fit: BaseFit, data: BaseSet, folder: Path, *, minutes: float, keep_every: int) -> None:
    """Train until the time is up, writing the state and a line of losses now and then."""
    started, rows = time.monotonic(), []
    while True:
        rows.append(fit.take_step(data))
        over = time.monotonic() - started > 60 * minutes
        if over or fit.step % keep_every == 0:
            line = {
                "step": fit.step,
                "minutes": round((time.monotonic() - started) / 60, 1),
                "train": {k: round(sum(r[k] for r in rows) / len(rows), 4) for k in rows[0]},
                "seen": _rounded(fit.measure(data, data.seen_voices)),
                "unseen": _rounded(fit.measure(data, data.unseen_voices)),
            }
            rows.clear()
            write_state(folder, fit.state())
            with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")
            print(json.dumps(line), flush=True)  # noqa: T201  # progress of a command
        if over:
            return


def _rounded(losses: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in losses.items()}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=("s1", "s1-ar", "s2"), required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder that `prepare` wrote")
    parser.add_argument("--pack", type=Path, help="audio, where the prepared shards have none")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--keep-every", type=int, default=200)
    parser.add_argument("--learning-rate", type=float, default=FitOptions.learning_rate)
    parser.add_argument("--seconds", type=float, default=FitOptions.seconds_per_batch)
    args = parser.parse_args()
    options = FitOptions(learning_rate=args.learning_rate, seconds_per_batch=args.seconds)
    torch.manual_seed(options.seed)
    fit = BaseFit(build_task(args.model, args.state, args.data, device=args.device), options)
    folder = args.state / args.model
    found = read_state(folder)
    if found is not None:
        fit.restore(found)
    data = read_base_set(args.data, pack=args.pack)
    run(fit, data, folder, minutes=args.minutes, keep_every=args.keep_every)


if __name__ == "__main__":
    main()
