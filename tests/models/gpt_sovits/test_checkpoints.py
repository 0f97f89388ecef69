import io
import json
import os
import pickle
import zipfile
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from models.gpt_sovits.build import build_text_to_semantic
from models.gpt_sovits.checkpoints import (
    CheckpointError,
    load_checkpoint,
    read_public_checkpoint,
    save_checkpoint,
    write_public_checkpoint,
)
from models.gpt_sovits.presets import MINI, PRESETS, V2, preset
from models.gpt_sovits.public.checkpoints import (
    decode_public,
    encode_public,
)
from models.gpt_sovits.public.restricted_pickle import read_archive
from tests.models.gpt_sovits import golden

WRITTEN_BY_UPSTREAM = golden.FOLDER / "ckpt_format"


@pytest.fixture
def weights() -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(3)
    return {"b": torch.randn(3, generator=generator), "a": torch.randn(2, 2, generator=generator)}


def test_saved_weights_come_back_with_their_description(
    tmp_path: Path, weights: dict[str, Tensor]
) -> None:
    sha256 = save_checkpoint(tmp_path / "step.600", weights, preset="mini", extra={"step": 600})
    loaded = load_checkpoint(tmp_path / "step.600")
    assert loaded.preset == "mini"
    assert loaded.sha256 == sha256
    assert loaded.extra == {"step": 600}
    for key, value in weights.items():
        assert torch.equal(loaded.weights[key], value)


def test_saving_twice_gives_the_same_bytes(tmp_path: Path, weights: dict[str, Tensor]) -> None:
    for name in ("one", "two"):
        save_checkpoint(tmp_path / name, weights, preset="mini")
    for suffix in (".safetensors", ".json"):
        assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()


def test_changed_weights_are_refused(tmp_path: Path, weights: dict[str, Tensor]) -> None:
    save_checkpoint(tmp_path / "s1", weights, preset="mini")
    path = tmp_path / "s1.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(CheckpointError, match=r"expected sha256 .* got .* restore both"):
        load_checkpoint(tmp_path / "s1")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"absent\.json: cannot be read"):
        load_checkpoint(tmp_path / "absent")


def test_a_newer_schema_is_refused(tmp_path: Path, weights: dict[str, Tensor]) -> None:
    save_checkpoint(tmp_path / "s1", weights, preset="mini")
    (tmp_path / "s1.json").write_text(json.dumps({"schema": 2}))
    with pytest.raises(CheckpointError, match="expected schema 1, got 2"):
        load_checkpoint(tmp_path / "s1")


def test_a_failed_write_leaves_the_old_file_and_no_rest(
    tmp_path: Path, weights: dict[str, Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    save_checkpoint(tmp_path / "s1", weights, preset="mini")
    before = (tmp_path / "s1.safetensors").read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save_checkpoint(tmp_path / "s1", {"a": torch.zeros(9)}, preset="mini")
    assert (tmp_path / "s1.safetensors").read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s1.json", "s1.safetensors"]


@pytest.mark.parametrize(
    "name", ["demo_v2_e8_s200", "demo_v2Pro_e8_s200", "demo_v2ProPlus_e8_s200"]
)
def test_files_of_upstreams_own_saver_can_be_read(name: str) -> None:
    data = (WRITTEN_BY_UPSTREAM / f"{name}.pth").read_bytes()
    content = read_archive(b"PK" + data[2:])
    assert content["info"]
    assert content["config"]["data"]["sampling_rate"] == 32000
    assert all(isinstance(value, Tensor) for value in content["weight"].values())
    assert all(torch.isfinite(value.float()).all() for value in content["weight"].values())


def test_the_s1_file_of_upstreams_own_saver_can_be_read() -> None:
    content = read_archive((WRITTEN_BY_UPSTREAM / "demo-e15.ckpt").read_bytes())
    expected = torch.load(WRITTEN_BY_UPSTREAM / "demo-e15.ckpt", weights_only=True)
    assert content["info"] == expected["info"]
    for key, value in expected["weight"].items():
        assert torch.equal(content["weight"][key], value)


class Attack:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.marker}",)


def archive_with(program: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("archive/data.pkl", program)
    return stream.getvalue()


@pytest.mark.parametrize("header", [b"PK", b"05", b"06"])
def test_a_malicious_checkpoint_is_refused_and_runs_nothing(tmp_path: Path, header: bytes) -> None:
    marker = tmp_path / "was-here"
    content = {"weight": {"a": Attack(marker)}, "config": {}}
    data = archive_with(pickle.dumps(content))
    pickle.loads(pickle.dumps(content))
    assert marker.exists(), "the attack itself must work, or this test proves nothing"
    marker.unlink()
    path = tmp_path / "voice.pth"
    path.write_bytes(header + data[2:])
    with pytest.raises(
        CheckpointError, match=r"voice\.pth: the file asks to run (posix|nt)\.system"
    ):
        read_public_checkpoint(path)
    assert not marker.exists()


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("builtins", "eval"),
        ("torch", "load"),
        ("torch._utils", "_rebuild_parameter"),
        ("collections", "OrderedDict.fromkeys"),
        ("utils", "HParams.__init__.__globals__"),
    ],
)
def test_names_beyond_the_four_are_refused(module: str, name: str) -> None:
    program = b"\x80\x04" + b"\x8c" + bytes([len(module)]) + module.encode()
    program += b"\x8c" + bytes([len(name)]) + name.encode() + b"\x93."
    with pytest.raises(CheckpointError, match="asks to run"):
        read_archive(archive_with(program))


