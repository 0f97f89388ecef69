"""Pretrain one network of `mini`, in runs of minutes that continue from each other.

`voxgate pretrain base` does it for both. On a machine with a GPU:
`python -m voxgate.pretraining.base.fit_base --model s1|s1-ar|s2 --data DIR --state DIR
--device cuda --minutes 10`
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import torch

from voxgate.features.clips import FeatureSet
from voxgate.files import canonical_json
from voxgate.params.train import LoopParams
from voxgate.pretraining.base.averaging import AveragingLearner
from voxgate.pretraining.base.base_set import BaseSet, read_base_set
from voxgate.pretraining.base.draws import DrawnOrder
from voxgate.pretraining.base.learners import FitOptions, Model, Sources, build_learner
from voxgate.training.fit.learner import Losses
from voxgate.training.fit.loop import FitPlan, fit, validate
from voxgate.training.fit.resume import ResumeStore

__all__ = ["fit_base", "run"]

_MEASURED_CLIPS = 48
_MEASURED_AT_ONCE = 16


def fit_base(
    model: Model,
    sources: Sources,
    *,
    minutes: float,
    report: Callable[[str], None],
    options: FitOptions | None = None,
    pack: Path | None = None,
    device: str = "cpu",
    keep_every: int = 200,
) -> None:
    """Go on training `model` from its newest state in `sources.state`; see `run`.

    Raises:
        ValueError: nothing is prepared, or S2 is asked for before S1 has a state.
        TrainingError: a loss is not a number.
    """
    options = options or FitOptions()
    data = read_base_set(sources.prepared, pack=pack)
    learner = build_learner(model, data, sources, options, device=torch.device(device))
    folder = sources.state / model
    run(
        learner,
        data,
        folder,
        options=options,
        minutes=minutes,
        keep_every=keep_every,
        report=report,
    )


def run(
    learner: AveragingLearner,
    data: BaseSet,
    folder: Path,
    *,
    options: FitOptions,
    minutes: float,
    keep_every: int,
    report: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Train until the time is up; every `keep_every` steps a resume point and a line of losses.

    Killed at any moment and called again, it ends with the same weights after the same steps.

    Raises:
        TrainingError: a loss is not a number.
    """
    started = clock()
    store = ResumeStore(folder)
    features = FeatureSet(train=data.train, validation=data.seen_voices[:_MEASURED_CLIPS])
    lengths = [len(clip.tokens) for clip in data.train]
    order = DrawnOrder(lengths=lengths, seconds=options.seconds_per_batch, seed=options.seed)
    point = store.latest()
    step = 0 if point is None else point.step

    def expired() -> bool:
        return clock() - started > 60 * minutes

    while True:
        plan = _plan(options, steps=step - step % keep_every + keep_every, device=_device(learner))
        *_, trained, seen = fit(
            learner, features, plan=plan, store=store, order=order, expired=expired
        ).rows
        unseen = validate(learner, data.unseen_voices[:_MEASURED_CLIPS], plan=plan)
        step = trained.step
        line = {
            "step": step,
            "minutes": round((clock() - started) / 60, 1),
            "train": _rounded(trained.losses),
            "seen": _rounded(seen.losses),
            "unseen": _rounded(unseen),
        }
        with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(canonical_json(line) + "\n")
        report(json.dumps(line))
        if expired():
            return


def _plan(options: FitOptions, *, steps: int, device: torch.device) -> FitPlan:
    loop = LoopParams(
        steps=steps,
        batch_size=_MEASURED_AT_ONCE,  # only of what is measured: `DrawnOrder` has its own measure
        learning_rate=options.learning_rate,
        warmup_steps=options.warmup_steps,
        final_learning_rate_ratio=1.0,  # constant, so that `steps` decides no step
        weight_decay=options.weight_decay,
        max_gradient_norm=options.max_gradient_norm,
        validate_every=steps,
    )
    return FitPlan(
        loop=loop,
        seed=options.seed,
        threads=torch.get_num_threads(),
        resume_every=steps,
        snapshot_steps=frozenset(),
        strict=device.type == "cpu",
    )


def _device(learner: AveragingLearner) -> torch.device:
    return learner.learner.stepper.device


def _rounded(losses: Losses) -> Losses:
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
    fit_base(
        args.model,
        Sources(prepared=args.data, state=args.state),
        minutes=args.minutes,
        report=print,
        options=FitOptions(learning_rate=args.learning_rate, seconds_per_batch=args.seconds),
        pack=args.pack,
        device=args.device,
        keep_every=args.keep_every,
    )


if __name__ == "__main__":
    main()
