"""`observe`: let the released package speak today, and judge it by what it was released as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tasks.measuring.checkout_caches import open_checkout_caches
from tasks.measuring.rescore import recounted
from tasks.measuring.self_testing import check_instruments
from tasks.measuring.setup import build_instruments, build_rules, open_executor, package_loader
from tasks.measuring.thresholds import build_thresholds, read_calibration
from voxgate.errors import (
    AssetError,
    EvaluatorError,
    EvidenceChangedError,
    GateError,
    RegistryError,
    VoiceError,
    VoxgateError,
)
from voxgate.evaluation.benchmark import Benchmark, load_benchmark
from voxgate.evaluation.evaluation import failed_self_test
from voxgate.evaluation.evidence import Evidence, ItemScore, read_evidence
from voxgate.evaluation.plan import plan_items, prompts_of_day
from voxgate.evaluation.protocol import Instruments
from voxgate.evaluation.scoring import Scorer
from voxgate.evaluation.self_test import SelfTest
from voxgate.evaluation.speaker_similarity import centroid_from_json
from voxgate.evaluation.synthesis import Speaker
from voxgate.executors import Executor
from voxgate.files import digest_file
from voxgate.gate.criterion import Criterion, Ruling
from voxgate.gate.monitoring import Observation, judge_live
from voxgate.params import Params
from voxgate.release.desk import Desk
from voxgate.release.health import Check, Health
from voxgate.release.records import Release
from voxgate.temporaries import scratch_directory

__all__ = ["Observer"]

_UNMEASURABLE: tuple[type[VoxgateError], ...] = (
    AssetError,
    EvaluatorError,
    EvidenceChangedError,
    GateError,
    RegistryError,
    VoiceError,
)
"""Nothing is known about the voice then. An outage is no such thing: it passes, and is retried."""

_HEALTH = {Ruling.PASS: Health.OK, Ruling.FAIL: Health.FAILED, Ruling.HOLD: Health.HOLD}


@dataclass(frozen=True, kw_only=True)
class Observer:
    """Measures a release; what is not handed in is built as params.yaml says."""

    desk: Desk
    params: Params
    build: Callable[[], Instruments] | None = None
    load_voice: Callable[[Path], Speaker] | None = None

    def __call__(self, release: Release, day: date) -> Check:
        """Measure the release on the prompts and seeds of `day`; twice is the same.

        The instruments are tested first. Whatever stands in the way of a number is a HOLD.

        Raises:
            ExternalServiceError: the registry could not be reached.
            ConfigError: the checkout's benchmark is broken.
        """
        try:
            with open_executor() as executor:
                return self._observe(release, day, executor)
        except _UNMEASURABLE as error:
            reason = f"{type(error).__name__}: {error}"
            return Check(day=day, health=Health.HOLD, reasons=(reason,), digests=_names(release))

    def _observe(self, release: Release, day: date, executor: Executor) -> Check:
        scoring = self.params.evaluate
        instruments = self.build() if self.build else build_instruments(scoring, executor=executor)
        self_test = self._test(instruments)
        if not self_test.passed:
            raise EvaluatorError(failed_self_test(self_test).message)
        benchmark = load_benchmark(self.desk.workspace.benchmark_dir / scoring.prompt_file)
        protocol = self._protocol(instruments, benchmark)
        released = self._in_words_of_today(self._released(release, benchmark), protocol)
        rows = self._speak(
            release,
            released,
            day,
            benchmark=benchmark,
            instruments=instruments,
            load_voice=self.load_voice or package_loader(scoring, executor),
        )
        today = replace(
            released,
            benchmark={**released.benchmark, "digest": benchmark.digest},
            protocol=protocol,
            self_test=self_test.as_json(),
            expected_items=len(rows),
            rows=rows,
        )
        observation = judge_live(
            today,
            released,
            day=day,
            thresholds=replace(
                build_thresholds(self.desk.workspace, self.params),
                prompts=tuple(sorted({row.prompt_id for row in rows})),
                min_prompts=1,  # gate.monitor_prompts says how many a day are enough
            ),
            calibration=read_calibration(self.desk.workspace, self.params.evaluate.language),
        )
        return self._check(release, day, today, observation)

    def _test(self, instruments: Instruments) -> SelfTest:
        return check_instruments(self.desk.workspace, self.params.evaluate, instruments)

    def _released(self, release: Release, benchmark: Benchmark) -> Evidence:
        released = read_evidence(self.desk.stored_evidence(release))
        if released.benchmark.get("digest") != benchmark.digest:
            raise EvidenceChangedError(
                f"version {release.version} was released on other prompts than this checkout has, "
                "so today's numbers say nothing about it; `voxgate run` offers one on these"
            )
        return released

    def _in_words_of_today(self, released: Evidence, protocol: dict[str, object]) -> Evidence:
        """Count the released samples anew where the rules for words have changed since."""
        today = replace(released, protocol=protocol)
        counted = recounted(self.desk.workspace, self.params.evaluate, released, today)
        return released if counted is None else counted

    def _protocol(self, instruments: Instruments, benchmark: Benchmark) -> dict[str, object]:
        rules = build_rules(self.params.evaluate, language=benchmark.language)
        return instruments.protocol(rules)

    def _speak(
        self,
        release: Release,
        released: Evidence,
        day: date,
        *,
        benchmark: Benchmark,
        instruments: Instruments,
        load_voice: Callable[[Path], Speaker],
    ) -> tuple[ItemScore, ...]:
        """Reload the package from the registry and let it speak."""
        scoring = self.params.evaluate
        scorer = Scorer(
            instruments=instruments,
            rules=build_rules(scoring, language=benchmark.language),
            centroid=centroid_from_json(released.centroid),
            expected_s={row.prompt_id: row.expected_duration_s for row in released.rows},
            caches=open_checkout_caches(self.desk.workspace, scoring),
        )
        known = {row.prompt_id for row in released.rows}  # a release was measured on some blocks
        prompts = prompts_of_day(
            [prompt for prompt in benchmark.of_split("gate") if prompt.id in known],
            day=day,
            count=self.params.gate.monitor_prompts,
        )
        items = plan_items(prompts, seeds=scoring.gate_seeds, day=day)
        with scratch_directory() as folder:
            voice = load_voice(self._reload(release, folder))
            samples = scorer.score_voice(
                voice, items, model_digest=str(release.origin.model_digest)
            )
        return tuple(sample.score for sample in samples)

    def _reload(self, release: Release, folder: Path) -> Path:
        """Fetch what the registry has, after a look at every byte of it."""
        registry = self.desk.connect()
        registry.require_version(self.desk.model, release.registry_version)
        return registry.fetch_package(release, folder / "package")

    def _check(
        self, release: Release, day: date, today: Evidence, observation: Observation
    ) -> Check:
        """Keep the numbers in the checkout and with the release's run, and name them."""
        folder = self.desk.workspace.monitor_dir / f"{day}-v{release.version}"
        today.write(folder / "evidence.json")
        if release.parent_run_id is not None:
            self.desk.connect().store_folder(release.parent_run_id, folder, f"monitor/{day}")
        return Check(
            day=day,
            health=_HEALTH[observation.ruling],
            reasons=tuple(map(_reason, observation.reasons)),
            prompts=tuple(sorted({row.prompt_id for row in today.rows})),
            samples=len(today.rows),
            figures=observation.figures,
            digests={
                **_names(release),
                "protocol": today.protocol_digest,
                "observation": digest_file(folder / "evidence.json"),
            },
        )


def _names(release: Release) -> dict[str, str | None]:
    return {"model": release.origin.model_digest, "evidence": release.origin.evidence_digest}


def _reason(criterion: Criterion) -> str:
    return f"{criterion.code}: {criterion.message}"
