"""Stage `validate`: each clip ends accepted, fixed or quarantined, with reasons and figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from voxgate.audio.resampling import resample
from voxgate.audio.shards import ShardReader
from voxgate.content_cache import ContentCache
from voxgate.corpus.ingested_clips import count_ingested, read_ingested
from voxgate.corpus.validated_clips import ValidatedClip, validated_table, write_validated
from voxgate.corpus.validation.alignment import ListeningRoom, judge_recognition
from voxgate.corpus.validation.consistency import embed_clips, judge_speakers, judge_speech_rates
from voxgate.corpus.validation.dossiers import Dossier, open_dossiers, surviving
from voxgate.corpus.validation.expectations import Rows, SuiteResult, build_suites
from voxgate.corpus.validation.screening import Prompt, Spell, screen, settle_duplicates
from voxgate.corpus.validation.table import close_dossiers, write_quarantine
from voxgate.corpus.validation.verdicts import judge_data_set, report
from voxgate.errors import StageError
from voxgate.evaluation.benchmark import prompts_language
from voxgate.files import publish_directory, read_json, write_json
from voxgate.params import Params
from voxgate.ports import Recogniser, SpeakerEncoder
from voxgate.settings import load_settings
from voxgate.stage import Outcome, Workspace, require_accepted
from voxgate.text.languages import heard_as
from voxgate.types import HEARING_RATE_HZ, Wave
from voxgate.wiring.data_checks import build_suite_runner
from voxgate.wiring.evaluators import build_recogniser, build_speaker_encoder, text_normaliser

__all__ = ["validate"]


def validate(
    workspace: Workspace,
    params: Params,
    *,
    recogniser: Recogniser | None = None,
    encoder: SpeakerEncoder | None = None,
) -> Outcome:
    """Judge every clip of ingest, then the set.

    Without instruments of the caller's own, those that params.yaml names are loaded. The stage's
    folder is replaced in one step, at the end; a refusal keeps its evidence.

    Raises:
        RefusalError: ingest refused.
        StageError: ingest has not run, or rows went missing.
        ConfigError: the name of the benchmark does not say its language.
        TextError: that language has no front end: leakage cannot be ruled out.
        EvaluatorError: an instrument failed; nothing was judged behind its back.
        StorageError: the disk refused; the folder is as it was.
    """
    require_accepted(workspace, ["ingest"])
    settings = load_settings()

    def hear(language: str) -> Recogniser:
        return recogniser or build_recogniser(
            params.evaluate,
            settings,
            name=params.validate_.recogniser,
            windows_s=params.validate_.recogniser_windows_s,
            window_margin_s=params.validate_.recogniser_margin_s,
            precision="float32",
            language=heard_as(language),
        )

    judgement = _Judgement(
        workspace=workspace,
        params=params,
        hear=hear,
        encoder=encoder or build_speaker_encoder(params.evaluate, settings),
        normalise=_spell,
    )
    with publish_directory(workspace.stage_dir("validate")) as folder:
        outcome = judgement.write(folder)
        outcome.write(folder)
    return outcome


@dataclass(frozen=True, kw_only=True)
class _Judgement:
    """One run of the stage with its instruments."""

    workspace: Workspace
    params: Params
    hear: Callable[[str], Recogniser]
    """Gives what hears a language."""

    encoder: SpeakerEncoder
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
            params=self.params.validate_,
            prompts={prompts_language(path): _read_prompts(path) for path in asked},
            normalise=self.normalise,
            read=audio.whole,
            further=self.params.featurize.languages,
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

    def _listen(self, dossiers: Sequence[Dossier], audio: _Audio) -> None:
        clips = list(surviving(dossiers))
        with tqdm(desc="validate: listen", unit="clip", total=len(clips)) as progress:
            for language in dict.fromkeys(clip.clip.recording.language for clip in clips):
                room = ListeningRoom(
                    recogniser=self.hear(language),
                    cache=ContentCache(self.workspace.cache_dir, "validate-recognition"),
                    read=audio.trimmed,
                    batch_size=self.params.evaluate.batch_size,
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
            cache=ContentCache(self.workspace.cache_dir, "validate-speakers"),
            read=audio.trimmed,
        )
        judge_speakers(clips, embeddings, params=self.params.validate_)

    def _expect(
        self, clips: Sequence[ValidatedClip], rows: int, docs_dir: Path
    ) -> list[SuiteResult]:
        frame = validated_table(clips).to_pandas()
        heard = np.array([clip.figures.transcript is not None for clip in clips], dtype=bool)
        usable = np.array([clip.usable for clip in clips], dtype=bool)
        suites = build_suites(self.params.validate_, expected_rows=rows)
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

    def whole(self, dossier: Dossier) -> Wave:
        """Return the whole wave at the clip's own rate."""
        return self.shards.read(dossier.audio.place)

    def trimmed(self, dossier: Dossier) -> Wave:
        """Return the kept part at the evaluators' rate."""
        wave = self.whole(dossier)[dossier.trim_start : dossier.trim_end]
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
