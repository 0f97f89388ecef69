"""The layout of the project's corpus."""

import pytest

from voxgate.adapters.dvc.tree import read_tree
from voxgate.corpus.asterisk import lay_out_asterisk
from voxgate.corpus.consent import ConsentScope, load_consents
from voxgate.corpus.manifest import read_manifest
from voxgate.errors import CorpusError

TRANSCRIPTS = """; comment

hello: Hello there: you.
beep: [a beep]
silence/1: (1 second of silence)
join: <beep ascending>
letters/at: at [@]
gone: Not recorded.
"""


@pytest.fixture
def sounds(tmp_path):
    for name in ("hello", "beep", "silence/1", "join", "letters/at", "unknown"):
        path = tmp_path / "sounds" / f"{name}.g722"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path / "sounds"


def test_every_file_comes_along_and_sounds_have_no_text(sounds, tmp_path):
    report = lay_out_asterisk(sounds, TRANSCRIPTS, tmp_path / "data")
    texts = {r.recording_id: r.text for r in read_manifest(tmp_path / "data/manifest.csv")}
    assert texts == {
        "asterisk-en/hello": "Hello there: you.",
        "asterisk-en/beep": "",
        "asterisk-en/silence/1": "",
        "asterisk-en/join": "",
        "asterisk-en/letters/at": "at [@]",
        "asterisk-en/unknown": "",
    }
    assert (report.recordings, report.with_text) == (6, 2)
    assert report.text_without_audio == ("gone",)
    audio = tmp_path / "data/audio/asterisk-en/silence/1.g722"
    assert audio.read_bytes() == b"silence/1"


def test_the_consent_record_grants_evaluation_only(sounds, tmp_path):
    lay_out_asterisk(sounds, TRANSCRIPTS, tmp_path / "data")
    consent = load_consents(tmp_path / "data/consent.yaml")["asterisk-en"]
    assert consent.scope is ConsentScope.EVALUATION
    assert consent.licence == "CC-BY-SA-3.0"
    assert "no rights in the speaker's voice" in consent.statement


def test_the_layout_is_the_same_each_time(sounds, tmp_path):
    for name in ("one", "two"):
        lay_out_asterisk(sounds, TRANSCRIPTS, tmp_path / name)
    assert read_tree(tmp_path / "one").digest == read_tree(tmp_path / "two").digest


def test_broken_lines_of_the_transcripts_are_all_named(sounds, tmp_path):
    with pytest.raises(CorpusError, match=r"line 2: no colon; line 3: a second a"):
        lay_out_asterisk(sounds, "a: x\nbroken\na: y\n", tmp_path / "data")


def test_a_folder_without_recordings_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="found none"):
        lay_out_asterisk(tmp_path / "absent", "", tmp_path / "data")
