"""The stage: every line of the manifest becomes one row, and a bad corpus a refusal."""

import os
import resource
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from tasks.stages.ingest import ingest
from tests.fakes.dvc_checkout import git
from tests.fakes.preparing import Dying, Elsewhere
from tests.fakes.recordings import (
    CONSENT,
    INGEST_PARAMS,
    list_recording,
    make_tone,
    write_audio,
    write_consents,
    write_data,
    write_data_dvc,
)
from voxgate.adapters.executors.processes import ProcessExecutor
from voxgate.audio.shards import ShardReader
from voxgate.corpus.ingested_clips import INGESTED_SCHEMA, read_ingested
from voxgate.corpus.manifest import Recording
from voxgate.errors import DataVersionError, StageError, StorageError
from voxgate.files import read_json
from voxgate.params import load_params
from voxgate.stage import Workspace, read_outcome

REPOSITORY = Path(__file__).parents[3]
PARAMS = load_params(REPOSITORY / "params.yaml").model_copy(update={"ingest": INGEST_PARAMS})


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory):
    """Files with everything that may be wrong with a recording, to be copied."""
    root = tmp_path_factory.mktemp("spoiled")
    audio = root / "data" / "audio" / "tone"
    write_audio(audio / "good.flac", make_tone(1.0))
    write_audio(audio / "stereo.wav", np.stack([make_tone(1.0, 44_100)] * 2, axis=1), 44_100)
    write_audio(audio / "radio.g722", make_tone(1.0))
    write_audio(audio / "no-text.mp3", make_tone(1.0))
    write_audio(audio / "telephone.wav", make_tone(1.0, 8_000), 8_000)
    write_audio(audio / "long.wav", make_tone(20.0))
    write_audio(audio / "holes.wav", np.full(800, np.nan, dtype=np.float32), subtype="FLOAT")
    write_audio(audio / "no-samples.wav", np.zeros(0, dtype=np.float32))
    write_audio(audio / "renamed.flac", make_tone(1.0)).rename(audio / "renamed.wav")
    (audio / "zero.ogg").touch()
    (audio / "letter.wav").write_text("Dear listener, this is a letter.\n" * 9)
    write_audio(root / "outside.wav", make_tone())
    return root


@pytest.fixture
def workspace(spoiled, tmp_path):
    """A corpus of those files, and of lines that may be wrong by themselves."""
    shutil.copytree(spoiled, tmp_path, dirs_exist_ok=True)
    git(tmp_path, "init", "--quiet")
    link = tmp_path / "data" / "audio" / "tone" / "link.wav"
    link.symlink_to(tmp_path / "outside.wav")
    suffixes = {"good": ".flac", "radio": ".g722", "no-text": ".mp3", "zero": ".ogg"}
    names = "good stereo radio no-text telephone long holes no-samples renamed zero letter link"
    recordings = [
        list_recording(name, suffix=suffixes.get(name, ".wav"), text="" if "no-" in name else "A.")
        for name in [*names.split(), "absent"]
    ]
    recordings += [
        Recording("tone/climbs", "../outside.wav", "tone", "en", "A."),
        Recording("tone/absolute", str(tmp_path / "outside.wav"), "tone", "en", "A."),
        Recording("stranger/good", "audio/tone/good.flac", "stranger", "en", "A."),
    ]
    write_data(tmp_path, recordings, speakers=["tone"])
    return Workspace(tmp_path)


def rows_of(workspace):
    table = pq.read_table(workspace.stage_dir("ingest") / "clips.parquet")
    assert table.schema.equals(INGESTED_SCHEMA)
    return {row["recording_id"]: row for row in table.to_pylist()}


