"""What the gate lets pass, by simulation from the committed takes of a real voice.

    python scripts/operating_curve.py [--trials 2000]

Champion and challengers are drawn from the takes behind benchmark/calibration.json: prompts with
replacement, of each prompt other takes for each voice. A challenger that is truly worse has each of
its right words broken with one probability, or its similarity lowered by a constant. Margins, looks
and spending are the gate's own; bounds are those of the bootstrap's normal limit, which is fast.
Judged are words, similarity and McNemar's test on samples that lost more than half of their words;
floors and slices are left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc, ndtri

from tasks.measuring.thresholds import build_thresholds, read_calibration, takes_path
from voxgate.evaluation.evidence import read_evidence
from voxgate.gate.calibration import AA_PASS, Calibration
from voxgate.gate.statistics import margin_factor
from voxgate.gate.thresholds import Thresholds
from voxgate.params import load_params
from voxgate.stage import Workspace

BLOCKS = (72, 72, 96)
WER_LOSSES = (0.0, 0.01, 0.02, 0.03, 0.05)
SIMILARITY_LOSSES = (0.0, 0.01, 0.02, 0.05)
RETRAININGS = (1, 5, 20)
CATASTROPHE_WER = 0.5
OPEN, PASS, FAIL = 0, 1, 2

Floats = NDArray[np.float64]
Rulings = NDArray[np.int64]


@dataclass(frozen=True)
class Sample:
    """What every trial heard of one voice, (trials, prompts, seeds)."""

    errors: Floats
    similarity: Floats

    def of(self, trials: NDArray[np.bool_]) -> Sample:
        """Return what was heard in some of the trials."""
        return Sample(self.errors[trials], self.similarity[trials])

    def where(self, taken: NDArray[np.bool_], other: Sample) -> Sample:
        """Return the other's samples in the trials that are `taken`."""
        mask = taken[:, None, None]
        return Sample(
            np.where(mask, other.errors, self.errors),
            np.where(mask, other.similarity, self.similarity),
        )


class World:
    """Prompts and takes that trials draw from."""

    def __init__(self, workspace: Workspace, *, trials: int, seed: int) -> None:
        rows = sorted(read_evidence(takes_path(workspace)).rows, key=lambda row: row.item)
        prompts = len({row.prompt_id for row in rows})

        def table(name: str) -> Floats:
            values = [getattr(row, name) for row in rows]
            return np.array(values, dtype=np.float64).reshape(prompts, -1)

        self.rng = np.random.default_rng(seed)
        self.errors, self.similarity = table("word_errors"), table("similarity")
        self.wer = float(self.errors.sum() / table("ref_words").sum())
        self.drawn = self.rng.integers(0, prompts, size=(trials, sum(BLOCKS)))
        self.refs = table("ref_words")[:, 0][self.drawn]
        takes = np.argsort(self.rng.random((*self.drawn.shape, self.errors.shape[1])), axis=2)
        self._champions, self._others = takes[..., :3], takes[..., 3:]

    def champion(self) -> Sample:
        """Return the voice as it is."""
        return self._sample(self._champions)

    def challenger(self, *, wer: float | Floats = 0.0, similarity: float = 0.0) -> Sample:
        """Return other takes of it, worse by so much; `wer` may differ between trials."""
        order = np.argsort(self.rng.random(self._others.shape), axis=2)[..., :3]
        sound = self._sample(np.take_along_axis(self._others, order, axis=2))
        right = np.maximum(self.refs[..., None] - sound.errors, 0).astype(np.int64)
        lost = np.minimum(np.broadcast_to(np.asarray(wer) / (1 - self.wer), len(right)), 1.0)
        broken = self.rng.binomial(right, lost[:, None, None])
        return Sample(sound.errors + broken, sound.similarity - similarity)

    def _sample(self, takes: NDArray[np.int64]) -> Sample:
        place = self.drawn[..., None]
        return Sample(self.errors[place, takes], self.similarity[place, takes])


