"""Stage `validate`: each clip ends accepted, fixed or quarantined, with reasons and figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from voxgate.audio.resampling import resample
from voxgate.audio.shards import Pcm16, ShardReader, from_pcm16
from voxgate.content_cache import ContentCache
from voxgate.corpus.ingested_clips import count_ingested, read_ingested
from voxgate.corpus.languages import corpus_languages
from voxgate.corpus.validated_clips import ValidatedClip, validated_table, write_validated
from voxgate.corpus.validation.alignment import ListeningRoom, judge_recognition
from voxgate.corpus.validation.clip_screening import ScreeningRules
from voxgate.corpus.validation.consistency import embed_clips, judge_speakers, judge_speech_rates
from voxgate.corpus.validation.dossiers import Dossier, open_dossiers, surviving
from voxgate.corpus.validation.expectations import Rows, SuiteResult, build_suites, suite_columns
from voxgate.corpus.validation.screening import Prompt, Spell, screen, settle_duplicates
from voxgate.corpus.validation.screening_room import ScreeningRoom
from voxgate.corpus.validation.table import close_dossiers, write_quarantine
from voxgate.corpus.validation.verdicts import judge_data_set, report
from voxgate.errors import StageError
from voxgate.evaluation.benchmark import prompts_language
from voxgate.executors import Executor
from voxgate.files import publish_directory, read_json, write_json
from voxgate.params import Params
from voxgate.ports import Recogniser, SpeakerEncoder
from voxgate.settings import load_settings
from voxgate.stage import Outcome, Workspace, require_accepted
from voxgate.text.languages import heard_as
from voxgate.types import HEARING_RATE_HZ, Wave
from voxgate.wiring.data_checks import build_suite_runner
from voxgate.wiring.evaluators import text_normaliser
from voxgate.wiring.executors import pooled_encoder, pooled_recogniser
from voxgate.wiring.workers import build_executor

__all__ = ["validate"]


def validate(
    workspace: Workspace,
    params: Params,
    *,
    recogniser: Recogniser | None = None,
    encoder: SpeakerEncoder | None = None,
    executor: Executor | None = None,
) -> Outcome:
    """Judge every clip of ingest, then the set.

    Without instruments of the caller's own, workers load those that params.yaml names; without an
    `executor` of its own, the workers are those of the settings. The stage's folder is replaced in
    one step, at the end; a refusal keeps its evidence.

    Raises:
        RefusalError: ingest refused.
        StageError: ingest has not run, or rows went missing.
        ConfigError: the name of the benchmark does not say its language.
        TextError: that language has no front end: leakage cannot be ruled out.
        EvaluatorError: an instrument failed; nothing was judged behind its back.
        WeightsError: an instrument is absent or not the pinned one.
        StorageError: the disk refused; the folder is as it was.
    """
    require_accepted(workspace, ["ingest"])
    with nullcontext(executor) if executor else build_executor(load_settings()) as workers:
        pooled = pooled_encoder(workers, params.evaluate, batch_size=1)
        if encoder is None:
            _ = pooled.identity  # absent weights are told now, and not after hours of listening
        judgement = _Judgement(
            workspace=workspace,
            params=params,
            executor=workers,
            recogniser=recogniser,
            encoder=encoder or pooled,
            embeds_one_by_one=encoder is None,
            normalise=_spell,
        )
        with publish_directory(workspace.stage_dir("validate")) as folder:
            outcome = judgement.write(folder)
            outcome.write(folder)
    return outcome


@dataclass(frozen=True, kw_only=True)
class _Judgement:
    """One run of the stage with its workers and instruments."""

    workspace: Workspace
    params: Params
    executor: Executor
    recogniser: Recogniser | None
    """None: the executor's workers load one for each language."""

    encoder: SpeakerEncoder
    embeds_one_by_one: bool
    """Whether the encoder parts many waves itself."""

    normalise: Spell

    def write(self, folder: Path) -> Outcome:
        clock = _Laps()
        ingest_dir = self.workspace.stage_dir("ingest")
        dossiers = open_dossiers(read_ingested(ingest_dir))
        audio = _Audio(ShardReader(ingest_dir / "audio"))
        asked = [
            self.workspace.benchmark_dir / file
            for file in self.params.evaluate.prompt_files.values()
        ]
        twins = screen(
            dossiers,
            self._screening_room(dossiers, audio),
            params=self.params.validate_,
            prompts={prompts_language(path): _read_prompts(path) for path in asked},
            normalise=self.normalise,
        )
        clock.lap("screen_s")
        self._listen(dossiers, audio)
        clock.lap("listen_s")
        settle_duplicates(dossiers, twins, normalise=self.normalise)
        self._compare_speakers(dossiers, audio)
        clock.lap("speakers_s")
        rows = count_ingested(ingest_dir)
        clips = close_dossiers(dossiers, expected_rows=rows)
        suites = self._expect(clips, rows, folder / "data_docs")
        clock.lap("expectations_s")
        write_validated(folder, clips)
        self._write_files(folder, dossiers, suites)
        write_json(folder / "timings.json", clock.laps)
        reasons = judge_data_set(
            dossiers,
            suites,
            consenting=_consenting(ingest_dir),
            params=self.params.validate_,
            sizes=self.params.sizes,
        )
        counts = report(dossiers)
        facts = {key: counts[key] for key in ("rows", "accepted", "fixed", "quarantined")}
        return Outcome(stage="validate", accepted=not reasons, reasons=tuple(reasons), facts=facts)

    def _screening_room(self, dossiers: Sequence[Dossier], audio: _Audio) -> ScreeningRoom:
        spoken = (dossier.clip.recording.language for dossier in dossiers)
        return ScreeningRoom(
            executor=self.executor,
            cache=self._cache("validate-screening"),
            rules=ScreeningRules.of(self.params.validate_),
            languages=corpus_languages(spoken, self.params.featurize.languages),
            read=audio.stored,
        )

    def _listen(self, dossiers: Sequence[Dossier], audio: _Audio) -> None:
        clips = list(surviving(dossiers))
        with tqdm(desc="validate: listen", unit="clip", total=len(clips)) as progress:
            for language in dict.fromkeys(clip.clip.recording.language for clip in clips):
                room = ListeningRoom(
                    recogniser=self.recogniser or self._pooled_recogniser(language),
                    cache=self._cache("validate-recognition"),
                    read=audio.trimmed,
                    at_once=self._at_once,
                )
                own = [clip for clip in clips if clip.clip.recording.language == language]
                for dossier, recognition in room.listen(own):
                    judge_recognition(
                        dossier,
                        recognition,
                        normalise=partial(self.normalise, language=language),
                        params=self.params.validate_,
                    )
                    progress.update()

    def _compare_speakers(self, dossiers: Sequence[Dossier], audio: _Audio) -> None:
        clips = list(surviving(dossiers))
        judge_speech_rates(clips, self.params.validate_)
        embeddings = embed_clips(
            clips,
            self.encoder,
            cache=self._cache("validate-speakers"),
            read=audio.trimmed,
            at_once=self._at_once if self.embeds_one_by_one else 1,
        )
        judge_speakers(clips, embeddings, params=self.params.validate_)

    def _pooled_recogniser(self, language: str) -> Recogniser:
        params = self.params.validate_
        return pooled_recogniser(
            self.executor,
            self.params.evaluate,
            name=params.recogniser,
            windows_s=params.recogniser_windows_s,
            window_margin_s=params.recogniser_margin_s,
            precision="float32",
            language=heard_as(language),
        )

    @property
    def _at_once(self) -> int:
        """Two batches for each worker: one that it measures, one that waits for it."""
        return 2 * self.params.evaluate.batch_size * self.executor.workers

    def _cache(self, namespace: str) -> ContentCache:
        return ContentCache(self.workspace.cache_dir, namespace)

    def _expect(
        self, clips: Sequence[ValidatedClip], rows: int, docs_dir: Path
    ) -> list[SuiteResult]:
        suites = build_suites(self.params.validate_, expected_rows=rows)
        frame = validated_table(clips, suite_columns(suites)).to_pandas()
        heard = np.array([clip.figures.transcript is not None for clip in clips], dtype=bool)
        usable = np.array([clip.usable for clip in clips], dtype=bool)
        frames: dict[Rows, pd.DataFrame] = {
            "all": frame,
            "heard": frame[heard],
            "usable": frame[usable],
        }
        return build_suite_runner()(suites, frames, docs_dir)

    def _write_files(
        self, folder: Path, dossiers: Sequence[Dossier], suites: Sequence[SuiteResult]
    ) -> None:
        write_quarantine(folder / "quarantine.csv", dossiers)
        write_json(folder / "expectations.json", [suite.as_json() for suite in suites])
        write_json(folder / "report.json", report(dossiers))


