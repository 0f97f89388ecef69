"""Where voices are drilled: one evaluation, one set of rules, one sound voice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tasks.measuring.calibrate import AA_SEED
from tasks.measuring.drill_report import DrillReport, FaultResult
from tasks.measuring.sound_moves import find_moves, mean_sound
from tasks.measuring.takes import Takes
from voxgate.code_digest import code_digest
from voxgate.evaluation.drills.faults import Fault
from voxgate.evaluation.drills.sources import Sources
from voxgate.evaluation.evaluation import Evaluation
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.known_clips import KnownClip
from voxgate.evaluation.plan import Item, plan_items
from voxgate.evaluation.scoring import ScoredSample
from voxgate.evaluation.summary import summarise
from voxgate.evaluation.synthesis import Speaker
from voxgate.files import digest_json
from voxgate.gate.calibration import Calibration
from voxgate.gate.noise import judge_pairs
from voxgate.gate.thresholds import Thresholds
from voxgate.gate.verdict import Case, judge
from voxgate.types import Wave
from voxgate.voice.replay import ReplayVoice

__all__ = ["AA_RUNS", "BuildSources", "DrillSession"]

AA_RUNS = 100

_BAD_VOICE_CODE = (
    "voxgate.evaluation.drills.bad_voices",
    "voxgate.wiring.bad_voices",
)
"""What stands between a sound voice and a bad one."""

BuildSources = Callable[[Path, ReplayVoice, Sequence[KnownClip]], Sources]
"""From the package, a replay of its samples, and strangers from the least to the most alike."""


@dataclass(frozen=True, kw_only=True)
class DrillSession:
    """What every voice of a drill shares; `measured` are the takes of the sound voice.

    `tell` is told the name of each bad voice when its turn comes, and how it ended; `clock` counts
    the seconds.
    """

    evaluation: Evaluation
    thresholds: Thresholds
    measured: Takes
    calibration: Calibration
    threads: int
    tell: Callable[[str], None]
    clock: Callable[[], float] = time.perf_counter

    @property
    def items(self) -> list[Item]:
        """The samples that an evaluation draws."""
        prompts = self.evaluation.gate_prompts
        return plan_items(prompts, seeds=self.thresholds.seeds)

    def report(
        self,
        build_sources: BuildSources,
        *,
        faults: Sequence[Fault],
        takes: int,
        left_out: int = 0,
    ) -> DrillReport:
        """Score the sound voice, then every bad one, and judge."""
        chosen = self.measured.voice
        sound = self._score(self.evaluation.load_voice(chosen.folder), chosen.digest)
        champion = self._evidence(sound, name=chosen.name, digest=chosen.digest)
        sources = build_sources(
            chosen.folder, _replay(self.items, sound), _strangers(self.evaluation, self.measured)
        )
        return DrillReport(
            checkpoint=chosen.name,
            prompts=len(self.thresholds.prompts),
            seeds=self.thresholds.seeds,
            takes=takes,
            calibration=self.calibration,
            sound=summarise(champion.rows),
            sound_measures=mean_sound(champion.rows),
            faults=tuple(self._judge_in_turn(faults, sources, champion)),
            itself=judge_pairs(
                self.measured.evidence,
                self.thresholds,
                self.calibration,
                runs=AA_RUNS,
                seed=AA_SEED + 2,
            ),
            protocol=champion.protocol,
            left_out=left_out,
        )

    def _judge_in_turn(
        self, faults: Sequence[Fault], sources: Sources, champion: Evidence
    ) -> Iterator[FaultResult]:
        for number, fault in enumerate(faults, start=1):
            turn = f"[{number}/{len(faults)}] {fault.name}"
            self.tell(turn)
            since = self.clock()
            result = self._judge(fault, sources, champion)
            self.tell(f"{turn}: {result.outcome}, {self.clock() - since:.0f} s")
            yield result

    def _judge(self, fault: Fault, sources: Sources, champion: Evidence) -> FaultResult:
        digest = digest_json(
            {
                "fault": fault.name,
                "of": self.measured.voice.digest,
                "sources": sources.digest,
                "code": code_digest(_BAD_VOICE_CODE),
                "threads": self.threads,
            }
        )
        samples = self._score(fault.build(sources), digest)
        bad = self._evidence(samples, name=fault.name, digest=digest)
        case = Case(
            challenger=bad,
            thresholds=self.thresholds,
            rivals={"champion": champion},
            calibration=self.calibration,
        )
        return FaultResult(
            fault=fault,
            summary=summarise(bad.rows),
            sound=mean_sound(bad.rows),
            moves=find_moves(champion.rows, bad.rows),
            against_champion=judge(case),
            on_floors=judge(replace(case, rivals={})),
        )

    def _score(self, voice: Speaker, digest: str) -> list[ScoredSample]:
        scorer = self.evaluation.scorer(self.measured.frame)
        return scorer.score_voice(voice, self.items, model_digest=digest)

    def _evidence(self, samples: Sequence[ScoredSample], *, name: str, digest: str) -> Evidence:
        return replace(
            self.measured.evidence,
            model={"checkpoint": name, "digest": digest},
            rows=tuple(sample.score for sample in samples),
            expected_items=len(samples),
        )


def _replay(items: Sequence[Item], samples: Sequence[ScoredSample]) -> ReplayVoice:
    recordings: dict[str, dict[int, Wave]] = {}
    for item, sample in zip(items, samples, strict=True):
        recordings.setdefault(item.prompt.text, {})[item.seed] = sample.spoken.wave
    return ReplayVoice(recordings)


def _strangers(evaluation: Evaluation, measured: Takes) -> list[KnownClip]:
    """Return clips of other speakers, from the least to the most like the speaker."""
    vectors = evaluation.instruments.encoder.embed([clip.wave for clip in evaluation.known_clips])
    cosines = measured.frame.centroid.similarity(vectors)
    return [evaluation.known_clips[i] for i in np.argsort(cosines, kind="stable")]
