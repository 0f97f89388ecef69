from __future__ import annotations

from pathlib import Path

import pytest
import torch

from models.gpt_sovits.build import build_synthesizer, build_text_to_semantic
from models.gpt_sovits.checkpoints import write_public_checkpoint
from models.gpt_sovits.presets import V1, V2PRO
from tests.fakes.tiny_public import TINY_V2PRO, write_bert, write_pair
from voxgate.adapters.public_gpt_sovits.base import write_base
from voxgate.adapters.public_gpt_sovits.export import export_public
from voxgate.adapters.public_gpt_sovits.weights import find_imported, import_public
from voxgate.errors import WeightsError
from voxgate.files import digest_file, read_json
from voxgate.params.featurize import FeaturizeParams, WeightsSource
from voxgate.params.train import BaseCheckpoint
from voxgate.training.networks import Networks, load_base
from voxgate.voice.speech_tokenizer import read_tokenizer_card, tokenizer_digest

NETWORKS = {
    "extractor": WeightsSource(source="chinese-hubert-base", sha256="c" * 64),
    "speaker_network": WeightsSource(source="eres2netv2", sha256="d" * 64),
}


@pytest.fixture
def base(tmp_path: Path):
    files = [import_public(path, tmp_path / "store") for path in write_pair(tmp_path / "files")]
    return tmp_path / "base", write_base(files, tmp_path / "base" / "pro", **NETWORKS)


def test_the_pair_loads_as_train_base(base) -> None:
    folder, params = base
    assert params["train"]["preset"] == "v2Pro"
    networks = Networks(
        synthesizer=build_synthesizer(TINY_V2PRO),
        text_to_semantic=build_text_to_semantic(TINY_V2PRO),
    )
    source = torch.load(folder.parent / "files" / "s2Gv2Pro.pth", weights_only=True)["weight"]
    state = networks.synthesizer.state_dict()
    codebook = "quantizer.vq.layers.0._codebook.embed"  # training takes it from the tokenizer
    networks.synthesizer.load_state_dict(state | {codebook: source[codebook].float()})
    load_base(networks, BaseCheckpoint(**params["train"]["base"]), folder)

    for name, value in networks.synthesizer.state_dict().items():
        assert torch.equal(value, source[name].to(value.dtype)), name


def test_the_tokenizer_is_cut_out_of_s2_and_described(base) -> None:
    folder, params = base
    stem = folder / params["featurize"]["tokenizer"]
    card = read_tokenizer_card(stem, sha256=params["featurize"]["tokenizer_sha256"])
    assert (card.extractor_kind, card.extractor_sha256) == ("hubert", "c" * 64)
    assert (card.remove_mean, card.preparation_scale) == (False, False)
    assert card.prompt_silence_samples == 9600
    assert params["ingest"] == {"sample_rate_hz": 32000}
    assert params["featurize"].keys() < FeaturizeParams.model_fields.keys()
    assert params["featurize"]["speaker_vectors"] == {"source": "eres2netv2", "sha256": "d" * 64}


def test_a_bert_beside_the_pair_is_pinned_and_stays_in_the_store(tmp_path: Path) -> None:
    write_bert(tmp_path / "bert")
    paths = [*write_pair(tmp_path / "files"), tmp_path / "bert" / "pytorch_model.bin"]
    files = [import_public(path, tmp_path / "store") for path in paths]
    params = write_base(files, tmp_path / "base" / "pro", **NETWORKS)
    assert params["featurize"]["text_features_sha256"] == files[-1].sha256
    assert find_imported(files[-1].sha256, tmp_path / "store") == files[-1].folder
    assert not list((tmp_path / "base" / "pro").glob("*bert*"))
    with pytest.raises(WeightsError, match="one BERT, got 1 s1, 1 s2, 0 discriminators, 2 bert"):
        write_base([*files, files[-1]], tmp_path / "base" / "pro", **NETWORKS)


