"""Fetching through apt: pinned, private, and never over other data."""

import gzip
import os
import shutil
from pathlib import Path

import pytest

from tests.fakes.debian import build_package
from tests.fakes.dvc_checkout import copy_checkout
from voxgate.adapters.corpora import fetch as corpus_fetch
from voxgate.adapters.corpora.apt import (
    ASTERISK_ENGLISH,
    DebianPackage,
    fetch_packages,
    lay_out_english,
)
from voxgate.adapters.corpora.fetch import fetch_corpus
from voxgate.adapters.dvc.data import data_version
from voxgate.adapters.dvc.tree import read_tree
from voxgate.corpus.manifest import read_manifest
from voxgate.errors import AssetError, DataVersionError
from voxgate.files import digest_file
from voxgate.settings import load_settings

REPOSITORY = Path(__file__).parents[4]

needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")


@pytest.fixture
def packages(tmp_path):
    """Two small packages laid out like the real ones, in a store."""
    store = tmp_path / "assets" / "debian"
    store.mkdir(parents=True)
    sounds = "usr/share/asterisk/sounds/en_US_f_Allison"
    listing = gzip.compress(b"hello: Hello.\ngone: Gone.\n")
    return [
        build_package(store, "sounds", {f"{sounds}/hello.g722": b"\x00" * 800}),
        build_package(
            store, "texts", {"usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz": listing}
        ),
    ]