def test_a_tensor_beyond_its_storage_is_refused() -> None:
    stream = io.BytesIO()
    torch.save({"weight": {"a": torch.zeros(4)}}, stream)
    with zipfile.ZipFile(stream) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    rewritten = io.BytesIO()
    with zipfile.ZipFile(rewritten, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content[:8] if name.endswith("data/0") else content)
    with pytest.raises(CheckpointError, match="reaches past its 2 stored numbers"):
        read_archive(rewritten.getvalue())


def test_what_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(CheckpointError, match=r"begins with PK or 00-06, got b'no'"):
        decode_public(b"not found")
    with pytest.raises(CheckpointError, match="zip archive was expected"):
        decode_public(b"PK but cut short")


@pytest.mark.parametrize(
    ("begins", "message"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:92\nsize 1\n", "git lfs pull"),
        (b"\n<!DOCTYPE html>\n<html>", "a web page that was saved"),
        (b"<html><body>Entry not found", "a web page that was saved"),
        (pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2), "before 1.6"),
    ],
)
def test_what_people_download_instead_is_named(begins: bytes, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        decode_public(begins)


@pytest.mark.parametrize(("header", "name"), [(b"02", "v3"), (b"04", "v4 LoRA")])
def test_a_version_that_is_not_supported_is_named(header: bytes, name: str) -> None:
    with pytest.raises(CheckpointError, match=rf"a {name} file: supported are v1, v2, v2Pro and"):
        decode_public(header + b"anything")


@pytest.mark.parametrize(
    ("name", "header"), [("v1", b"PK"), ("v2", b"PK"), ("v2Pro", b"05"), ("v2ProPlus", b"06")]
)
def test_exports_carry_upstreams_header_and_read_back(name: str, header: bytes) -> None:
    keys = golden.shapes(f"KEYS_s2_{name}")
    # Stand-ins of the real shapes: expanded from one number, so that nothing large is written.
    small = {key: torch.zeros(shape) for key, shape in keys.items() if len(shape) < 2}
    needed = ("enc_p.text_embedding.weight", "dec.conv_pre.weight", "enc_q.pre.weight")
    small |= {key: torch.zeros(keys[key]) for key in needed}
    if "sv_emb.weight" in keys:
        small["sv_emb.weight"] = torch.zeros(1, 1)
    data = encode_public("s2", preset(name), small, info="8epoch_200iteration")
    assert data[:2] == header
    back = decode_public(data)
    assert (back.network, back.preset, back.info) == ("s2", name, "8epoch_200iteration")
    assert not back.trainable, "exported voices have no posterior"
    assert all(value.dtype == torch.float16 for value in back.weights.values())
    recorded = golden.facts(f"s2_{name}")["config"]
    assert back.config["data"] == recorded["data"]
    assert back.config["model"] == {"version": name, **recorded["model"]}


def test_an_exported_s1_loads_into_a_network(tmp_path: Path) -> None:
    sizes = V2.text_to_semantic
    with torch.device("meta"):
        keys = build_text_to_semantic(V2).state_dict().keys()
    assert len(keys) == 295
    tiny = nn.Embedding(sizes.phones, 2)
    weights = {"ar_text_embedding.word_embeddings.weight": tiny.weight}
    write_public_checkpoint(tmp_path / "x.ckpt", "s1", V2, weights, info="GPT-e15")
    data = (tmp_path / "x.ckpt").read_bytes()
    plain = torch.load(io.BytesIO(data), weights_only=True)
    assert list(plain["weight"]) == ["model.ar_text_embedding.word_embeddings.weight"]
    assert plain["config"]["model"] == golden.facts("s1_full_v2")["config"]
    back = decode_public(data)
    assert (back.network, back.preset) == ("s1", "v2")


@pytest.mark.parametrize("content", [[], {1: torch.zeros(2)}, {"weight": {"a": 1}}, {"a": "b"}])
def test_what_holds_no_tensors_by_name_is_refused(content: object) -> None:
    stream = io.BytesIO()
    torch.save(content, stream)
    with pytest.raises(CheckpointError, match="expected a dictionary of tensors"):
        decode_public(stream.getvalue())


def test_a_model_of_other_code_is_told_by_its_tensors_first() -> None:
    stream = io.BytesIO()
    torch.save({"weight": {"emb.weight": torch.zeros(2)}, "config": [1025, 32]}, stream)
    with pytest.raises(CheckpointError, match="no network of GPT-SoVITS"):
        decode_public(stream.getvalue())


def test_a_file_of_absurd_size_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "x.pth"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(CheckpointError, match=r"x\.pth: expected a checkpoint of at most"):
        read_public_checkpoint(path)


def test_mini_has_no_public_form() -> None:
    assert MINI.name in PRESETS
    with pytest.raises(CheckpointError, match="preset mini has no public checkpoint format"):
        encode_public("s1", MINI, {}, info="")
