"""`drill`: let voices with one fault each try to pass the gate, and a sound one against itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tasks.measuring.calibrate import AA_SEED, NOISE_RUNS
from tasks.measuring.setup import build_campaign, build_instruments
from tasks.measuring.takes import Takes, choose_voice, measure_takes
from tasks.measuring.thresholds import build_thresholds, calibration_path, read_calibration
from voxgate.code_digest import code_digest
from voxgate.errors import GateError
from voxgate.evaluation.campaign import Campaign
from voxgate.evaluation.drills.bad_voices import FAULTS, Fault, Sources
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.plan import Item, plan_items
from voxgate.evaluation.protocol import Instruments
from voxgate.evaluation.scoring import ScoredSample
from voxgate.evaluation.speakers import KnownClip
from voxgate.evaluation.summary import Summary, summarise
from voxgate.files import digest_json
from voxgate.gate.calibration import AA_PASS, Calibration
from voxgate.gate.criterion import Ruling
from voxgate.gate.noise import AaOutcome, judge_pairs, measure_noise
from voxgate.gate.thresholds import Thresholds
from voxgate.gate.verdict import Case, Verdict, judge
from voxgate.params import Params
from voxgate.ports import Voice
from voxgate.stage import Workspace
from voxgate.types import Wave
from voxgate.voice.replay import ReplayVoice

__all__ = ["AA_RUNS", "DrillReport", "FaultResult", "Parts", "drill"]

AA_RUNS = 100

_BAD_VOICE_CODE = (
    "voxgate.evaluation.drills.bad_voices",
    "voxgate.evaluation.drills.damage",
    "voxgate.wiring.bad_voices",
)
"""What stands between a sound voice and a bad one."""

BuildSources = Callable[[Path, ReplayVoice, Sequence[KnownClip]], Sources]
"""From the package, a replay of its samples, and strangers from the least to the most alike."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a drill works with; None is built as params.yaml and the voice package say."""

    instruments: Instruments | None = None
    load_voice: Callable[[Path], Voice] | None = None
    build_sources: BuildSources | None = None
    faults: Sequence[Fault] = FAULTS


_AS_CONFIGURED = Parts()


@dataclass(frozen=True, kw_only=True)
class FaultResult:
    """How the gate met one bad voice: beside the sound one as champion, and on floors alone."""

    fault: Fault
    summary: Summary
    against_champion: Verdict
    on_floors: Verdict

    @property
    def codes(self) -> frozenset[str]:
        """The reasons that the gate gave, beside the champion."""
        return frozenset(reason.code for reason in self.against_champion.reasons)

    @property
    def blocked(self) -> bool:
        """Tell whether it was stopped for the right reasons; a HOLD has measured nothing."""
        stopped = self.against_champion.ruling in (Ruling.FAIL, Ruling.INCONCLUSIVE)
        return stopped and self.fault.expected <= self.codes

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "fault": self.fault.name,
            "blocked": self.blocked,
            "verdict": self.against_champion.ruling.value,
            "verdict_on_floors": self.on_floors.ruling.value,
            "expected": sorted(self.fault.expected),
            "codes": sorted(self.codes),
            **self.summary.as_json(),
        }


@dataclass(frozen=True, kw_only=True)
class DrillReport:
    """All faults, and the sound voice against itself."""

    checkpoint: str
    prompts: int
    seeds: int
    takes: int
    calibration: Calibration
    sound: Summary
    faults: tuple[FaultResult, ...]
    itself: AaOutcome
    protocol: Mapping[str, Any]

    @property
    def passed(self) -> bool:
        """Tell whether no bad voice got through and the sound one passes often enough."""
        return all(result.blocked for result in self.faults) and self.itself.share >= AA_PASS

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {
            "passed": self.passed,
            "checkpoint": self.checkpoint,
            "prompts": self.prompts,
            "seeds": self.seeds,
            "takes": self.takes,
            "calibration": self.calibration.as_json(),
            "sound": self.sound.as_json(),
            "itself": self.itself.as_json(),
            "faults": [result.as_json() for result in self.faults],
        }


def drill(
    workspace: Workspace,
    params: Params,
    *,
    takes: int,
    prompts: int | None = None,
    voice: Path | None = None,
    parts: Parts = _AS_CONFIGURED,
) -> DrillReport:
    """Judge bad copies of a voice against the sound one; nothing is written but caches.

    Args:
        workspace: the checkout; build/ frames the scores.
        params: instruments, seeds a prompt, and the rules of the gate.
        takes: samples a prompt that A/A runs are drawn from.
        prompts: of the gate; None is all of them, judged with the committed calibration record. A
            part of them is another benchmark: its noise is measured here.
        voice: a voice package; None is the checkpoint that `evaluate` chose.
        parts: what is not built as params.yaml says.

    Raises:
        GateError: all prompts are asked for and there is no calibration record; too few takes.
        StageError: an earlier stage has not run, or there is no voice.
        EvaluatorError: the self-test failed, or a sample could not be measured.
    """
    chosen = choose_voice(workspace, voice)
    campaign = build_campaign(
        workspace,
        params.evaluate,
        parts.instruments or build_instruments(params.evaluate),
        checkpoints=[chosen],
        load_voice=parts.load_voice,
    )
    thresholds = build_thresholds(workspace, params)
    record = _committed(workspace) if prompts is None else None
    if prompts is not None:
        campaign = replace(campaign, benchmark=campaign.benchmark.shortened(prompts))
        thresholds = _shortened(thresholds, campaign)
    measured = measure_takes(workspace, params.evaluate, campaign, chosen, takes=takes)
    yard = _Yard(
        campaign=campaign,
        thresholds=thresholds,
        measured=measured,
        calibration=record
        or measure_noise(measured.evidence, thresholds, runs=NOISE_RUNS, seed=AA_SEED),
        threads=params.evaluate.threads,
    )
    build = parts.build_sources or _packaged_sources(workspace, params)
    return yard.report(build, faults=parts.faults, takes=takes)


