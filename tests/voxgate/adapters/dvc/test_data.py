"""Unregistered data are refused, by name and with a way out."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.fakes.dvc_checkout import copy_checkout, git
from voxgate.adapters.dvc.data import (
    assert_registered,
    commit_data,
    data_version,
    require_known,
    version_at,
)
from voxgate.adapters.dvc.remote import DataRemote, pull_data, push_data
from voxgate.errors import DataVersionError


@pytest.fixture
def root(tmp_path):
    return copy_checkout(tmp_path / "checkout")


def change(root, text="changed"):
    (root / "data" / "audio" / "tone" / "one.wav").write_text(text)


def test_registered_data_are_accepted_with_their_version(root):
    assert assert_registered(root) == data_version(root) == version_at(root, "HEAD")


def test_every_change_is_named(root):
    change(root)
    (root / "data" / "new.txt").touch()
    (root / "data" / "audio" / "tone" / "two.wav").unlink()
    with pytest.raises(DataVersionError) as caught:
        assert_registered(root)
    message = str(caught.value)
    assert "1 added: new.txt" in message
    assert "1 changed: audio/tone/one.wav" in message
    assert "1 removed: audio/tone/two.wav" in message
    assert "voxgate data commit" in message


def test_without_the_cache_the_change_is_still_refused(root):
    shutil.rmtree(root / ".dvc" / "cache")
    change(root)
    with pytest.raises(DataVersionError, match="has no names"):
        assert_registered(root)


def test_a_commit_registers_the_change(root):
    before = data_version(root)
    change(root)
    version = commit_data(root)
    assert version != before
    assert assert_registered(root) == version


def test_what_dvc_repro_saved_by_itself_is_refused(root):
    pipeline = "stages:\n  look:\n    cmd: mkdir -p build && cp data/manifest.csv build/m\n"
    (root / "dvc.yaml").write_text(f"{pipeline}    deps: [data]\n    outs: [build/m]\n")
    before = data_version(root)
    change(root)
    command = [sys.executable, "-m", "dvc", "repro", "--quiet"]
    environment = {**os.environ, "DVC_NO_ANALYTICS": "1"}
    subprocess.run(command, cwd=root, check=True, env=environment)
    assert data_version(root) != before  # the behaviour of DVC that the check is for
    for look in (assert_registered, lambda root: require_known(root, data_version(root))):
        with pytest.raises(DataVersionError, match="which nobody registered"):
            look(root)
    commit_data(root)
    assert_registered(root)


def test_a_version_counts_when_git_has_it(root):
    change(root)
    commit_data(root)
    git(root, "commit", "--quiet", "--all", "--message", "Change")
    (root / ".voxgate" / "registered-data").unlink()
    assert_registered(root)


def test_no_data_and_no_data_dvc_say_what_to_run(root):
    shutil.rmtree(root / "data")
    with pytest.raises(DataVersionError, match="voxgate corpus fetch"):
        assert_registered(root)
    with pytest.raises(DataVersionError, match="nothing to register"):
        commit_data(root)
    (root / "data.dvc").unlink()
    with pytest.raises(DataVersionError, match="voxgate corpus add"):
        assert_registered(root)


@pytest.mark.parametrize("text", ["", "outs: []", "- a", "outs: [{path: other}]", "a: ["])
def test_a_broken_data_dvc_is_named(root, text):
    (root / "data.dvc").write_text(text)
    with pytest.raises(DataVersionError, match=r"data\.dvc: expected what `dvc add data` writes"):
        data_version(root)


@pytest.mark.parametrize("revision", ["nowhere", "--help", ""])
def test_an_unknown_revision_is_refused(root, revision):
    with pytest.raises(DataVersionError, match=r"has no data\.dvc"):
        version_at(root, revision)


def test_dvc_that_refuses_is_a_typed_error(root):
    (root / "data.dvc").unlink()
    (root / "dvc.yaml").write_text("stages:\n  x:\n    cmd: ls\n    outs: [data]\n")
    with pytest.raises(DataVersionError, match="could not register"):
        commit_data(root)


def test_data_behind_a_link_to_another_disk_are_registered_and_brought_back(root, tmp_path):
    disk = tmp_path / "disk" / "voice"
    disk.parent.mkdir()
    shutil.move(root / "data", disk)
    (root / "data").symlink_to(disk)
    before = assert_registered(root)
    (disk / "note.txt").write_text("new")
    assert commit_data(root) != before
    assert_registered(root)
    (disk / "note.txt").unlink()
    remote = DataRemote(url=None)
    push_data(root, remote)
    pull_data(root, remote, force=True)
    assert (root / "data").is_symlink()
    assert (disk / "note.txt").read_text() == "new"