def files_of(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_every_recording_is_a_row_with_audio_or_a_fault(workspace):
    outcome = ingest(workspace, PARAMS)
    rows = rows_of(workspace)
    assert outcome.accepted
    assert {name: row["fault_code"] for name, row in rows.items()} == {
        "stranger/good": "consent_missing",
        "tone/absent": "missing_file",
        "tone/absolute": "unsafe_path",
        "tone/climbs": "unsafe_path",
        "tone/good": None,
        "tone/holes": "not_finite",
        "tone/letter": "wrong_format",
        "tone/link": "unsafe_path",
        "tone/long": "too_long",
        "tone/no-samples": "empty_audio",
        "tone/no-text": None,
        "tone/radio": None,
        "tone/renamed": None,
        "tone/stereo": None,
        "tone/telephone": "sample_rate_too_low",
        "tone/zero": "empty_audio",
    }
    assert list(rows) == sorted(rows)
    assert rows["tone/renamed"]["actions"][0] == "extension_mismatch:flac"
    for row in rows.values():
        assert (row["fault_code"] is None) == (row["fault_message"] is None)
        assert (row["n_samples"] is None) == (row["fault_code"] is not None)


def test_a_language_that_no_stage_reads_is_refused_at_once(tmp_path):
    git(tmp_path, "init", "--quiet")
    recordings = [
        Recording("tone/a", "audio/tone/a.wav", "tone", "es", "Hola."),
        Recording("tone/b", "audio/tone/b.wav", "tone", "en", "Hello."),
    ]
    write_data(tmp_path, recordings, speakers=["tone"])
    outcome = ingest(Workspace(tmp_path), PARAMS)
    assert not outcome.accepted
    assert [reason.code for reason in outcome.reasons] == ["language_unsupported"]
    assert "1 recordings of manifest.csv: language 'es'" in outcome.reasons[0].message
    assert "there are: en" in outcome.reasons[0].message


def test_the_audio_lies_where_the_table_says(workspace):
    ingest(workspace, PARAMS)
    folder = workspace.stage_dir("ingest")
    clips = {clip.recording.recording_id: clip for clip in read_ingested(folder)}
    audio = clips["tone/stereo"].audio
    wave = ShardReader(folder / "audio").read(audio.place)
    assert audio.duration_s == len(wave) / audio.sample_rate_hz == 1.0
    assert audio.actions == ("downmixed", "resampled", "gained")
    assert np.argmax(np.abs(np.fft.rfft(wave))) == 440


def test_the_summary_counts_what_was_found(workspace):
    ingest(workspace, PARAMS)
    summary = read_json(workspace.stage_dir("ingest") / "summary.json")
    assert (summary["recordings"], summary["prepared"]) == (16, 5)
    assert summary["without_text"] == 2
    assert summary["faults"]["unsafe_path"] == 3
    assert summary["speakers"]["tone"]["consent_scope"] == "internal"
    assert summary["speakers"]["stranger"]["consent_scope"] is None


def test_a_changed_lexicon_changes_what_the_later_stages_depend_on(workspace):
    """DVC runs featurize again only where build/ingest or params.yaml differ."""
    summaries = []
    for line in ("", "zyrtec\tZ ER1 T EH0 K\n", "zyrtec\tZ IH1 R T EH0 K\n"):
        lexicon = workspace.data_dir / "lexicon.en.txt"
        lexicon.write_text(line) if line else lexicon.unlink(missing_ok=True)
        write_data_dvc(workspace.root)
        git(workspace.root, "add", "data.dvc")
        git(workspace.root, "commit", "--quiet", "-m", "data")
        ingest(workspace, PARAMS)
        summaries.append(read_json(workspace.stage_dir("ingest") / "summary.json"))
    before, *after = (summary.pop("other_files") for summary in summaries)
    assert before == {}
    assert [list(found) for found in after] == [["lexicon.en.txt"]] * 2
    assert after[0] != after[1]
    assert summaries[0] == summaries[1] == summaries[2]


def test_two_runs_give_the_same_bytes_with_and_without_the_cache(workspace):
    ingest(workspace, PARAMS)
    first = files_of(workspace.stage_dir("ingest"))
    ingest(workspace, PARAMS)
    assert files_of(workspace.stage_dir("ingest")) == first
    shutil.rmtree(workspace.cache_dir)
    ingest(workspace, PARAMS)
    assert files_of(workspace.stage_dir("ingest")) == first


@pytest.mark.slow
def test_workers_leave_the_same_bytes_and_so_does_one_that_was_killed(
    workspace, tmp_path, monkeypatch
):
    ingest(workspace, PARAMS)
    first = files_of(workspace.stage_dir("ingest"))
    for at in ("audio/tone/stereo.wav", "audio/tone/letter.wav"):
        shutil.rmtree(workspace.cache_dir)
        killed = tmp_path / f"killed-at-{Path(at).stem}"
        dying = partial(Dying, at=at, once=killed)
        monkeypatch.setattr("tasks.stages.ingest.PreparingRecordings", dying)
        with ProcessExecutor(2) as executor:
            ingest(workspace, PARAMS, executor=executor)
        assert killed.exists()
        assert files_of(workspace.stage_dir("ingest")) == first


def test_a_worker_that_does_not_see_a_recording_stops_the_stage(workspace, tmp_path, monkeypatch):
    ingest(workspace, PARAMS)
    first = files_of(workspace.stage_dir("ingest"))
    elsewhere = partial(Elsewhere, seen=tmp_path / "not-mounted")
    monkeypatch.setattr("tasks.stages.ingest.PreparingRecordings", elsewhere)
    with pytest.raises(StageError, match="VOXGATE_EXECUTOR=processes"):
        ingest(workspace, PARAMS)
    assert files_of(workspace.stage_dir("ingest")) == first


def test_nothing_written_names_this_machine(workspace):
    ingest(workspace, PARAMS)
    folder = str(workspace.root).encode()
    table = rows_of(workspace)
    absolute = table.pop("tone/absolute")
    assert absolute["source_path"].startswith(str(workspace.root))  # as the manifest has it
    assert not any(folder.decode() in str(row) for row in table.values())
    for path, content in files_of(workspace.stage_dir("ingest")).items():
        assert path.suffix == ".parquet" or folder not in content


def test_a_file_that_no_line_names_is_a_warning(workspace):
    write_audio(workspace.data_dir / "audio" / "tone" / "forgotten.wav", make_tone())
    write_data_dvc(workspace.root)
    outcome = ingest(workspace, PARAMS)
    assert outcome.accepted
    assert outcome.reasons[0].code == "unlisted_files"
    assert "audio/tone/forgotten.wav" in outcome.reasons[0].message


def refused_with(workspace, code):
    write_data_dvc(workspace.root)
    outcome = ingest(workspace, PARAMS)
    assert not outcome.accepted
    assert [reason.code for reason in outcome.reasons] == [code]
    folder = workspace.stage_dir("ingest")
    assert read_outcome(folder) == outcome
    assert (folder / "audio" / "shard-000.npy").is_file()  # DVC asks for every output
    return outcome.reasons[0].message


def test_a_broken_manifest_is_refused_with_every_fault(workspace):
    manifest = workspace.data_dir / "manifest.csv"
    lines = manifest.read_text().splitlines()
    manifest.write_text("\n".join([*lines, "a,b", 'x,"y', lines[1]]))
    message = refused_with(workspace, "manifest_broken")
    assert "3 faults" in message
    for number in (18, 19, 20):
        assert f"line {number}:" in message


def test_a_missing_manifest_or_consent_is_refused(workspace):
    (workspace.data_dir / "consent.yaml").unlink()
    assert "consent.yaml is missing" in refused_with(workspace, "consent_broken")
    write_consents(workspace.data_dir, {"tone": CONSENT})
    (workspace.data_dir / "manifest.csv").unlink()
    assert "manifest.csv is missing" in refused_with(workspace, "manifest_broken")


def test_an_empty_corpus_is_refused(workspace):
    write_data(workspace.root, [], speakers=[])
    assert "no recording" in refused_with(workspace, "corpus_empty")


def test_a_corpus_without_one_usable_recording_is_refused(workspace):
    shutil.rmtree(workspace.data_dir / "audio")
    write_data(workspace.root, [list_recording("absent")], speakers=["tone"])
    assert "missing_file: 1" in refused_with(workspace, "nothing_prepared")


def test_a_refusal_replaces_an_earlier_acceptance(workspace):
    ingest(workspace, PARAMS)
    write_data(workspace.root, [], speakers=[])
    refused_with(workspace, "corpus_empty")


def test_unregistered_data_are_not_ingested(workspace):
    (workspace.data_dir / "manifest.csv").write_text("changed")
    with pytest.raises(DataVersionError, match="not the registered version"):
        ingest(workspace, PARAMS)
    assert not workspace.stage_dir("ingest").exists()


_RUN_WITH_A_LIMIT = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
from tests.tasks.stages.test_ingest import PARAMS
from tasks.stages.ingest import ingest
from voxgate.errors import StorageError
from voxgate.stage import Workspace
try:
    ingest(Workspace(Path(sys.argv[1])), PARAMS)
except StorageError as error:
    sys.exit(f"StorageError: {error}")
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs a file size limit")
@pytest.mark.parametrize("cached", [False, True])
def test_a_full_disk_leaves_the_earlier_outputs_and_nothing_else(workspace, cached):
    ingest(workspace, PARAMS)
    first = files_of(workspace.stage_dir("ingest"))
    if not cached:
        shutil.rmtree(workspace.cache_dir)
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-B", "-c", _RUN_WITH_A_LIMIT, str(workspace.root)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, cwd=workspace.root
    )
    assert "StorageError: cannot write" in done.stderr
    assert done.returncode == 1
    assert files_of(workspace.stage_dir("ingest")) == first
    assert list((workspace.root / "build").glob(".*")) == []
    assert list(workspace.cache_dir.rglob("*.tmp")) == []


def test_a_writer_that_fails_halfway_leaves_the_earlier_outputs(workspace, monkeypatch):
    ingest(workspace, PARAMS)
    first = files_of(workspace.stage_dir("ingest"))

    def fail(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", fail)
    with pytest.raises(StorageError, match="No space left"):
        ingest(workspace, PARAMS)
    assert files_of(workspace.stage_dir("ingest")) == first
