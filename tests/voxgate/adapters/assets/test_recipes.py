from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from voxgate.adapters.assets.catalogue import find_asset
from voxgate.adapters.assets.origins import PinnedFile
from voxgate.adapters.assets.recipes import build_asset
from voxgate.adapters.whisper.model import load_whisper
from voxgate.errors import AssetError, WeightsError


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Return an empty folder to build into."""
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


def test_hub_asset_is_taken_from_a_local_folder_with_the_labels_written(
    tmp_path: Path, into: Path
) -> None:
    asset = find_asset("spkrec-ecapa-voxceleb")
    local = tmp_path / "local"
    local.mkdir()
    for name in asset.pins:
        (local / name).write_text(f"content of {name}")

    build_asset(asset, into, local_dir=local)

    assert {path.name for path in into.iterdir()} == set(asset.pins)
    assert (into / "embedding_model.ckpt").read_text() == "content of embedding_model.ckpt"
    assert (into / "label_encoder.txt").read_text().startswith("'unused' => 0")


def test_unreachable_hub_says_what_to_do(into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def refuse(repo_id: str, name: str) -> str:
        raise OSError(f"no route to {repo_id}/{name}")

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", refuse)

    with pytest.raises(AssetError, match=r"cannot get classifier\.ckpt.*--from FOLDER"):
        build_asset(find_asset("spkrec-ecapa-voxceleb"), into)


def test_a_file_in_a_folder_of_the_hub_is_asked_for_by_its_path(
    into: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub

    asked = []

    def deliver(repo_id: str, name: str) -> str:
        asked.append((repo_id, name))
        (tmp_path / "cached").write_bytes(b"weights")
        return str(tmp_path / "cached")

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", deliver)
    build_asset(find_asset("eres2netv2"), into)

    assert asked == [("lj1995/GPT-SoVITS", "sv/pretrained_eres2netv2w24s4ep4.ckpt")]
    assert (into / "pretrained_eres2netv2w24s4ep4.ckpt").read_bytes() == b"weights"


def test_whisper_checkpoint_is_taken_from_a_local_folder_and_loads(
    tmp_path: Path, into: Path
) -> None:
    import torch
    from whisper.model import ModelDimensions, Whisper

    dims = ModelDimensions(80, 20, 8, 2, 1, 51_865, 16, 8, 2, 1)
    state = {"dims": dims.__dict__, "model_state_dict": Whisper(dims).state_dict()}
    torch.save(state, tmp_path / "toy.pt")
    asset = dataclasses.replace(
        find_asset("whisper-large-v3"), files=(PinnedFile("toy.pt", "0" * 64),)
    )

    build_asset(asset, into, local_dir=tmp_path)
    loaded = load_whisper(into)

    assert loaded.network.dims == dims
    # An unknown checkpoint has no published heads: the upper half of the decoder stands in.
    assert loaded.alignment_heads == ((0, 0), (0, 1))


def test_unreachable_whisper_download_says_what_to_do(
    into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import whisper

    def refuse(*_arguments: object, **_options: object) -> str:
        raise OSError("no route")

    monkeypatch.setattr(whisper, "_download", refuse)

    with pytest.raises(AssetError, match=r"large-v3 \(no route\).*weights fetch --from FOLDER"):
        build_asset(find_asset("whisper-large-v3"), into)


def test_published_alignment_heads_of_a_checkpoint_are_used(tmp_path: Path) -> None:
    import torch
    from whisper.model import ModelDimensions, Whisper

    dims = ModelDimensions(80, 20, 12, 6, 1, 51_864, 16, 12, 6, 4)
    state = {"dims": dims.__dict__, "model_state_dict": Whisper(dims).state_dict()}
    torch.save(state, tmp_path / "tiny.en.pt")

    catalogued = find_asset("whisper-tiny.en").origin

    assert load_whisper(tmp_path).alignment_heads == catalogued.alignment_heads  # type: ignore[union-attr]


def test_folder_without_weights_is_refused(into: Path) -> None:
    with pytest.raises(WeightsError, match=r"expected model\.safetensors or one \*\.pt file"):
        load_whisper(into)
