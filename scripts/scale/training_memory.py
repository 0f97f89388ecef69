"""What memory a training step takes: parameters, optimiser, and the peak above them.

    python -m scripts.scale.training_memory --presets v2 v2Pro --seconds 32 128 512

Each row is one network in a process of its own: real learners with random weights take two steps on
noise, in clips of one length. The second step is measured. On a GPU the figures are those of
torch's allocator. Without one they are the resident memory of the process on the CPU, which says
nothing of a GPU: the table then says so, and has no other figure in their place.
"""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace

import numpy as np
import torch

from models.gpt_sovits.build import build_synthesizer, build_text_to_semantic
from models.gpt_sovits.presets import PRESETS, Preset
from models.gpt_sovits.s2.discriminators import Discriminators
from scripts.scale.memory_marks import peak_mib, reset_peak, resident_mib
from voxgate.errors import TrainingMemoryError
from voxgate.features.clips import TrainingClip
from voxgate.params.train import SynthesizerParams, TextToSemanticParams
from voxgate.training.fit import stepper
from voxgate.training.fit.determinism import seeded
from voxgate.training.fit.learner import Learner
from voxgate.training.fit.ranks import ALONE
from voxgate.training.learners import synthesizer_learner, text_to_semantic_learner
from voxgate.training.networks import Networks
from voxgate.training.preset_choice import choose_preset

