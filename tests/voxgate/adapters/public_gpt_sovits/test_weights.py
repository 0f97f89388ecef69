from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from models.gpt_sovits.checkpoints import load_checkpoint
from tests.fakes.tiny_public import write_bert, write_hubert, write_pair, write_speaker_network
from tests.models.gpt_sovits import golden
from voxgate.adapters.assets.origins import folder_digest
from voxgate.adapters.assets.store import file_digests
from voxgate.adapters.extractors.hubert import load_hubert
from voxgate.adapters.public_gpt_sovits import weights as public_weights
from voxgate.adapters.public_gpt_sovits.weights import import_public
from voxgate.errors import WeightsError
from voxgate.files import digest_file, write_json


def test_both_models_become_checkpoints_of_our_own_format(tmp_path: Path) -> None:
    for path, network in zip(write_pair(tmp_path / "files"), ("s1", "s2"), strict=True):
        imported = import_public(path, tmp_path / "store")

        stored = load_checkpoint(imported.folder / network)
        assert (imported.network, stored.sha256) == (network, imported.sha256)
        assert stored.extra["source"] == {
            "file": path.name,
            "sha256": digest_file(path),
            "info": "base",
        }
        published = torch.load(path, weights_only=True)["weight"]
        assert {key.removeprefix("model.") for key in published} == stored.weights.keys()
        assert all(
            torch.equal(v, stored.weights[k.removeprefix("model.")]) for k, v in published.items()
        )
    assert imported.preset == "v2Pro"
    assert imported.trainable
    assert imported.known_as is None


def test_a_second_import_converts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = write_pair(tmp_path / "files")
    first = import_public(path, tmp_path / "store")
    monkeypatch.setattr(public_weights, "read_public_checkpoint", None)

    assert import_public(path, tmp_path / "store") == first


def test_what_was_changed_in_the_store_is_converted_again(tmp_path: Path) -> None:
    path, _ = write_pair(tmp_path / "files")
    first = import_public(path, tmp_path / "store")
    (first.folder / "s1.safetensors").write_bytes(b"changed")

    assert import_public(path, tmp_path / "store") == first
    assert load_checkpoint(first.folder / "s1").sha256 == first.sha256


def test_published_files_are_known_by_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = write_pair(tmp_path / "files")
    renamed = shutil.copy(path, tmp_path / "anything.ckpt")
    monkeypatch.setattr(public_weights, "KNOWN_FILES", {digest_file(path): "s1v3.ckpt"})

    assert import_public(Path(renamed), tmp_path / "store").known_as == "s1v3.ckpt"


def test_files_of_upstreams_own_saver_are_named_as_what_they_lack(tmp_path: Path) -> None:
    # The recorded files carry two tensors each, which is less than a network is told by.
    path = golden.FOLDER / "ckpt_format" / "demo_v2Pro_e8_s200.pth"
    with pytest.raises(WeightsError, match=r"demo_v2Pro_e8_s200\.pth: "):
        import_public(path, tmp_path)


def test_an_imported_hubert_is_used_like_the_published_folder(tmp_path: Path) -> None:
    write_hubert(tmp_path / "hubert")
    imported = import_public(tmp_path / "hubert" / "pytorch_model.bin", tmp_path / "store")
    published = folder_digest(file_digests(tmp_path / "hubert"))
    wave = torch.linspace(-0.5, 0.5, 4000).numpy()

    one = load_hubert(str(imported.folder), sha256=imported.sha256, assets_dir=tmp_path / "store")
    two = load_hubert(str(tmp_path / "hubert"), sha256=published, assets_dir=tmp_path / "store")
    assert (one.extract([wave])[0] == two.extract([wave])[0]).all()


def test_an_imported_bert_brings_its_vocabulary(tmp_path: Path) -> None:
    write_bert(tmp_path / "bert")
    imported = import_public(tmp_path / "bert" / "pytorch_model.bin", tmp_path / "store")
    assert imported.network == "bert"
    for name in ("config.json", "vocab.txt"):
        kept, published = imported.folder / name, tmp_path / "bert" / name
        assert kept.read_bytes() == published.read_bytes()
    stored = load_file(imported.folder / "model.safetensors")
    published = torch.load(tmp_path / "bert" / "pytorch_model.bin", weights_only=True)
    assert stored.keys() == published.keys()
    assert all(torch.equal(stored[name], tensor) for name, tensor in published.items())


def test_the_speaker_network_needs_nothing_beside_it(tmp_path: Path) -> None:
    network = write_speaker_network(tmp_path / "sv")
    imported = import_public(tmp_path / "sv" / "pretrained.ckpt", tmp_path / "store")
    stored = load_file(imported.folder / "model.safetensors")
    assert imported.network == "eres2netv2"
    assert torch.equal(stored["seg_1.weight"].float(), network.seg_1.weight)


def test_files_that_belong_beside_the_weights_are_asked_for(tmp_path: Path) -> None:
    write_bert(tmp_path / "bert")
    (tmp_path / "bert" / "config.json").unlink()
    (tmp_path / "bert" / "vocab.txt").unlink()
    with pytest.raises(
        WeightsError, match=r"bert: config\.json, tokenizer\.json or vocab\.txt missing"
    ):
        import_public(tmp_path / "bert" / "pytorch_model.bin", tmp_path / "store")
    assert not list((tmp_path / "store" / "imported").iterdir())


def test_a_configuration_with_other_than_settings_is_refused(tmp_path: Path) -> None:
    path, _ = write_pair(tmp_path / "files")
    content = torch.load(path, weights_only=True) | {"config": {"a": torch.zeros(2)}}
    torch.save(content, path)
    with pytest.raises(WeightsError, match="its configuration holds no plain settings"):
        import_public(path, tmp_path / "store")


def test_a_pointer_in_place_of_a_companion_is_named(tmp_path: Path) -> None:
    write_hubert(tmp_path / "hubert")
    (tmp_path / "hubert" / "config.json").write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(WeightsError, match=r"config\.json is a Git LFS pointer"):
        import_public(tmp_path / "hubert" / "pytorch_model.bin", tmp_path / "store")


def test_absent_and_foreign_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"absent\.pth is missing; give the file"):
        import_public(tmp_path / "absent.pth", tmp_path)
    (tmp_path / "page.pth").write_bytes(b"<html>")
    with pytest.raises(WeightsError, match=r"page\.pth: this is a web page that was saved"):
        import_public(tmp_path / "page.pth", tmp_path)


def test_a_record_of_another_schema_is_no_record(tmp_path: Path) -> None:
    path, _ = write_pair(tmp_path / "files")
    first = import_public(path, tmp_path / "store")
    write_json(first.folder / "asset.json", {"schema": 2})
    assert import_public(path, tmp_path / "store") == first