@dataclass(frozen=True, kw_only=True)
class Gate:
    """The gate's rules for three looks; `counting` has candidates of one champion spend alpha."""

    thresholds: Thresholds
    calibration: Calibration
    refs: Floats
    candidates_per_block: int
    counting: bool = True

    def judge(
        self, mine: Sample, rivals: Sequence[Sample], *, looks: int = 3, candidate: int = 1
    ) -> Rulings:
        """Return the ruling of every trial after at most so many looks, against all rivals."""
        found = np.full(len(self.refs), OPEN)
        for look in range(1, looks + 1):
            at = self._prompts(look, candidate)
            ruled = np.stack([self._rule(mine, r, at, look, candidate) for r in rivals])
            joint = np.where((ruled == PASS).all(axis=0), PASS, OPEN)
            joint = np.where((ruled == FAIL).any(axis=0), FAIL, joint)
            found = np.where(found == OPEN, joint, found)
        return found

    def _prompts(self, look: int, candidate: int) -> NDArray[np.int64]:
        starts = np.cumsum([0, *BLOCKS])
        first = (candidate - 1) // self.candidates_per_block if self.counting else 0
        blocks = [(first + step) % len(BLOCKS) for step in range(look)]
        return np.concatenate([np.arange(starts[b], starts[b + 1]) for b in blocks])

    def _rule(
        self, mine: Sample, theirs: Sample, at: NDArray[np.int64], look: int, candidate: int
    ) -> Rulings:
        counted = candidate if self.counting else 1
        rules = replace(self.thresholds, look=look, candidate=counted)
        reach = float(ndtri(rules.confidence_at_look))
        power = 1 - (1 - AA_PASS) / 3
        factor = margin_factor(rules.confidence, power=power, prompts=len(at))
        margin = max(rules.wer_margin, factor * self.calibration.wer_standard_error)
        alike = max(rules.similarity_margin, factor * self.calibration.similarity_standard_error)

        words = self.refs[:, at] * mine.errors.shape[2]
        lost = (mine.errors - theirs.errors)[:, at].sum(axis=2)
        wer = lost.sum(axis=1) / words.sum(axis=1)
        deviation = np.sqrt(((lost - wer[:, None] * words) ** 2).sum(axis=1)) / words.sum(axis=1)
        gained = (mine.similarity - theirs.similarity)[:, at].mean(axis=2)
        similarity, spread = gained.mean(axis=1), gained.std(axis=1) / len(at) ** 0.5

        good = (wer + reach * deviation <= margin) & (similarity - reach * spread >= -alike)
        bad = (wer - reach * deviation > margin) | (similarity + reach * spread < -alike)
        bad |= self._more_catastrophes(mine, theirs, at)
        return np.where(bad, FAIL, np.where(good, PASS, OPEN))

    def _more_catastrophes(
        self, mine: Sample, theirs: Sample, at: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        bound = CATASTROPHE_WER * self.refs[:, at, None]
        ours, others = ((s.errors[:, at] > bound).any(axis=2) for s in (mine, theirs))
        only, other = (ours & ~others).sum(axis=1), (others & ~ours).sum(axis=1)
        p = np.where(only > 0, bdtrc(np.maximum(only - 1, 0), only + other, 0.5), 1.0)
        return np.asarray(p < self.thresholds.catastrophe_alpha)


def by_looks(world: World, gate: Gate) -> Iterator[str]:
    """Yield PASS and undecided shares of one challenger at one, two and three looks."""
    champion = world.champion()
    losses = [(f"WER +{100 * d:g} points", {"wer": d}) for d in WER_LOSSES]
    losses += [(f"similarity -{d:g}", {"similarity": d}) for d in SIMILARITY_LOSSES]
    yield "| truly worse by | PASS, 1 look | 2 looks | 3 looks | undecided, 1 look | 2 | 3 |"
    yield "|---|---|---|---|---|---|---|"
    for name, loss in losses:
        challenger = world.challenger(**loss)
        found = [gate.judge(challenger, [champion], looks=looks) for looks in (1, 2, 3)]
        yield _row(name, [_share(r == PASS) for r in found] + [_share(r == OPEN) for r in found])


def against_one_champion(world: World, gate: Gate) -> Iterator[str]:
    """Yield how often at least one of many candidates, each as bad as the others, passes."""
    champion = world.champion()
    yield from _header("counted", "not counted")
    for loss in WER_LOSSES:
        cells = []
        for rules in (gate, replace(gate, counting=False)):
            passed = np.zeros(len(world.refs), dtype=bool)
            for number in range(1, max(RETRAININGS) + 1):
                ruling = rules.judge(world.challenger(wer=loss), [champion], candidate=number)
                passed |= ruling == PASS
                if number in RETRAININGS:
                    cells.append(_share(passed))
        yield _row(f"WER +{100 * loss:g} points", cells)


def chain_of_champions(world: World, gate: Gate) -> Iterator[str]:
    """Yield what is lost where whatever passes becomes the champion of the next retraining.

    Every candidate is worse than the champion of its day by the same amount.
    """
    gold = world.champion()
    yield from _header("without gold", "with gold")
    for loss in WER_LOSSES:
        cells = []
        for with_gold in (False, True):
            champion, lost = gold, np.zeros(len(world.refs))
            number = np.ones(len(world.refs), dtype=np.int64)
            for retraining in range(1, max(RETRAININGS) + 1):
                mine = world.challenger(wer=lost + loss)
                rivals = [champion, gold] if with_gold else [champion]
                passed = np.zeros(len(world.refs), dtype=bool)
                for candidate in np.unique(number):
                    at = number == candidate
                    passed[at] = (
                        replace(gate, refs=gate.refs[at]).judge(
                            mine.of(at), [r.of(at) for r in rivals], candidate=int(candidate)
                        )
                        == PASS
                    )
                champion, lost = champion.where(passed, mine), lost + loss * passed
                number = np.where(passed, 1, number + 1)
                if retraining in RETRAININGS:
                    cells.append(f"{100 * lost.mean():.1f} (95 %: {100 * _p95(lost):.1f})")
        yield _row(f"WER +{100 * loss:g} points", cells)


def _p95(values: Floats) -> float:
    return float(np.quantile(values, 0.95))


def _share(found: NDArray[np.bool_]) -> str:
    return f"{100 * found.mean():.1f} %"


def _header(*ways: str) -> Iterator[str]:
    named = " | ".join(f"{n} {how}" for how in ways for n in RETRAININGS)
    yield f"| each worse by | {named} |"
    yield "|---|" + len(ways) * len(RETRAININGS) * "---|"


def _row(name: str, cells: Sequence[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    """Print the tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20261128)
    chosen = parser.parse_args()
    workspace, params = Workspace(Path()), load_params(Path("params.yaml"))
    calibration = read_calibration(workspace)
    if calibration is None:
        parser.error("benchmark/calibration.json is missing; run `voxgate calibrate` first")
    world = World(workspace, trials=chosen.trials, seed=chosen.seed)
    gate = Gate(
        thresholds=replace(build_thresholds(workspace, params), max_looks=len(BLOCKS)),
        calibration=calibration,
        refs=world.refs,
        candidates_per_block=params.gate.candidates_per_block,
    )
    print(f"{chosen.trials} trials; the voice has a WER of {100 * world.wer:.2f} %\n")
    for title, table in (
        ("One challenger", by_looks),
        ("At least one of so many candidates passes against one champion", against_one_champion),
        ("WER points truly lost in a chain of champions, mean", chain_of_champions),
    ):
        print(f"### {title}\n")
        print("\n".join(table(world, gate)), "\n")


if __name__ == "__main__":
    main()