@dataclass(frozen=True, kw_only=True)
class _Yard:
    """Where voices are drilled: one campaign, one set of rules, one sound voice."""

    campaign: Campaign
    thresholds: Thresholds
    measured: Takes
    calibration: Calibration
    threads: int

    @property
    def items(self) -> list[Item]:
        """The samples that an evaluation draws."""
        prompts = self.campaign.benchmark.of_split("gate")
        return plan_items(prompts, seeds=self.thresholds.seeds)

    def report(
        self, build_sources: BuildSources, *, faults: Sequence[Fault], takes: int
    ) -> DrillReport:
        """Score the sound voice, then every bad one, and judge."""
        chosen = self.measured.voice
        sound = self._score(self.campaign.load_voice(chosen.folder), chosen.digest)
        champion = self._evidence(sound, name=chosen.name, digest=chosen.digest)
        sources = build_sources(
            chosen.folder, _replay(self.items, sound), _strangers(self.campaign, self.measured)
        )
        return DrillReport(
            checkpoint=chosen.name,
            prompts=len(self.thresholds.prompts),
            seeds=self.thresholds.seeds,
            takes=takes,
            calibration=self.calibration,
            sound=summarise(champion.rows),
            faults=tuple(self._judge(fault, sources, champion) for fault in faults),
            itself=judge_pairs(
                self.measured.evidence,
                self.thresholds,
                self.calibration,
                runs=AA_RUNS,
                seed=AA_SEED + 2,
            ),
            protocol=champion.protocol,
        )

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
            against_champion=judge(case),
            on_floors=judge(replace(case, rivals={})),
        )

    def _score(self, voice: Voice, digest: str) -> list[ScoredSample]:
        scorer = self.campaign.scorer(self.measured.reference)
        return scorer.score_voice(voice, self.items, model_digest=digest)

    def _evidence(self, samples: Sequence[ScoredSample], *, name: str, digest: str) -> Evidence:
        return replace(
            self.measured.evidence,
            model={"checkpoint": name, "digest": digest},
            rows=tuple(sample.score for sample in samples),
            expected_items=len(samples),
        )


def _committed(workspace: Workspace) -> Calibration:
    record = read_calibration(workspace)
    if record is None:
        raise GateError(
            f"{calibration_path(workspace)} is missing: without it the gate holds whatever comes; "
            "run `voxgate calibrate`, or drill on a part of the prompts with --prompts"
        )
    return record


def _shortened(thresholds: Thresholds, campaign: Campaign) -> Thresholds:
    """Return the same rules for fewer prompts; only their number may be smaller."""
    prompts = tuple(prompt.id for prompt in campaign.benchmark.of_split("gate"))
    return replace(
        thresholds,
        prompts=prompts,
        benchmark_digest=campaign.benchmark.digest,
        min_prompts=min(thresholds.min_prompts, len(prompts)),
    )


def _replay(items: Sequence[Item], samples: Sequence[ScoredSample]) -> ReplayVoice:
    recordings: dict[str, dict[int, Wave]] = {}
    for item, sample in zip(items, samples, strict=True):
        recordings.setdefault(item.prompt.text, {})[item.seed] = sample.spoken.wave
    return ReplayVoice(recordings)


def _strangers(campaign: Campaign, measured: Takes) -> list[KnownClip]:
    """Return clips of other speakers, from the least to the most like the speaker."""
    vectors = campaign.instruments.encoder.embed([clip.wave for clip in campaign.known_clips])
    cosines = measured.reference.centroid.similarity(vectors)
    return [campaign.known_clips[i] for i in np.argsort(cosines, kind="stable")]


def _packaged_sources(workspace: Workspace, params: Params) -> BuildSources:
    from voxgate.settings import load_settings
    from voxgate.wiring.bad_voices import build_sources

    def build(package: Path, replay: ReplayVoice, strangers: Sequence[KnownClip]) -> Sources:
        return build_sources(
            package,
            replay=replay,
            strangers=strangers,
            features_dir=workspace.stage_dir("featurize"),
            base_dir=workspace.base_dir,
            params=params,
            settings=load_settings(),
        )

    return build
