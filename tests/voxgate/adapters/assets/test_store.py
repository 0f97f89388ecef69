from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from voxgate.adapters.assets.catalogue import CATALOGUE, find_asset
from voxgate.adapters.assets.origins import Asset, HubOrigin, PinnedFile, folder_digest
from voxgate.adapters.assets.store import checked_folder, fetch_asset, verify_asset
from voxgate.errors import AssetError, WeightsError
from voxgate.files import digest_bytes

_FILES = {"a.bin": b"first", "b.bin": b"second" * 1_000}
_WRITTEN = {"labels.txt": "none\n"}


def toy_asset() -> Asset:
    contents = _FILES | {name: text.encode() for name, text in _WRITTEN.items()}
    return Asset(
        name="toy",
        kind="speechbrain",
        licence="MIT",
        origin=HubOrigin(repo_id="nobody/toy", written=_WRITTEN),
        files=tuple(PinnedFile(n, digest_bytes(data)) for n, data in contents.items()),
    )


@pytest.fixture
def local_dir(tmp_path: Path) -> Path:
    """Return a folder with the files that the hub would deliver."""
    folder = tmp_path / "downloaded"
    folder.mkdir()
    for name, data in _FILES.items():
        (folder / name).write_bytes(data)
    return folder


def _flip_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def test_fetch_builds_once_and_records_the_source(tmp_path: Path, local_dir: Path) -> None:
    asset, store = toy_asset(), tmp_path / "assets"

    assert fetch_asset(asset, store, local_dir=local_dir)
    assert not fetch_asset(asset, store)  # nothing is asked of any source

    folder = verify_asset(asset, store)
    record = json.loads((folder / "asset.json").read_text())
    assert record["files"] == asset.pins
    assert (record["licence"], record["source"]) == ("MIT", "Hugging Face hub: nobody/toy")


def test_one_flipped_bit_is_found_and_named(tmp_path: Path, local_dir: Path) -> None:
    asset, store = toy_asset(), tmp_path / "assets"
    fetch_asset(asset, store, local_dir=local_dir)
    _flip_bit(store / "toy" / "b.bin")

    with pytest.raises(WeightsError) as caught:
        verify_asset(asset, store)

    message = str(caught.value)
    assert "b.bin: expected sha256 " + asset.pins["b.bin"] in message
    assert digest_bytes((store / "toy" / "b.bin").read_bytes()) in message
    assert "voxgate weights fetch toy" in message


def test_fetch_repairs_a_damaged_asset(tmp_path: Path, local_dir: Path) -> None:
    asset, store = toy_asset(), tmp_path / "assets"
    fetch_asset(asset, store, local_dir=local_dir)
    _flip_bit(store / "toy" / "a.bin")

    assert fetch_asset(asset, store, local_dir=local_dir)
    verify_asset(asset, store)


def test_missing_and_foreign_files_are_both_named(tmp_path: Path, local_dir: Path) -> None:
    asset, store = toy_asset(), tmp_path / "assets"
    fetch_asset(asset, store, local_dir=local_dir)
    (store / "toy" / "a.bin").unlink()
    (store / "toy" / "custom.py").write_text("")

    with pytest.raises(WeightsError, match=r"a\.bin is missing.*custom\.py does not belong"):
        verify_asset(asset, store)


def test_wrong_delivery_keeps_nothing(tmp_path: Path, local_dir: Path) -> None:
    _flip_bit(local_dir / "a.bin")

    with pytest.raises(WeightsError, match="delivered other files"):
        fetch_asset(toy_asset(), tmp_path / "assets", local_dir=local_dir)

    assert [p.name for p in (tmp_path / "assets").iterdir()] == [".toy.lock"]


def test_failed_repair_leaves_the_damaged_asset_refused(tmp_path: Path, local_dir: Path) -> None:
    asset, store = toy_asset(), tmp_path / "assets"
    fetch_asset(asset, store, local_dir=local_dir)
    _flip_bit(store / "toy" / "a.bin")
    _flip_bit(local_dir / "a.bin")

    with pytest.raises(WeightsError):
        fetch_asset(asset, store, local_dir=local_dir)
    with pytest.raises(WeightsError):
        verify_asset(asset, store)


# Building takes long enough for every process to arrive meanwhile.
_FETCH = """
import json, sys, time
from pathlib import Path
from voxgate.adapters.assets import store as asset_store
from voxgate.adapters.assets.origins import Asset, HubOrigin, PinnedFile
pins, written, store, local_dir = json.loads(sys.argv[1])
asset = Asset(
    name="toy", kind="speechbrain", licence="MIT",
    origin=HubOrigin(repo_id="nobody/toy", written=written),
    files=tuple(PinnedFile(name, sha256) for name, sha256 in pins.items()),
)
build = asset_store.build_asset
def build_slowly(*arguments, **options):
    time.sleep(2)
    build(*arguments, **options)
asset_store.build_asset = build_slowly
print(asset_store.fetch_asset(asset, Path(store), local_dir=Path(local_dir)))
"""


def test_of_several_processes_that_fetch_at_once_one_builds(
    tmp_path: Path, local_dir: Path
) -> None:
    store = tmp_path / "assets"
    argument = json.dumps([toy_asset().pins, _WRITTEN, str(store), str(local_dir)])
    workers = [
        subprocess.Popen([sys.executable, "-c", _FETCH, argument], stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    built = sorted(worker.communicate(timeout=60)[0].decode().strip() for worker in workers)

    assert built == ["False", "False", "True"]
    verify_asset(toy_asset(), store)


def test_local_folder_is_a_source_and_its_digest_is_the_pin(local_dir: Path) -> None:
    pin = folder_digest({name: digest_bytes(data) for name, data in _FILES.items()})

    assert checked_folder(str(local_dir), pin, local_dir / "assets") == local_dir
    with pytest.raises(WeightsError, match=f"pins sha256 {'0' * 64}.*{pin}"):
        checked_folder(str(local_dir), "0" * 64, local_dir / "assets")


def test_absent_catalogue_asset_says_how_to_fetch_it(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="voxgate weights fetch whisper-base"):
        checked_folder("whisper-base", "0" * 64, tmp_path)


def test_unknown_source_lists_the_catalogue(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match=r"'whisper-huge'.*whisper-tiny\.en, whisper-base, ge2e"):
        checked_folder("whisper-huge", "0" * 64, tmp_path)


def test_hub_asset_answers_to_its_repository_id() -> None:
    assert find_asset("speechbrain/spkrec-ecapa-voxceleb").name == "spkrec-ecapa-voxceleb"


def test_every_asset_has_its_own_name_and_digest() -> None:
    assert len({asset.name for asset in CATALOGUE}) == len(CATALOGUE)
    assert len({asset.sha256 for asset in CATALOGUE}) == len(CATALOGUE)


def test_labels_that_are_written_beside_hub_files_are_the_pinned_ones() -> None:
    asset = find_asset("spkrec-ecapa-voxceleb")
    assert isinstance(asset.origin, HubOrigin)
    for name, text in asset.origin.written.items():
        assert asset.pins[name] == digest_bytes(text.encode())


@pytest.mark.assets
def test_params_pin_the_fetched_weights(assets_dir: Path) -> None:
    from voxgate.params import load_params

    params = load_params(Path(__file__).parents[4] / "params.yaml")
    for source in params.evaluate.evaluators.values():
        assert checked_folder(source.source, source.sha256, assets_dir).is_dir()
    checked_folder(params.featurize.extractor, params.featurize.extractor_sha256, assets_dir)