def test_a_result_is_found_by_its_digest_whatever_lies_beside_it(tmp_path: Path) -> None:
    assert find_imported("a" * 64, tmp_path / "none") is None
    for number, content in enumerate(("{", "[]", "{}")):
        record = tmp_path / "imported" / f"{number}" / "asset.json"
        record.parent.mkdir(parents=True)
        record.write_text(content)
    assert find_imported("a" * 64, tmp_path) is None


def test_the_old_scale_makes_another_tokenizer(base, tmp_path: Path) -> None:
    _, params = base
    files = [import_public(path, tmp_path / "store") for path in write_pair(tmp_path / "files")]
    write_base(files, tmp_path / "base" / "old", **NETWORKS, preparation_scale=True)
    assert read_json(tmp_path / "base" / "old" / "tokenizer.json")["preparation_scale"]
    other = tokenizer_digest(tmp_path / "base" / "old" / "tokenizer")
    assert other != params["featurize"]["tokenizer_sha256"]


def test_a_folder_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    files = [import_public(path, tmp_path / "store") for path in write_pair(tmp_path / "files")]
    own = tmp_path / "base" / "mini" / "tokenizer.json"
    own.parent.mkdir(parents=True)
    own.write_text("{}")
    with pytest.raises(WeightsError, match=r"mini is there and no base of imported files"):
        write_base(files, own.parent, **NETWORKS)
    assert own.read_text() == "{}"


def test_a_voice_without_its_posterior_cannot_be_a_base(base, tmp_path: Path) -> None:
    folder, _ = base
    (s2,) = [
        p for p in export_public(folder / "pro", tmp_path / "out", name="x") if p.suffix == ".pth"
    ]
    files = [tmp_path / "files" / "s1v3.ckpt", s2]
    imported = [import_public(path, tmp_path / "store") for path in files]
    assert [each.trainable for each in imported] == [True, False]
    with pytest.raises(WeightsError, match=r"x\.pth is an exported voice without its posterior"):
        write_base(imported, tmp_path / "base" / "y", **NETWORKS)


def test_files_that_are_no_pair_are_refused(tmp_path: Path) -> None:
    s1, s2 = (import_public(path, tmp_path / "s") for path in write_pair(tmp_path / "files"))
    with pytest.raises(WeightsError, match=r"needs one S1 .* got 1 s1, 0 s2, 0 discriminators"):
        write_base([s1], tmp_path / "base", **NETWORKS)

    key = "ar_text_embedding.word_embeddings.weight"
    write_public_checkpoint(tmp_path / "old.ckpt", "s1", V1, {key: torch.zeros(512, 2)}, info="")
    old = import_public(tmp_path / "old.ckpt", tmp_path / "s")
    with pytest.raises(WeightsError, match=r"old\.ckpt is the S1 of v1, s2Gv2Pro\.pth the S2 of"):
        write_base([old, s2], tmp_path / "base", **NETWORKS)
    assert V2PRO.name == s2.preset


def test_discriminators_come_along_if_they_are_of_the_version(tmp_path: Path) -> None:
    s1, s2 = (import_public(path, tmp_path / "s") for path in write_pair(tmp_path / "files"))

    def discriminators(last: int):
        names = [f"discriminators.{n}.convs.0.weight_v" for n in range(last + 1)]
        path = tmp_path / f"d{last}.pth"
        torch.save({"weight": {name: torch.zeros(1) for name in names}}, path)
        return import_public(path, tmp_path / "s")

    params = write_base([s1, s2, discriminators(7)], tmp_path / "base", **NETWORKS)
    pinned = params["train"]["base"]["discriminators_sha256"]
    assert digest_file(tmp_path / "base" / "discriminators.safetensors") == pinned
    with pytest.raises(WeightsError, match=r"d5\.pth are the discriminators of v2, s2Gv2Pro"):
        write_base([s1, s2, discriminators(5)], tmp_path / "base", **NETWORKS)
