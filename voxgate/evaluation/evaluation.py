"""One evaluation from its self-test to the gate's samples, without a file being read or written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from voxgate.audio.shards import to_pcm16
from voxgate.errors import EvaluatorError
from voxgate.evaluation.benchmark import Benchmark, Prompt, Split
from voxgate.evaluation.checkpoints import Checkpoint
from voxgate.evaluation.frame import Elsewhere, Frame, RealClip, measure_frame
from voxgate.evaluation.known_clips import KnownClip, SpokenClips
from voxgate.evaluation.measurements import Caches
from voxgate.evaluation.plan import plan_items
from voxgate.evaluation.protocol import Instruments, ScoringRules
from voxgate.evaluation.real_clips import Recordings, expected_durations
from voxgate.evaluation.scoring import ScoredSample, Scorer
from voxgate.evaluation.selection import Candidate, Choice, choose
from voxgate.evaluation.self_test import SelfTest, SelfTestBounds, run_self_test
from voxgate.evaluation.synthesis import Speaker
from voxgate.ports import Transcriber
from voxgate.stage import Reason
from voxgate.text.counting_units import CountingUnit, named_unit

__all__ = ["Evaluation", "Findings", "failed_self_test"]


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What an evaluation found, as far as it came; `refusal` says why it ended early.

    `choice` is None where there was nothing to choose from: the one voice was named.
    """

    self_test: SelfTest
    frame: Frame | None = None
    candidates: tuple[Candidate, ...] = ()
    choice: Choice | None = None
    chosen: Candidate | None = None
    samples: Mapping[tuple[Split, str], Sequence[ScoredSample]] = field(default_factory=dict)
    refusal: Reason | None = None

    @property
    def gate_samples(self) -> Sequence[ScoredSample]:
        """The chosen checkpoint's samples of the gate's prompts; empty without one."""
        return () if self.chosen is None else self.samples[("gate", self.chosen.name)]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Everything that an evaluation needs.

    `seeds` is the number of samples a prompt, `blocks` are those of the gate's prompts that are
    measured: those of the first look, or what a later look misses.
    """

    benchmark: Benchmark
    seeds: Mapping[Split, int]
    instruments: Instruments
    rules: ScoringRules
    bounds: SelfTestBounds
    known_clips: Sequence[KnownClip]
    recordings: Recordings
    checkpoints: Sequence[Checkpoint]
    load_voice: Callable[[Path], Speaker]
    caches: Caches
    blocks: tuple[int, ...] = (1,)
    ears: Transcriber | None = None
    """Hears the recordings, where all of them are of another language than the prompts."""

    spoken: SpokenClips | None = None
    """What the recogniser is tested on, where the known clips are of another language."""

    @property
    def gate_prompts(self) -> tuple[Prompt, ...]:
        """The gate's prompts that are measured."""
        return self.benchmark.of_blocks(self.blocks)

    @property
    def unit(self) -> CountingUnit:
        """What errors are counted in."""
        return named_unit(self.instruments.normaliser.unit)

    @property
    def expected_gate_items(self) -> int:
        """How many samples the gate must see."""
        return len(self.gate_prompts) * self.seeds["gate"]

    def run(self) -> Findings:
        """Test the instruments, frame them, choose a checkpoint, and measure it for the gate."""
        self_test = self.test_instruments()
        if not self_test.passed:
            return Findings(self_test=self_test, refusal=failed_self_test(self_test))
        try:
            frame = self.measure_frame()
        except EvaluatorError as error:
            return Findings(self_test=self_test, refusal=Reason("no_reference", str(error)))
        samples: dict[tuple[Split, str], Sequence[ScoredSample]] = {
            ("select", checkpoint.name): self._score(frame, checkpoint, "select")
            for checkpoint in self.checkpoints
        }
        candidates = tuple(
            Candidate(
                name=checkpoint.name,
                step=checkpoint.step,
                model_digest=checkpoint.digest,
                rows=tuple(s.score for s in samples[("select", checkpoint.name)]),
            )
            for checkpoint in self.checkpoints
        )
        found = Findings(self_test=self_test, frame=frame, candidates=candidates, samples=samples)
        return self._finish(found, frame)

    def _finish(self, found: Findings, frame: Frame) -> Findings:
        try:
            choice = choose(found.candidates, rate=self.unit.rate)
        except EvaluatorError as error:
            return replace(found, refusal=Reason("no_measured_checkpoint", str(error)))
        chosen = choice.chosen
        checkpoint = next(c for c in self.checkpoints if c.name == chosen.name)
        samples = {**found.samples, ("gate", chosen.name): self._score(frame, checkpoint, "gate")}
        return replace(found, choice=choice, chosen=chosen, samples=samples)

    def measure(self, self_test: SelfTest) -> Findings:
        """Measure the one checkpoint on the gate's prompts, with instruments that were tested."""
        (checkpoint,) = self.checkpoints
        try:
            frame = self.measure_frame()
        except EvaluatorError as error:
            return Findings(self_test=self_test, refusal=Reason("no_reference", str(error)))
        samples = self._score(frame, checkpoint, "gate")
        chosen = Candidate(
            name=checkpoint.name,
            step=checkpoint.step,
            model_digest=checkpoint.digest,
            rows=tuple(sample.score for sample in samples),
        )
        return Findings(
            self_test=self_test,
            frame=frame,
            chosen=chosen,
            samples={("gate", checkpoint.name): samples},
        )

    def test_instruments(self) -> SelfTest:
        """Measure the known clips with today's instruments."""
        return run_self_test(
            self.instruments, self.known_clips, bounds=self.bounds, spoken=self.spoken
        )

    def measure_frame(self) -> Frame:
        """Measure what real recordings and strangers score.

        Raises:
            EvaluatorError: a real clip could not be measured.
        """
        return measure_frame(
            self.instruments,
            self.recordings.clips,
            [clip.wave for clip in self.known_clips],
            caches=self.caches,
            language=self.benchmark.language,
            elsewhere=None
            if self.ears is None
            else Elsewhere(ears=self.ears, spoken=self._spoken_by_others()),
        )

    def _spoken_by_others(self) -> list[RealClip]:
        clips = self.known_clips if self.spoken is None else self.spoken.clips
        language = self.benchmark.language
        return [
            RealClip(
                clip_id=clip.sha256,
                role="others",
                text=clip.text,
                pcm=to_pcm16(clip.wave),
                language=language,
            )
            for clip in clips
        ]

    def scorer(self, frame: Frame) -> Scorer:
        """Return what scores any voice within this frame."""
        return Scorer(
            instruments=self.instruments,
            rules=self.rules,
            centroid=frame.centroid,
            expected_s=expected_durations(
                self.benchmark.prompts, letters_per_s=self.recordings.letters_per_s
            ),
            caches=self.caches,
        )

    def _score(self, frame: Frame, checkpoint: Checkpoint, split: Split) -> list[ScoredSample]:
        prompts = self.gate_prompts if split == "gate" else self.benchmark.of_split(split)
        items = plan_items(prompts, seeds=self.seeds[split])
        voice = self.load_voice(checkpoint.folder)
        return self.scorer(frame).score_voice(voice, items, model_digest=checkpoint.digest)


def failed_self_test(self_test: SelfTest) -> Reason:
    """Say which bounds a failed self-test missed."""
    failed = [
        f"{check.code} is {check.measured}, expected {check.relation} {check.bound}"
        + (f" ({check.message})" if check.message else "")
        for check in self_test.checks
        if not check.passed
    ]
    return Reason(
        "self_test_failed",
        f"no score counts: {'; '.join(failed)}. Check the evaluators' weights with "
        "`voxgate weights verify`, then `dvc repro --force evaluate`",
    )
