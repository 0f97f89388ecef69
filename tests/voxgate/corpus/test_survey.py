"""Files that no line names."""

from tests.fakes.imports import an_import, doubtful, kept
from voxgate.corpus.cutting.records import clip_path, import_folder, write_import
from voxgate.corpus.manifest import Recording
from voxgate.corpus.survey import digest_other_files, find_unlisted

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
