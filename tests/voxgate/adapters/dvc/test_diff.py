"""What changed between two versions, in recordings."""

import shutil

import pytest

from tests.fakes.dvc_checkout import copy_checkout, git
from tests.fakes.recordings import list_recording, make_tone, write_audio, write_data
from voxgate.adapters.dvc.data import commit_data, version_at
from voxgate.adapters.dvc.diff import diff_data, diff_versions
from voxgate.errors import DataVersionError


@pytest.fixture
def root(tmp_path):
    root = copy_checkout(tmp_path / "checkout")
    data = root / "data"
    (data / "audio/tone/one.wav").unlink()
    recordings = [list_recording("two", text="Corrected."), list_recording("three")]
    write_audio(data / recordings[1].path, make_tone(hz=700.0))
    write_data(root, recordings, speakers=["tone"])
    return root


EXPECTED = (("tone/three",), ("tone/two",), ("tone/one",))


def test_the_working_data_are_compared_with_head(root):
    git(root, "checkout", "--quiet", "data.dvc")
    diff = diff_data(root)
    assert (diff.added, diff.changed, diff.removed) == EXPECTED
    assert diff.files.changed == ("manifest.csv",)
    assert diff.old_version != diff.new_version


def test_two_revisions_are_compared_without_their_files_in_place(root):
    commit_data(root)
    git(root, "commit", "--quiet", "--all", "--message", "Change")
    shutil.rmtree(root / "data")
    diff = diff_data(root, "HEAD~1", "HEAD")
    assert (diff.added, diff.changed, diff.removed) == EXPECTED
    assert diff_data(root, "HEAD", "HEAD").added == ()


def test_two_versions_are_compared_by_their_digests(root):
    before = version_at(root, "HEAD")
    now = commit_data(root)
    diff = diff_versions(root, before, now)
    assert (diff.added, diff.changed, diff.removed) == EXPECTED
    assert (diff.old_version, diff.new_version) == (before, now)


def test_other_audio_under_the_same_line_is_a_change(root):
    commit_data(root)
    git(root, "commit", "--quiet", "--all", "--message", "Change")
    write_audio(root / "data/audio/tone/two.wav", make_tone(hz=123.0))
    diff = diff_data(root)
    assert (diff.added, diff.changed, diff.removed) == ((), ("tone/two",), ())


def test_a_version_that_is_not_here_says_how_to_get_it(root):
    git(root, "checkout", "--quiet", "data.dvc")
    shutil.rmtree(root / ".dvc/cache")
    with pytest.raises(DataVersionError, match="voxgate data pull"):
        diff_data(root)


def test_no_data_says_how_to_get_them(root):
    shutil.rmtree(root / "data")
    with pytest.raises(DataVersionError, match="voxgate data pull"):
        diff_data(root)
