"""`voxgate corpus import`, `account` and `where`, as an owner of raw recordings calls them."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from flows.cli import corpus as cli_corpus
from tasks.corpus import import_recordings
from tests.fakes.recordings import make_tone, write_audio
from tests.fakes.spools import spool_here
from tests.fakes.tone_talk import hush, say, tone_cutter
from voxgate.corpus.manifest import read_manifest
from voxgate.errors import ConsentError, CorpusError, TextError
from voxgate.wiring import corpus_import

PARAMS_FILE = Path(__file__).parents[3] / "params.yaml"
CONSENT = ["--scope", "internal", "--statement", "signed", "--source", "studio"]
CONSENT += ["--licence", "contract", "--attribution", "Anna"]


def call(*arguments, status=0):
    result = CliRunner().invoke(cli_corpus.app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.stdout


@pytest.fixture
def root(tmp_path):
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    shutil.copy(PARAMS_FILE, checkout)
    return checkout


@pytest.fixture(autouse=True)
def _tones(monkeypatch):
    monkeypatch.setattr(import_recordings, "spool_recording", spool_here)
    monkeypatch.setattr(
        corpus_import,
        "open_cutter",
        lambda checkout, _language, _executor: tone_cutter(
            checkout.workspace.cache_dir, checkout.params
        ),
    )


@pytest.fixture
def podcast(tmp_path):
    talk = [hush(1), say("one two three four five six"), hush(2), say("yes no", "ben"), hush(1)]
    write_audio(tmp_path / "podcast" / "talk.wav", np.concatenate(talk))
    return tmp_path / "podcast"


def run(root, *arguments, status=0):
    return call("import", *arguments, "--speaker", "anna", "--root", root, *CONSENT, status=status)


def test_one_command_makes_data_of_a_recording(root, podcast):
    said = run(root, podcast)
    assert "talk.wav: imported as talk-" in said
    assert "voxgate data commit" in said
    (recording,) = read_manifest(root / "data/manifest.csv")
    assert recording.text == "one two three four five six"


def test_the_table_says_where_each_second_went(root, podcast):
    run(root, podcast)
    said = call("account", "--root", root)
    for name in ("in", "kept", "other speakers", "silence"):
        assert f"\n  {name} " in said
    page = root / "account.html"
    table = json.loads(call("account", "--page", page, "--root", root, "--json"))["together"]
    assert "talk.wav" in page.read_text()
    assert sum(entry["seconds"] for entry in table["entries"]) == table["seconds"]


def test_a_clip_leads_back_to_file_and_second(root, podcast):
    run(root, podcast)
    clip = next(r for r in read_manifest(root / "data/manifest.csv") if r.speaker_id == "anna")
    assert "talk.wav from 0:00:00.85 to 0:00:03." in call(
        "where", clip.recording_id, "--root", root
    )
    found = json.loads(call("where", f"data/{clip.path}", "--root", root, "--json"))
    assert (found["file"], found["start_s"], found["text"]) == ("talk.wav", 0.85, clip.text)


def test_a_bad_file_is_a_row_and_the_status_says_so(root, podcast):
    (podcast / "broken.mp3").write_bytes(b"no sound" * 99)
    write_audio(podcast / "phone.wav", make_tone(rate=8_000), 8_000)
    said = json.loads(run(root, podcast, "--json", status=1))
    assert [(row["outcome"], row["code"]) for row in said["recordings"]] == [
        ("refused", "wrong_format"),
        ("refused", "sample_rate_too_low"),
        ("imported", None),
    ]
    assert said["refused"] == 2
    assert "phone.wav: refused (sample_rate_too_low)" in run(root, podcast, status=1)


def test_doubts_are_counted_with_what_to_do(root, podcast, monkeypatch):
    monkeypatch.setattr(
        corpus_import,
        "open_cutter",
        lambda checkout, _language, _executor: tone_cutter(
            checkout.workspace.cache_dir, checkout.params, aligner=None
        ),
    )
    said = run(root, podcast)
    assert "one_aligner" in said
    assert "import with --one-aligner" in said
    assert "voxgate corpus review" in said
    assert "doubtful" not in run(root, podcast, "--one-aligner")


def test_nothing_is_imported_without_consent(root, podcast):
    with pytest.raises(ConsentError, match="no consent record"):
        call("import", podcast, "--speaker", "anna", "--root", root)


def test_a_language_that_nothing_hears_is_refused(root, podcast):
    with pytest.raises(TextError, match="expected the ISO 639 code of a language"):
        run(root, podcast, "--language", "Klingon")


def test_a_language_without_front_end_is_said(root, podcast):
    assert "language 'es' has no text front end" in run(root, podcast, "--language", "es")


def test_without_imports_there_is_no_table(root):
    with pytest.raises(CorpusError, match="voxgate corpus import"):
        call("account", "--root", root)
