"""Parts of ingest, validate and featurize, each prepared so that only its own work is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from scripts.scale.corpora import Corpus
from scripts.scale.plain import (
    MappedShards,
    leaks_each_with_each,
    pairs_each_with_each,
    spelling_read_twice,
    table_at_once,
)
from voxgate.audio.shards import ShardReader, ShardWriter
from voxgate.corpus.error_rates import ErrorRates
from voxgate.corpus.ingested_clips import INGESTED_SCHEMA, ingested_row, write_ingested
from voxgate.corpus.survey import survey_clips
from voxgate.corpus.validated_clips import validated_table, write_validated
from voxgate.corpus.validation.dossiers import Dossier, open_dossiers
from voxgate.corpus.validation.duplicates import near_audio
from voxgate.corpus.validation.expectations import Rows, build_suites, suite_columns
from voxgate.corpus.validation.quality import Signal
from voxgate.corpus.validation.table import close_dossiers, write_quarantine
from voxgate.corpus.validation.verdicts import report
from voxgate.evaluation.benchmark import load_benchmark
from voxgate.features.accepted_clips import read_accepted_clips
from voxgate.params import load_params
from voxgate.parquet import write_table
from voxgate.text.leakage import find_leaks
from voxgate.types import Transcript
from voxgate.wiring.data_checks import build_suite_runner
from voxgate.wiring.evaluators import text_normaliser

__all__ = ["PARTS", "Part", "Work"]

ROOT = Path(__file__).parents[2]
_CORRELATION = 0.97
_OVERLAP = 0.5
_EVERY = 10
"""One clip in so many is kept out, or leaks."""

Work = Callable[[], int]
"""Does the work, and returns what both ways of doing it must agree on."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """How it is done, and how it was before: the latter up to a size that can be waited for."""

    now: Callable[[Corpus], Work]
    before: Callable[[Corpus], Work] | None = None
    before_up_to: int = 100_000


def _table_read(corpus: Corpus) -> Work:
    return lambda: len(open_dossiers(corpus.clips()))


def _table_written(corpus: Corpus, *, at_once: bool) -> Work:
    clips, folder = list(corpus.clips()), corpus.folder / "written"

    def once() -> int:
        table = table_at_once(map(ingested_row, clips), INGESTED_SCHEMA)
        write_table(folder / "clips.parquet", table)
        return len(clips)

    def streamed() -> int:
        write_ingested(folder, clips)
        return len(clips)

    return once if at_once else streamed


def _surveyed(corpus: Corpus) -> Work:
    clips = list(corpus.clips())
    return lambda: len(survey_clips(clips, {})["speakers"])


def _shards_read(corpus: Corpus, *, reader: Callable[[Path], ShardReader | MappedShards]) -> Work:
    places = [clip.audio.place for clip in corpus.clips() if clip.audio]
    for path in corpus.audio.iterdir():
        path.read_bytes()  # what is measured is not the disk
    shards = reader(corpus.audio)
    return lambda: sum(int(shards.read_pcm16(place).max()) for place in places)


def _copies_found(corpus: Corpus, *, search: Callable[..., list[tuple[int, int]]]) -> Work:
    prints = list(corpus.pictures())
    durations_s = [clip.audio.duration_s for clip in corpus.clips() if clip.audio]
    return lambda: len(search(prints, durations_s, min_correlation=_CORRELATION))


def _leaks_found(corpus: Corpus, *, search: Callable[..., Sequence[object]]) -> Work:
    benchmark = load_benchmark(ROOT / "benchmark" / "prompts.en.jsonl")
    prompts = [prompt.text for prompt in benchmark.prompts]
    texts = [clip.recording.text for clip in corpus.clips()]
    for index in range(0, len(texts), _EVERY):
        texts[index] += f" {prompts[index % len(prompts)]}"
    search(texts[:1], prompts, language="en", minimum=_OVERLAP)  # opens the front end
    return lambda: len(search(texts, prompts, language="en", minimum=_OVERLAP))


def _normalised(corpus: Corpus, *, open_spelling: Callable[[], Callable[[str], str]]) -> Work:
    texts = [clip.recording.text for clip in corpus.clips()]
    spell = open_spelling()
    spell("a word")  # opens the front end
    return lambda: sum(len(spell(text)) for text in texts)


def _judged(corpus: Corpus) -> list[Dossier]:
    """Fill dossiers as listening does."""
    dossiers = open_dossiers(corpus.clips())
    for number, dossier in enumerate(dossiers):
        text = dossier.train_text
        dossier.signal = Signal(
            snr_db=40.0,
            bandwidth_hz=7_000.0,
            leading_silence_s=0.1,
            trailing_silence_s=0.1,
            tonal_fraction=0.1,
            flatness=0.001,
            loud_db=-20.0,
            hum_hz=None,
        )
        dossier.transcript = Transcript(
            text=f"{text} {number}",
            language="en",
            language_probability=0.99,
            mean_log_probability=-0.2,
            no_speech_probability=0.01,
        )
        dossier.rates = ErrorRates(cer=0.0, wer=0.0, edge_cer=0.0, word_errors=0, words=9)
        dossier.alignment_log_probability, dossier.speech_rate = -0.2, 15.0
        dossier.speaker_cosine = 0.9
        if number % _EVERY == 0:
            dossier.find("high_cer", expected="CER <= 0.30", arrived=f"{number / 1000:.2f}")
    return dossiers


def _closed(corpus: Corpus) -> Work:
    dossiers = _judged(corpus)

    def work() -> int:
        write_validated(corpus.folder, close_dossiers(dossiers, expected_rows=len(dossiers)))
        write_quarantine(corpus.folder / "quarantine.csv", dossiers)
        return int(report(dossiers)["quarantined"])

    return work


def _expected(corpus: Corpus, *, whole: bool) -> Work:
    dossiers = _judged(corpus)
    clips = close_dossiers(dossiers, expected_rows=len(dossiers))
    usable = np.array([clip.usable for clip in clips], dtype=bool)
    params = load_params(ROOT / "params.yaml")
    suites = build_suites(params.validate_, expected_rows=len(clips))
    run = build_suite_runner()
    run([], {}, corpus.folder / "data_docs")  # the library takes seconds to import

    def work() -> int:
        columns = None if whole else suite_columns(suites)
        frame = validated_table(clips, columns).to_pandas()
        frames: dict[Rows, Any] = {"all": frame, "heard": frame, "usable": frame[usable]}
        results = run(suites, frames, corpus.folder / "data_docs")
        return sum(check.evaluated for result in results for check in result.results)

    return work


def _cut(corpus: Corpus) -> Work:
    """What featurize does with every clip, but for the networks."""
    dossiers = _judged(corpus)
    write_validated(corpus.folder, close_dossiers(dossiers, expected_rows=len(dossiers)))
    del dossiers

    def work() -> int:
        accepted = read_accepted_clips(corpus.folder, corpus.folder)
        with ShardWriter(corpus.folder / "cut") as shards:
            for clip in accepted.clips:
                shards.add(accepted.read_pcm16(clip))
        return len(accepted.clips)

    return work


PARTS: Mapping[str, Part] = {
    "ingest: survey": Part(now=_surveyed),
    "ingest: write the table": Part(
        now=partial(_table_written, at_once=False), before=partial(_table_written, at_once=True)
    ),
    "validate: read the table": Part(now=_table_read),
    "validate: read all audio": Part(
        now=partial(_shards_read, reader=ShardReader),
        before=partial(_shards_read, reader=MappedShards),
    ),
    "validate: near copies": Part(
        now=partial(_copies_found, search=near_audio),
        before=partial(_copies_found, search=pairs_each_with_each),
        before_up_to=32_000,
    ),
    "validate: leakage": Part(
        now=partial(_leaks_found, search=find_leaks),
        before=partial(_leaks_found, search=leaks_each_with_each),
    ),
    "validate: normalise": Part(
        now=partial(_normalised, open_spelling=text_normaliser),
        before=partial(_normalised, open_spelling=spelling_read_twice),
    ),
    "validate: expectations": Part(
        now=partial(_expected, whole=False), before=partial(_expected, whole=True)
    ),
    "validate: write the tables": Part(now=_closed),
    "featurize: read, cut": Part(now=_cut),
}
