"""What is played is what was measured, from here or from the registry."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from tasks.release import report_audio
from tasks.release.report_audio import Stored, collect_clips, collect_prompts, reference_clip
from tasks.release.report_pieces import Pieces
from tests.fakes.evaluation_workspace import EvaluationWorkspace
from tests.fakes.evidence import make_thresholds
from tests.fakes.listening_site import add_voice, create_listening_site, make_tone
from tests.fakes.memory import memory_folder
from tests.fakes.release_site import ReleaseSite
from voxgate.errors import EvidenceChangedError, EvidenceMissingError
from voxgate.evaluation.evidence import Evidence, read_evidence
from voxgate.evaluation.records import recording_path
from voxgate.files import digest_bytes, digest_file, write_json
from voxgate.gate.bundle import Bundle
from voxgate.gate.verdict import Case
from voxgate.params import load_params
from voxgate.stage import Workspace


@pytest.fixture(scope="module")
def site(mlflow_uri: str) -> Iterator[ReleaseSite]:
    with memory_folder() as folder:
        site = create_listening_site(folder / "checkout", mlflow_uri)
        add_voice(site, 1)
        add_voice(site, 2)
        yield site


def _evidence(site: ReleaseSite, version: int) -> Evidence:
    desk = site.desk
    evidence = read_evidence(desk.stored_evidence(desk.ledger.read(desk.model).require(version)))
    return replace(evidence, benchmark={**evidence.benchmark, "language": "en"})


def _bundle(site: ReleaseSite, champion: Evidence | None = None) -> Bundle:
    rivals = {"champion": champion or _evidence(site, 1)}
    case = Case(challenger=_evidence(site, 2), thresholds=make_thresholds(), rivals=rivals)
    return Bundle(case=case, digest="d" * 64)


def _stored(site: ReleaseSite) -> dict[str, Stored]:
    desk = site.desk
    book = desk.ledger.read(desk.model)
    return {
        who: Stored(
            workspace=desk.workspace, registry=desk.connect(), release=book.require(version)
        )
        for who, version in (("challenger", 2), ("champion", 1))
    }


def _samples(flac: bytes | None) -> bytes:
    assert flac is not None
    pcm, rate_hz = soundfile.read(io.BytesIO(flac), dtype="int16")
    assert rate_hz == 16_000
    return bytes(pcm.tobytes())


def test_both_voices_are_played_as_they_were_measured(site: ReleaseSite) -> None:
    bundle = _bundle(site)
    clips = collect_clips(bundle, _stored(site), Pieces())
    rows = {row.item: row for row in bundle.case.challenger.rows}
    played = {key: clip for key, clip in clips.items() if key[0] == "challenger"}
    assert len(played) == 6
    for (_, prompt, seed), clip in played.items():
        assert digest_bytes(_samples(clip.audio)) == rows[prompt, seed].audio_sha256
        assert clip.words == ("heard", "two")
        beside = clips["champion", prompt, seed]
        assert _samples(beside.audio) == make_tone(100.0 + 10 * int(prompt[1:]) + seed).tobytes()


def test_a_voice_that_spoke_again_is_not_played_by_its_old_recordings(site: ReleaseSite) -> None:
    old = _evidence(site, 1)
    again = replace(old, rows=tuple(replace(row, audio_sha256="0" * 64) for row in old.rows))
    clips = collect_clips(_bundle(site, again), _stored(site), Pieces())
    said = {clip.missing for key, clip in clips.items() if key[0] == "champion"}
    assert {m for m in said if m and "not the one that was measured for this verdict" in m} == said


def test_without_a_registry_each_recording_is_said_to_be_absent(site: ReleaseSite) -> None:
    here = {who: Stored(workspace=Workspace(site.root)) for who in ("challenger", "champion")}
    clips = collect_clips(_bundle(site), here, Pieces())
    assert {clip.missing for clip in clips.values()} == {"the recording was not kept"}


def test_what_was_spoken_for_a_later_look_is_played_from_where_it_was_kept(
    site: ReleaseSite, tmp_path: Path
) -> None:
    workspace, evidence = Workspace(tmp_path), _evidence(site, 1)
    row = evidence.rows[1]
    pcm = make_tone(100.0 + 10 * int(row.prompt_id[1:]) + row.seed_index)
    path = recording_path(workspace.recordings_dir, str(row.audio_sha256))
    path.parent.mkdir(parents=True)
    soundfile.write(path, pcm, 16_000, format="FLAC", subtype="PCM_16")
    fetch = Stored(workspace=workspace).opener(evidence)
    assert fetch(row).tobytes() == pcm.tobytes()
    soundfile.write(path, pcm[::-1], 16_000, format="FLAC", subtype="PCM_16")
    with pytest.raises(EvidenceMissingError):
        fetch(row)
    with pytest.raises(EvidenceMissingError):
        fetch(replace(row, audio_sha256=f"../{path.stem}"))


def test_a_page_that_would_grow_too_large_says_what_it_leaves_out(
    site: ReleaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_audio, "MAX_AUDIO_BYTES", 20_000)
    clips = collect_clips(_bundle(site), _stored(site), Pieces())
    kept = [clip for clip in clips.values() if clip.audio]
    left = [clip for clip in clips.values() if clip.audio is None]
    assert 0 < sum(len(clip.audio or b"") for clip in kept) <= 20_000
    assert {clip.missing for clip in left} == {"left out, so that this file stays below 15 MB"}


def test_prompts_are_those_of_the_verdict_or_none(site: ReleaseSite) -> None:
    params, bundle = load_params(site.root / "params.yaml"), _bundle(site)
    prompts = collect_prompts(Workspace(site.root), params, bundle)
    assert len(prompts) == 6
    assert prompts["p003"].words[:3] == ("this", "is", "what")
    other = replace(bundle.case.challenger, benchmark={"digest": "0" * 64, "language": "en"})
    strange = Bundle(case=replace(bundle.case, challenger=other), digest="d" * 64)
    with pytest.raises(EvidenceChangedError, match="the verdict is about 000000000000"):
        collect_prompts(Workspace(site.root), params, strange)


def test_the_reference_is_of_the_data_that_the_voice_was_trained_on(
    site: ReleaseSite, tmp_path: Path
) -> None:
    workspace = EvaluationWorkspace(tmp_path).workspace
    folder = workspace.stage_dir("featurize")
    write_json(folder / "reference.json", {"clip_id": digest_bytes(b"0")[:16]})
    bundle = _bundle(site)
    with pytest.raises(EvidenceMissingError, match="of other data than this voice"):
        reference_clip(workspace, bundle)
    data = {"clips_sha256": digest_file(folder / "clips.parquet")}
    case = replace(bundle.case, challenger=replace(bundle.case.challenger, data=data))
    clip = reference_clip(workspace, Bundle(case=case, digest="d" * 64))
    assert len(_samples(clip.audio)) == 2 * 40_000