@pytest.fixture
def apt(tmp_path, monkeypatch):
    """Put a fake apt-get in front, which serves the folder `served` and notes its arguments."""
    programs, served = tmp_path / "programs", tmp_path / "served"
    programs.mkdir()
    served.mkdir()
    script = f"""#!/bin/sh
echo "$@" >> {tmp_path}/calls
for last; do :; done
case "$*" in *download*) cp {served}/*.deb . 2>/dev/null ;; esac
[ ! -e {tmp_path}/broken ] || {{ echo "E: Unable to locate package" >&2; exit 100; }}
"""
    (programs / "apt-get").write_text(script)
    (programs / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def serve(apt, content=b"package"):
    path = apt / "served" / "a_1.0-1_all.deb"
    path.write_bytes(content)
    return DebianPackage(name="a", version="1.0-1", sha256=digest_file(path))


@needs_dpkg
def test_a_package_is_downloaded_once(apt):
    package = serve(apt)
    for _ in range(2):
        assert fetch_packages([package], apt / "store") == [apt / "store" / package.file_name]
    calls = (apt / "calls").read_text().splitlines()
    assert len(calls) == 2
    assert calls[0].endswith(" update")
    assert calls[1].endswith(" download a=1.0-1")
    assert sorted(path.name for path in (apt / "store").iterdir()) == [package.file_name]


@needs_dpkg
def test_apt_works_in_private_folders_only(apt):
    fetch_packages([serve(apt)], apt / "store")
    call = (apt / "calls").read_text()
    for option in ("Dir::State", "Dir::State::Lists", "Dir::State::status", "Dir::Cache"):
        assert f"-o {option}={apt / 'store'}/.scratch." in call


@needs_dpkg
def test_another_file_than_the_pinned_one_is_refused(apt):
    package = serve(apt)
    serve(apt, b"something else")
    with pytest.raises(AssetError, match=f"expected sha256 {package.sha256}"):
        fetch_packages([package], apt / "store")
    assert list((apt / "store").iterdir()) == []


@needs_dpkg
def test_a_damaged_copy_in_the_store_is_fetched_again(apt):
    package = serve(apt)
    (apt / "store").mkdir()
    (apt / "store" / package.file_name).write_bytes(b"half")
    fetch_packages([package], apt / "store")
    assert digest_file(apt / "store" / package.file_name) == package.sha256


@needs_dpkg
def test_what_apt_says_reaches_the_user(apt):
    package = serve(apt)
    (apt / "broken").touch()
    with pytest.raises(AssetError, match=r"Unable to locate package.*voxgate corpus add"):
        fetch_packages([package], apt / "store")


def test_a_system_without_apt_is_told_of_corpus_add(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AssetError, match=r"apt-get and dpkg-deb not found.*voxgate corpus add"):
        fetch_packages(ASTERISK_ENGLISH, tmp_path / "store")


@needs_dpkg
def test_packages_are_laid_out(packages, tmp_path):
    store = tmp_path / "assets" / "debian"
    report = lay_out_english([store / p.file_name for p in packages], tmp_path / "data")
    assert (report.recordings, report.text_without_audio) == (1, ("gone",))
    assert read_manifest(tmp_path / "data" / "manifest.csv")[0].text == "Hello."


@pytest.fixture
def checkout(tmp_path, packages, monkeypatch):
    monkeypatch.setattr(corpus_fetch, "ASTERISK_ENGLISH", tuple(packages))
    root = copy_checkout(tmp_path / "checkout")
    shutil.rmtree(root / "data")
    (root / "data.dvc").unlink()
    return root


@needs_dpkg
def test_a_fetch_lays_out_and_registers_and_a_second_one_does_nothing(checkout, tmp_path):
    first = fetch_corpus(checkout, tmp_path / "assets")
    assert first.layout.recordings == 1
    assert first.version == data_version(checkout)
    again = fetch_corpus(checkout, tmp_path / "no-assets")
    assert (again.version, again.layout) == (first.version, None)


@needs_dpkg
def test_data_that_nobody_registered_are_kept(checkout, tmp_path):
    (checkout / "data").mkdir()
    (checkout / "data" / "mine.wav").write_bytes(b"precious")
    with pytest.raises(DataVersionError, match="neither registered nor this corpus"):
        fetch_corpus(checkout, tmp_path / "assets")
    assert (checkout / "data" / "mine.wav").read_bytes() == b"precious"
    fetch_corpus(checkout, tmp_path / "assets", force=True)
    assert not (checkout / "data" / "mine.wav").exists()


@needs_dpkg
def test_a_checkout_of_other_data_is_told_to_pull(tmp_path, packages, monkeypatch):
    monkeypatch.setattr(corpus_fetch, "ASTERISK_ENGLISH", tuple(packages))
    root = copy_checkout(tmp_path / "checkout")
    shutil.rmtree(root / "data")
    with pytest.raises(DataVersionError, match="voxgate data pull"):
        fetch_corpus(root, tmp_path / "assets")
    assert not (root / "data").exists()


@needs_dpkg
def test_changed_data_are_not_overwritten(checkout, tmp_path):
    fetch_corpus(checkout, tmp_path / "assets")
    (checkout / "data" / "manifest.csv").write_text("changed")
    with pytest.raises(DataVersionError, match=r"1 changed: manifest\.csv"):
        fetch_corpus(checkout, tmp_path / "assets")


@needs_dpkg
@pytest.mark.assets
def test_the_real_corpus_is_the_version_in_data_dvc(tmp_path):
    store = load_settings().assets_dir / "debian"
    paths = [store / package.file_name for package in ASTERISK_ENGLISH]
    if not all(path.is_file() for path in paths):
        if os.environ.get("CI"):
            pytest.fail(f"{store} lacks the packages: run `voxgate corpus fetch`")
        pytest.skip("run `voxgate corpus fetch` first")
    report = lay_out_english(paths, tmp_path / "data")
    assert (report.recordings, report.with_text) == (568, 551)
    assert read_tree(tmp_path / "data").digest == data_version(REPOSITORY)


@needs_dpkg
@pytest.mark.slow
@pytest.mark.assets
def test_the_real_packages_come_through_apt(tmp_path):
    paths = fetch_packages(ASTERISK_ENGLISH, tmp_path / "store")
    assert all(path.is_file() for path in paths)