MIB = 2**20
MODELS = ("s1", "s2")
PHONES_PER_S = 12
LOOP = {
    "steps": 2, "batch_size": 1, "learning_rate": 1e-5, "warmup_steps": 0,
    "final_learning_rate_ratio": 1.0, "weight_decay": 0.01, "max_gradient_norm": 5.0,
    "validate_every": 2,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Question:
    """One row: which network, on how much speech, where."""

    preset: str
    model: str
    seconds: float
    clip_s: float
    device: str
    precision: str

    @property
    def clips(self) -> int:
        """Clips of a batch."""
        return max(1, round(self.seconds / self.clip_s))


@dataclass(frozen=True, kw_only=True)
class Memory:
    """MiB. `held_mib` is what lies there between two steps, gradients included."""

    parameters_mib: float
    optimiser_mib: float
    held_mib: float
    peak_mib: float
    in_halves: bool
    """The batch did not fit: the peak is that of parts of it."""


Measure = Callable[[Question], Memory | None]
"""Answers a row; None where not even one clip fits."""


def measure(asked: Question) -> Memory | None:
    """Take two steps in this process and return what the second one needed."""
    device = torch.device(asked.device)
    learner = _learner(choose_preset(asked.preset), asked, device)
    clips = tuple(_clip(choose_preset(asked.preset), asked.clip_s, i) for i in range(asked.clips))
    halved = _Halved()
    logging.getLogger(stepper.__name__).addHandler(halved)
    try:
        _step(learner, clips, seed=1)
        reset_peak(device)
        held = resident_mib(device)
        _step(learner, clips, seed=2)
        peak = peak_mib(device)
    except TrainingMemoryError:
        return None
    finally:
        logging.getLogger(stepper.__name__).removeHandler(halved)
    sizes = _sizes(learner)
    return Memory(held_mib=held, peak_mib=peak, in_halves=halved.happened, **sizes)


class _Halved(logging.Handler):
    """Notes that the stepper went on with halves of a batch: it warns of nothing else."""

    happened = False

    def emit(self, _: logging.LogRecord) -> None:
        self.happened = True


def _learner(chosen: Preset, asked: Question, device: torch.device) -> Learner:
    with seeded(1):
        networks = Networks(
            build_synthesizer(chosen),
            build_text_to_semantic(chosen),
            Discriminators(chosen.flow_vocoder) if chosen.has_flow else None,
        )
    options = LOOP | {"precision": asked.precision}
    if asked.model == "s1":
        params = TextToSemanticParams.model_validate(options)
        return text_to_semantic_learner(networks, params, device=device, ranks=ALONE)
    networks.text_to_semantic.to(device)  # which aligns for `mini`
    s2 = SynthesizerParams.model_validate(options)
    return synthesizer_learner(chosen, networks, s2, device=device, ranks=ALONE)


def _clip(chosen: Preset, seconds: float, index: int) -> TrainingClip:
    random = np.random.default_rng([1, index])
    tokens = max(chosen.synthesizer.segment_frames, round(seconds * chosen.tokens_per_s))
    wave = (0.1 * random.normal(size=tokens * chosen.samples_per_token)).astype(np.float32)
    width = chosen.synthesizer.speaker_vector
    return TrainingClip(
        clip_id=str(index),
        text="",
        phones=random.integers(1, 90, size=round(seconds * PHONES_PER_S)),
        tokens=random.integers(0, chosen.synthesizer.codes, size=tokens),
        read_wave=lambda: wave,
        speaker_vector=random.normal(size=width).astype(np.float32) if width else None,
    )


def _step(learner: Learner, clips: tuple[TrainingClip, ...], *, seed: int) -> None:
    with seeded(seed) as generator:
        learner.update(clips, learning_rate=1e-5, generator=generator)


def _sizes(learner: Learner) -> dict[str, float]:
    """Sum what a resume point would hold: every network, and every optimiser."""
    found = {"parameters_mib": 0.0, "optimiser_mib": 0.0}
    for name, tensor in learner.state().items():
        owner = "optimiser_mib" if "optimizer" in name.partition(".")[0] else "parameters_mib"
        found[owner] += tensor.numel() * tensor.element_size() / MIB
    return found


def in_a_process(asked: Question) -> Memory | None:
    """Measure in a fresh process: what an earlier row left in the allocator does not count."""
    words = [sys.executable, "-m", "scripts.scale.training_memory", "--row"]
    answer = subprocess.run(
        [*words, json.dumps(asdict(asked))], stdout=subprocess.PIPE, text=True, check=True
    )
    told = json.loads(answer.stdout.splitlines()[-1])
    return None if told is None else Memory(**told)


def table(questions: list[Question], measured: Measure) -> Iterator[str]:
    """Yield the lines of a Markdown table, each when it is known."""
    if questions[0].device == "cpu":
        yield "Measured on the CPU, without a GPU: resident memory of the process, in MiB, which"
        yield "holds the program too and is no estimate of a GPU's memory.\n"
    else:
        name = torch.cuda.get_device_name()
        yield f"{name}, torch {torch.__version__}: MiB of torch's allocator.\n"
    yield "| preset | network | batch | parameters | optimiser | held between steps | peak | step |"
    yield "|---|---|---|---|---|---|---|---|"
    for asked in questions:
        yield _row(asked, measured(asked))


def _row(asked: Question, found: Memory | None) -> str:
    batch = f"{asked.clips} × {asked.clip_s:g} s, {asked.precision}"
    head = f"| {asked.preset} | {asked.model} | {batch} |"
    if found is None:
        return f"{head} one clip alone does not fit | | | | |"
    peak = f"{found.peak_mib:.0f}"
    if found.in_halves:
        peak += " in parts: the batch does not fit"
    figures = [f"{found.parameters_mib:.0f}", f"{found.optimiser_mib:.0f}", f"{found.held_mib:.0f}"]
    return f"{head} {' | '.join([*figures, peak, f'{found.peak_mib - found.held_mib:.0f}'])} |"


def _questions(chosen: argparse.Namespace) -> list[Question]:
    first = Question(
        preset="", model="", seconds=0.0,
        clip_s=chosen.clip_s, device=chosen.device, precision=chosen.precision,
    )  # fmt: skip
    return [
        replace(first, preset=name, model=model, seconds=seconds)
        for name in chosen.presets
        for model in MODELS
        for seconds in chosen.seconds
    ]


def main(arguments: list[str] | None = None, measured: Measure = in_a_process) -> int:
    """Parse the command line, measure, print; returns the exit status."""
    has_gpu = torch.cuda.is_available()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--presets", nargs="+", default=list(PRESETS) if has_gpu else ["mini"])
    parser.add_argument(
        "--seconds", nargs="+", type=float, default=[32, 128, 512] if has_gpu else [8, 32],
        help="speech in a batch",
    )  # fmt: skip
    parser.add_argument("--clip-s", type=float, default=4.0, help="length of each of its clips")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cuda" if has_gpu else "cpu")
    parser.add_argument(
        "--precision", default="float32", choices=["float32", "bfloat16", "float16"]
    )
    parser.add_argument("--row", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.row:
        found = measure(Question(**json.loads(chosen.row)))
        sys.stdout.write(json.dumps(None if found is None else asdict(found)) + "\n")
        return 0
    if chosen.device == "cuda" and not has_gpu:
        parser.error("torch finds no GPU here; leave out --device, or install a torch with CUDA")
    for line in table(_questions(chosen), measured):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
