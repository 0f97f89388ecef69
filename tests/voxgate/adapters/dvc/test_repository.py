"""What Git and DVC refuse is one sentence with their own words and a remedy."""

import json
import shutil

import pytest

from tests.fakes.dvc_checkout import copy_checkout, git
from voxgate.adapters.dvc.cache import cache_dir
from voxgate.adapters.dvc.data import (
    assert_registered,
    commit_data,
    data_version,
    require_data,
    version_at,
)
from voxgate.adapters.dvc.pipeline import stale_stages
from voxgate.adapters.dvc.remote import DataRemote, pull_data, push_data
from voxgate.errors import DataVersionError, StageError, StorageError
from voxgate.stage import STAGES

ASKS = {
    "version": assert_registered,
    "commit": commit_data,
    "require": require_data,
    "cache": cache_dir,
    "revision": lambda root: version_at(root, "HEAD"),
    "push": lambda root: push_data(root, DataRemote()),
    "pull": lambda root: pull_data(root, DataRemote()),
}


@pytest.fixture
def root(tmp_path):
    return copy_checkout(tmp_path / "checkout")


def one_line(caught):
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("ask", ASKS)
def test_a_project_without_git_is_told_to_use_a_clone(root, ask):
    shutil.rmtree(root / ".git")
    with pytest.raises(DataVersionError, match=r"use a clone|git clone") as caught:
        ASKS[ask](root)
    one_line(caught)


def test_changed_data_without_git_are_told_to_use_a_clone_too(root):
    shutil.rmtree(root / ".git")
    (root / "data" / "new.txt").touch()
    with pytest.raises(DataVersionError, match="git clone"):
        assert_registered(root)


def test_a_project_without_dvc_is_told_to_use_a_clone(root):
    shutil.rmtree(root / ".dvc")
    with pytest.raises(DataVersionError, match="git clone"):
        commit_data(root)


@pytest.mark.parametrize("ask", ["version", "revision", "require"])
def test_what_git_refuses_is_shown_in_its_own_words(root, ask, monkeypatch):
    # As Git answers in the checkout of another user.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(root))
    with pytest.raises(DataVersionError, match=r"dubious ownership.*safe\.directory") as caught:
        ASKS[ask](root)
    one_line(caught)


@pytest.mark.parametrize("ask", ["version", "revision", "require"])
def test_a_machine_without_git_is_told_so(root, ask, monkeypatch):
    monkeypatch.setenv("PATH", str(root))
    with pytest.raises(DataVersionError, match="git is not installed"):
        ASKS[ask](root)


def test_the_repository_of_a_hook_that_runs_this_is_not_asked(root, tmp_path, monkeypatch):
    git(tmp_path, "init", "--quiet", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    assert version_at(root, "HEAD") == data_version(root)


def test_a_repository_without_a_commit_has_no_registered_version(root):
    shutil.rmtree(root / ".git")
    git(root, "init", "--quiet")
    assert assert_registered(root) == data_version(root)
    with pytest.raises(DataVersionError, match=r"has no data\.dvc"):
        version_at(root, "HEAD")


def test_a_worktree_is_a_clone_too(root, tmp_path):
    git(root, "worktree", "add", "--detach", "--quiet", str(tmp_path / "tree"))
    assert version_at(tmp_path / "tree", "HEAD") == data_version(root)


@pytest.mark.parametrize("written", ["", '{"broken": '])
def test_the_rwlock_that_a_killed_dvc_did_not_finish_holds_nobody_up(root, written):
    (root / ".dvc" / "tmp").mkdir(exist_ok=True)
    (root / ".dvc" / "tmp" / "rwlock").write_text(written)
    (root / "data" / "note.txt").write_text("new")
    assert commit_data(root) == data_version(root)


def test_a_damaged_rwlock_does_not_stop_a_look_at_the_graph(root):
    stages = "".join(f"  {stage}: {{cmd: 'true'}}\n" for stage in STAGES)
    (root / "dvc.yaml").write_text(f"stages:\n{stages}")
    (root / ".dvc" / "tmp").mkdir(exist_ok=True)
    (root / ".dvc" / "tmp" / "rwlock").write_text('{"broken": ')
    assert stale_stages(root) == list(STAGES)


def test_a_lock_of_a_dead_process_holds_nobody_up(root):
    (root / ".dvc" / "tmp").mkdir(exist_ok=True)
    (root / ".dvc" / "tmp" / "lock").write_text(" 999999\n")
    held = {"write": {str(root / "data"): {"pid": 999999, "cmd": "dvc add data"}}}
    (root / ".dvc" / "tmp" / "rwlock").write_text(json.dumps(held))
    assert commit_data(root) == data_version(root)


@pytest.mark.parametrize("text", ["[core\n", "['remote \"local\"']\n    nonsense = 1\n"])
@pytest.mark.parametrize("ask", ["commit", "push", "pull"])
def test_a_broken_configuration_of_dvc_is_named(root, ask, text):
    (root / ".dvc" / "config").write_text(text)
    with pytest.raises(DataVersionError, match=r"git checkout \.dvc/config") as caught:
        ASKS[ask](root)
    one_line(caught)


def test_a_full_disk_is_a_storage_error(root, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device", str(root / ".dvc" / "tmp"))

    monkeypatch.setattr("dvc.repo.Repo.add", full)
    with pytest.raises(StorageError, match=r"No space left on device.*run again"):
        commit_data(root)


@pytest.mark.parametrize("what", ["data.dvc", "data"])
def test_what_is_needed_to_start_is_asked_for_without_reading_the_data(root, what):
    path = root / what
    path.unlink() if path.is_file() else shutil.rmtree(path)
    with pytest.raises(DataVersionError, match=r"is missing.*Run `voxgate corpus fetch`"):
        require_data(root)


def test_a_merge_that_is_not_settled_in_the_graph_says_what_to_do(root):
    stages = "".join(f"  {stage}: {{cmd: 'true'}}\n" for stage in STAGES)
    (root / "dvc.yaml").write_text(f"stages:\n{stages}")
    (root / "dvc.lock").write_text("<<<<<<< HEAD\nschema: '2.0'\n=======\n>>>>>>> other\n")
    with pytest.raises(StageError, match=r"dvc\.lock.*settle the merge in that file"):
        stale_stages(root)
