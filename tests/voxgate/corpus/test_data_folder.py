"""One step from an old data/ to a new one, and consent on the way."""

import pytest

from tests.fakes.recordings import CONSENT, write_consents
from voxgate.corpus.data_folder import merge_consent, recordings_of, rewrite_data
from voxgate.errors import ConsentError, ManifestError


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    (folder / "audio").mkdir(parents=True)
    return folder


def test_a_folder_without_files_is_not_begun(data):
    assert recordings_of(data) == []
    assert merge_consent(data, "anna", CONSENT) == {"anna": CONSENT}


def test_a_folder_with_files_needs_a_manifest(data):
    (data / "audio/one.wav").write_bytes(b"x")
    with pytest.raises(ManifestError, match="is missing"):
        recordings_of(data)


def test_a_name_in_other_case_is_asked_about(data):
    write_consents(data, {"anna": CONSENT})
    with pytest.raises(ConsentError, match="in letter case only"):
        merge_consent(data, "Anna", CONSENT)


def test_files_are_linked_but_those_left_out(data):
    for name in ("audio/one.wav", "audio/two.wav"):
        (data / name).write_bytes(b"x")
    inode = (data / "audio/one.wav").stat().st_ino
    with rewrite_data(data, leave_out="audio/two.wav".__eq__):
        pass
    assert (data / "audio/one.wav").stat().st_ino == inode
    assert not (data / "audio/two.wav").exists()


def test_a_failure_leaves_the_old_folder(data):
    (data / "audio/one.wav").write_bytes(b"x")
    with pytest.raises(KeyError), rewrite_data(data, leave_out=lambda _: True):
        raise KeyError
    assert (data / "audio/one.wav").read_bytes() == b"x"
