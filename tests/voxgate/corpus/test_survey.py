"""Files that no line names."""

from tests.fakes.clips import ingested_clip
from tests.fakes.imports import an_import, doubtful, kept
from tests.fakes.recordings import CONSENT
from voxgate.audio.shards import Place
from voxgate.corpus.cutting.records import clip_path, import_folder, write_import
from voxgate.corpus.ingested_clips import Fault, IngestedClip
from voxgate.corpus.manifest import Recording
from voxgate.corpus.survey import digest_other_files, find_unlisted, survey_clips

IMPORTED = an_import(kept(0, 2), doubtful(2, 4))


def test_clips_of_an_import_are_not_missed_in_the_list(tmp_path):
    write_import(tmp_path / import_folder(IMPORTED.source), IMPORTED)
    for name in (*map(clip_path, IMPORTED.clips), "audio/anna/one.wav", "audio/two.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert find_unlisted([], tmp_path) == ["audio/anna/one.wav", "audio/two.wav"]
    listed = Recording("anna/one", "audio/anna/one.wav", "anna", "en", "")
    assert find_unlisted([listed], tmp_path) == ["audio/two.wav"]


def test_what_reviewers_write_down_lets_no_stage_run_again(tmp_path):
    write_import(tmp_path / import_folder(IMPORTED.source), IMPORTED)
    (tmp_path / "lexicon.txt").write_text("x")
    assert list(digest_other_files([], tmp_path)) == ["lexicon.txt"]


def test_each_speaker_is_counted_alone():
    clips = [
        ingested_clip("a", place=Place(0, 0, 480_000), speaker_id="bob"),
        ingested_clip("b", place=Place(0, 0, 480_000), speaker_id="ann", text=" "),
        ingested_clip("c", place=Place(0, 0, 960_000), speaker_id="bob"),
        IngestedClip(
            clip_id="f" * 16,
            recording=Recording("d", "audio/d.wav", "bob", "en", "words"),
            source_sha256=None,
            audio=None,
            fault=Fault("missing_file", "add the file"),
        ),
    ]
    found = survey_clips(clips, {"ann": CONSENT})
    assert (found["recordings"], found["prepared"], found["minutes"]) == (4, 3, 2.0)
    assert list(found["speakers"]) == ["ann", "bob"]
    assert found["speakers"]["bob"] == {
        "recordings": 3,
        "prepared": 2,
        "minutes": 1.5,
        "consent_scope": None,
    }
    assert found["speakers"]["ann"]["consent_scope"] == CONSENT.scope.value