@dataclass(frozen=True)
class _Audio:
    """Prepared audio of the clips."""

    shards: ShardReader

    def stored(self, dossier: Dossier) -> Pcm16:
        """Return all samples at the clip's own rate."""
        return self.shards.read_pcm16(dossier.audio.place)

    def trimmed(self, dossier: Dossier) -> Wave:
        """Return the kept part at the evaluators' rate."""
        wave = from_pcm16(self.stored(dossier)[dossier.trim_start : dossier.trim_end])
        return resample(wave, dossier.audio.sample_rate_hz, HEARING_RATE_HZ)


class _Laps:
    """Where the time went."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._since = perf_counter()

    def lap(self, name: str) -> None:
        now = perf_counter()
        self.laps[name], self._since = round(now - self._since, 2), now


def _spell(text: str, language: str) -> str:
    return text_normaliser(language)(text)


def _read_prompts(path: Path) -> list[Prompt]:
    """Read id and text of every benchmark prompt.

    Raises:
        StageError: the file is absent or broken: without it leakage cannot be ruled out.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        prompts = [json.loads(line) for line in lines if line.strip()]
        return [(str(prompt["id"]), str(prompt["text"])) for prompt in prompts]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StageError(
            f"{path}: expected one JSON object with `id` and `text` a line, got {error!r}; "
            "restore the file: without it leakage cannot be ruled out"
        ) from error


def _consenting(ingest_dir: Path) -> list[str]:
    speakers: dict[str, Any] = read_json(ingest_dir / "summary.json")["speakers"]
    return [name for name, speaker in speakers.items() if speaker["consent_scope"]]
