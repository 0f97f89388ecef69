"""Data versions travel: through the local remote and through S3."""

import shutil

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.fakes.dvc_checkout import copy_checkout, git
from voxgate.adapters.dvc.data import assert_registered, commit_data
from voxgate.adapters.dvc.remote import DataRemote, pull_data, push_data
from voxgate.errors import DataVersionError, ExternalServiceError

LOCAL = DataRemote()


@pytest.fixture
def root(tmp_path):
    return copy_checkout(tmp_path / "checkout")


@pytest.fixture
def s3(monkeypatch):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        port = server.get_host_and_port()[1]
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        endpoint = f"http://127.0.0.1:{port}"
        boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket="voices")
        yield DataRemote(url="s3://voices/data", endpoint=endpoint)
    finally:
        server.stop()


def clone(root, target):
    git(root, "clone", "--quiet", str(root), str(target))
    return target


def test_a_pull_restores_what_was_pushed(root):
    assert push_data(root, LOCAL) == 5  # two recordings, manifest, consent, the list of files
    shutil.rmtree(root / "data")
    shutil.rmtree(root / ".dvc" / "cache")
    assert pull_data(root, LOCAL) == 5
    assert_registered(root)
    assert push_data(root, LOCAL) == 0


def test_a_pull_does_not_drop_changes_unless_forced(root):
    push_data(root, LOCAL)
    one = root / "data" / "audio" / "tone" / "one.wav"
    one.write_text("precious")
    with pytest.raises(DataVersionError):
        pull_data(root, LOCAL)
    assert one.read_text() == "precious"
    pull_data(root, LOCAL, force=True)
    assert_registered(root)


def test_a_version_that_nobody_pushed_is_named(root, tmp_path):
    other = clone(root, tmp_path / "other")
    with pytest.raises(DataVersionError, match="voxgate data push"):
        pull_data(other, LOCAL)


def test_files_that_are_not_in_the_cache_cannot_be_pushed(root):
    shutil.rmtree(root / ".dvc" / "cache")
    with pytest.raises(DataVersionError, match="run `voxgate data commit`"):
        push_data(root, LOCAL)
    commit_data(root)
    assert push_data(root, LOCAL) == 5


def test_versions_travel_through_s3_and_the_config_stays_clean(root, tmp_path, s3):
    assert push_data(root, s3) == 5
    other = clone(root, tmp_path / "other")
    assert pull_data(other, s3) == 5
    assert assert_registered(other) == assert_registered(root)
    assert "s3" not in (other / ".dvc" / "config").read_text()
    assert not (other / ".dvc" / "config.local").exists()


def test_an_unreachable_store_is_a_fault_that_may_be_retried(root, monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    nowhere = DataRemote(url="s3://voices/data", endpoint="http://127.0.0.1:9")
    with pytest.raises(ExternalServiceError, match="s3://voices/data"):
        push_data(root, nowhere)
