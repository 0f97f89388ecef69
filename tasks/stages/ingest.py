"""Stage `ingest`: every recording that the manifest names becomes prepared audio or a fault row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

from tqdm import tqdm

from voxgate.audio.shards import ShardWriter
from voxgate.content_cache import ContentCache
from voxgate.corpus.consent import Consent, load_consents
from voxgate.corpus.ingested_clips import IngestedClip, write_ingested
from voxgate.corpus.ingestion import ingest_recordings, preparation_target
from voxgate.corpus.manifest import Recording, read_manifest
from voxgate.corpus.prepared_recordings import PreparingRecordings
from voxgate.corpus.survey import digest_other_files, find_unlisted, survey_clips
from voxgate.errors import ConsentError, ManifestError, TextError
from voxgate.executors import Executor
from voxgate.files import digest_file, publish_directory, write_json
from voxgate.params import Params
from voxgate.settings import load_settings
from voxgate.stage import Outcome, Reason, Workspace
from voxgate.text.languages import require_language
from voxgate.wiring.data import assert_registered
from voxgate.wiring.workers import build_executor

__all__ = ["ingest"]

_SHOWN_FILES = 5


def ingest(workspace: Workspace, params: Params, *, executor: Executor | None = None) -> Outcome:
    """Prepare the corpus, where the settings say if no `executor` is handed in.

    Refuses a corpus that cannot be read as a whole (manifest, consent) or has no usable recording.
    The stage's folder is replaced in one step, at the end.

    Raises:
        DataVersionError: data/ is not the version that data.dvc names.
        StorageError: the disk refused; the folder is as it was.
        StageError: a worker does not see the recordings, or died.
        ConfigError: the settings do not fit, or name an executor that is not there.
    """
    assert_registered(workspace.root)
    with (
        nullcontext(executor) if executor else build_executor(load_settings()) as workers,
        publish_directory(workspace.stage_dir("ingest")) as folder,
    ):
        outcome = _ingest(workspace, params, folder, workers)
        outcome.write(folder)
    return outcome


def _ingest(workspace: Workspace, params: Params, folder: Path, executor: Executor) -> Outcome:
    data_dir = workspace.data_dir
    recordings, consents, refusals = _read_corpus(data_dir)
    work = PreparingRecordings(
        data_dir.absolute(),
        preparation_target(params.ingest),
        ContentCache(workspace.cache_dir.absolute(), "ingest"),
    )
    clips = _prepare(recordings, consents, work, folder, executor)
    write_ingested(folder, clips)
    manifest = data_dir / "manifest.csv"
    summary = survey_clips(clips, consents) | {
        "manifest_sha256": digest_file(manifest) if manifest.is_file() else None,
        "sample_rate_hz": params.ingest.sample_rate_hz,
        "unlisted_files": find_unlisted(recordings, data_dir) if recordings else [],
        "other_files": digest_other_files(recordings, data_dir),
    }
    write_json(folder / "summary.json", summary)
    refusals += _judge(summary) if not refusals else []
    facts = {key: summary[key] for key in ("recordings", "prepared", "faults", "minutes")}
    return Outcome(
        stage="ingest",
        accepted=not refusals,
        reasons=(*refusals, *_warnings(summary)),
        facts=facts,
    )


def _read_corpus(data_dir: Path) -> tuple[list[Recording], dict[str, Consent], list[Reason]]:
    recordings: list[Recording] = []
    consents: dict[str, Consent] = {}
    refusals: list[Reason] = []
    try:
        recordings = read_manifest(data_dir / "manifest.csv")
    except ManifestError as error:
        refusals.append(Reason("manifest_broken", str(error)))
    try:
        consents = load_consents(data_dir / "consent.yaml")
    except ConsentError as error:
        refusals.append(Reason("consent_broken", str(error)))
    refusals += _unread_languages(recordings)
    return ([] if refusals else recordings), consents, refusals


def _unread_languages(recordings: Sequence[Recording]) -> list[Reason]:
    """One reason a language that no later stage can read: now, not after an hour."""
    reasons = []
    for language in sorted({recording.language for recording in recordings}):
        try:
            require_language(language)
        except TextError as error:
            number = sum(recording.language == language for recording in recordings)
            text = f"{number} recordings of manifest.csv: {error}; or remove them"
            reasons.append(Reason("language_unsupported", text))
    return reasons


def _prepare(
    recordings: Sequence[Recording],
    consents: Mapping[str, Consent],
    work: PreparingRecordings,
    folder: Path,
    executor: Executor,
) -> list[IngestedClip]:
    clips = []
    with (
        ShardWriter(folder / "audio") as shards,
        closing(
            ingest_recordings(recordings, work, consents=consents, executor=executor)
        ) as ingested,
    ):
        for clip in tqdm(ingested, desc="ingest", unit="clip", total=len(recordings)):
            place = shards.add(clip.audio.pcm) if clip.audio else None
            clips.append(clip.stored(place))
    return clips


def _judge(summary: Mapping[str, Any]) -> list[Reason]:
    if summary["recordings"] == 0:
        return [Reason("corpus_empty", "manifest.csv lists no recording; add recordings first")]
    if summary["prepared"] == 0:
        faults = ", ".join(f"{code}: {n}" for code, n in summary["faults"].items())
        return [
            Reason(
                "nothing_prepared",
                f"none of {summary['recordings']} recordings can be used ({faults}); "
                "clips.parquet says for each one what to do",
            )
        ]
    return []


def _warnings(summary: Mapping[str, Any]) -> list[Reason]:
    unlisted = summary["unlisted_files"]
    if not unlisted:
        return []
    shown = ", ".join(unlisted[:_SHOWN_FILES]) + (", ..." if len(unlisted) > _SHOWN_FILES else "")
    return [
        Reason(
            "unlisted_files",
            f"{len(unlisted)} files below data/audio are in no line of manifest.csv and were not "
            f"read: {shown}",
        )
    ]
