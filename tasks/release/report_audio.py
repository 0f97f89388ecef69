"""The recordings of a report: exactly the samples that were measured, or why they are not there."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from tasks.release.report_pieces import Pieces
from voxgate.audio.shards import ShardReader, to_pcm16
from voxgate.errors import EvidenceChangedError, EvidenceMissingError, VoxgateError
from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.evaluation.records import audio_name, recording_path
from voxgate.features.featurised_clips import read_cut_clips
from voxgate.files import digest_bytes, digest_file, read_json
from voxgate.gate.bundle import Bundle
from voxgate.params import Params
from voxgate.release.listening.recordings import Recordings
from voxgate.release.ports.registry import Registry
from voxgate.release.records import Release
from voxgate.reporting.choice import choose_samples
from voxgate.reporting.document import Clip, ClipKey, PromptText
from voxgate.stage import Workspace
from voxgate.types import HEARING_RATE_HZ

__all__ = ["MAX_AUDIO_BYTES", "Stored", "collect_clips", "collect_prompts", "reference_clip"]

MAX_AUDIO_BYTES = 10 << 20
"""In a page they take a third more; a page of 15 MB still goes by mail."""

Pcm = NDArray[np.int16]


@dataclass(frozen=True, kw_only=True)
class Stored:
    """Where samples of one voice may lie: the last evaluation here, later looks, the registry."""

    workspace: Workspace
    registry: Registry | None = None
    release: Release | None = None

    def opener(self, evidence: Evidence) -> Callable[[ItemScore], Pcm]:
        """Return what fetches a measured sample.

        The returned function raises EvidenceMissingError and EvidenceChangedError where the
        recording is not there, or is not the one that was measured.
        """
        stored, kept = self._recordings(evidence)

        def open_sample(row: ItemScore) -> Pcm:
            name = audio_name(*row.item)
            for path in self._places(row):
                pcm = _decoded(path) if path.is_file() else None
                if pcm is not None and digest_bytes(pcm.tobytes()) == row.audio_sha256:
                    return pcm
            if stored is None or name not in kept:
                raise EvidenceMissingError("the recording was not kept")
            try:
                return stored.fetch(*row.item)
            except EvidenceChangedError:
                raise EvidenceChangedError(
                    "the stored recording is not the one that was measured for this verdict: the "
                    "voice spoke again in today's frame, or the file was altered"
                ) from None

        return open_sample

    def _places(self, row: ItemScore) -> Iterator[Path]:
        yield self.workspace.stage_dir("evaluate") / "audio" / audio_name(*row.item)
        if re.fullmatch("[0-9a-f]{64}", str(row.audio_sha256)):  # anybody may have written it
            yield recording_path(self.workspace.recordings_dir, str(row.audio_sha256))

    def _recordings(self, evidence: Evidence) -> tuple[Recordings | None, set[str]]:
        release, registry = self.release, self.registry
        if registry is None or release is None or release.parent_run_id is None:
            return None, set()
        run_id = registry.find_nested_run(release.parent_run_id, "evaluate")
        if run_id is None:
            return None, set()
        recordings = Recordings(
            version=release.version,
            rows={row.item: row for row in evidence.rows if row.fault is None},
            registry=registry,
            run_id=run_id,
            folder=self.workspace.cache_dir / "listening" / release.origin.evidence_digest[:16],
        )
        return recordings, registry.list_files(run_id, "audio")


def collect_prompts(workspace: Workspace, params: Params, bundle: Bundle) -> dict[str, PromptText]:
    """Return the prompts of the bundle with their words as the judge compares them.

    Raises:
        ConfigError: the benchmark is broken.
        EvidenceChangedError: the bundle is about another benchmark.
        TextError: nothing here compares words of its language.
    """
    benchmark = load_benchmark(workspace.benchmark_dir / params.evaluate.prompt_file)
    wanted = bundle.case.challenger.benchmark.get("digest")
    if benchmark.digest != wanted:
        raise EvidenceChangedError(
            f"this checkout has benchmark {benchmark.digest[:12]}, the verdict is about "
            f"{str(wanted)[:12]}"
        )
    spell = _spelling(bundle)
    return {
        prompt.id: PromptText(text=prompt.text, words=tuple(spell(prompt.text).split()))
        for prompt in benchmark.of_split("gate")
    }


def collect_clips(
    bundle: Bundle, stored: Mapping[str, Stored], pieces: Pieces
) -> dict[ClipKey, Clip]:
    """Return the chosen samples of the challenger, and the champion's (without one: gold's)."""
    choice = choose_samples(bundle.case.challenger, bundle.digest)
    rows = (*choice.worst, *choice.random)
    beside = "champion" if "champion" in bundle.case.rivals else "gold"
    spell = pieces.get("words as they are compared", lambda: _spelling(bundle))
    clips: dict[ClipKey, Clip] = {}
    left = MAX_AUDIO_BYTES
    voices = {"challenger": bundle.case.challenger, **bundle.case.rivals}
    for subject in ("challenger", beside):
        if subject not in voices:
            continue
        source = stored[subject]
        measured = {row.item: row for row in voices[subject].rows}
        fetch = pieces.get(
            f"recordings of the {subject}",
            lambda s=source, e=voices[subject]: s.opener(e),  # type: ignore[misc]  # bound now
        )
        for row in rows:
            heard = _transcript(measured.get(row.item))
            clip = _clip(measured.get(row.item), fetch)
            size = len(clip.audio or b"")
            if size > left:
                clip = Clip(missing="left out, so that this file stays below 15 MB")
            left -= size if clip.audio else 0
            words = tuple(spell(heard).split()) if spell is not None and heard else ()
            clips[subject, *row.item] = replace(clip, words=words)
    return clips


def reference_clip(workspace: Workspace, bundle: Bundle) -> Clip:
    """Return the clip whose voice every sample should have.

    Raises:
        EvidenceMissingError: build/ has no reference, or one of other data.
    """
    folder = workspace.stage_dir("featurize")
    table, named = folder / "clips.parquet", folder / "reference.json"
    if not table.is_file() or not named.is_file():
        raise EvidenceMissingError("build/featurize is not there; `dvc repro featurize` writes it")
    if digest_file(table) != bundle.case.challenger.data.get("clips_sha256"):
        raise EvidenceMissingError("build/featurize is of other data than this voice")
    wanted = read_json(named)["clip_id"]
    found = next((clip for clip in read_cut_clips(folder) if clip.clip_id == wanted), None)
    if found is None:
        raise EvidenceMissingError(f"build/featurize has no clip {wanted}")
    return Clip(audio=_flac(to_pcm16(ShardReader(folder / "audio").read(found.place))))


def _clip(row: ItemScore | None, fetch: Callable[[ItemScore], Pcm] | None) -> Clip:
    if row is None or row.fault is not None:
        return Clip(missing="this sample could not be measured" if row else "it was not spoken")
    if fetch is None:
        return Clip(missing="the recordings of this voice could not be reached")
    try:
        return Clip(audio=_flac(fetch(row)))
    except VoxgateError as error:
        return Clip(missing=str(error))


def _transcript(row: ItemScore | None) -> str | None:
    found = None if row is None else row.transcript
    return found if isinstance(found, str) else None  # what is not believed may hold anything


def _spelling(bundle: Bundle) -> Callable[[str], str]:
    from voxgate.wiring.evaluators import text_normaliser

    return text_normaliser(str(bundle.case.challenger.benchmark.get("language")))


def _flac(pcm: Pcm) -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, pcm, HEARING_RATE_HZ, format="FLAC", subtype="PCM_16")
    return stream.getvalue()


def _decoded(path: Path) -> Pcm | None:
    try:
        pcm, _ = soundfile.read(path, dtype="int16")
    except soundfile.LibsndfileError:
        return None
    return np.asarray(pcm, dtype=np.int16)
