from __future__ import annotations

from pathlib import Path

import pytest
import torch

from models.gpt_sovits.build import build_synthesizer, build_text_to_semantic
from models.gpt_sovits.checkpoints import write_public_checkpoint
from models.gpt_sovits.presets import V1, V2PRO
from tests.fakes.tiny_public import TINY_V2PRO, write_pair
from voxgate.adapters.public_base import write_base
from voxgate.adapters.public_export import export_public
from voxgate.adapters.public_weights import import_public
from voxgate.errors import WeightsError
from voxgate.files import read_json
from voxgate.params.featurize import FeaturizeParams, WeightsSource
from voxgate.params.train import BaseCheckpoint
from voxgate.training.networks import Networks, load_base
from voxgate.training.speech_tokenizer import read_tokenizer_card, tokenizer_digest

HUBERT = WeightsSource(source="chinese-hubert-base", sha256="c" * 64)


@pytest.fixture
def base(tmp_path: Path):
    files = [import_public(path, tmp_path / "store") for path in write_pair(tmp_path / "files")]
    return tmp_path / "base", write_base(files, tmp_path / "base" / "pro", extractor=HUBERT)


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


def test_the_old_scale_makes_another_tokenizer(base, tmp_path: Path) -> None:
    _, params = base
    files = [import_public(path, tmp_path / "store") for path in write_pair(tmp_path / "files")]
    write_base(files, tmp_path / "base" / "old", extractor=HUBERT, preparation_scale=True)
    assert read_json(tmp_path / "base" / "old" / "tokenizer.json")["preparation_scale"]
    other = tokenizer_digest(tmp_path / "base" / "old" / "tokenizer")
    assert other != params["featurize"]["tokenizer_sha256"]


def test_a_voice_without_its_posterior_cannot_be_a_base(base, tmp_path: Path) -> None:
    folder, _ = base
    (s2,) = [
        p for p in export_public(folder / "pro", tmp_path / "out", name="x") if p.suffix == ".pth"
    ]
    files = [tmp_path / "files" / "s1v3.ckpt", s2]
    imported = [import_public(path, tmp_path / "store") for path in files]
    assert [each.trainable for each in imported] == [True, False]
    with pytest.raises(WeightsError, match=r"x\.pth is an exported voice without its posterior"):
        write_base(imported, tmp_path / "base" / "y", extractor=HUBERT)


def test_files_that_are_no_pair_are_refused(tmp_path: Path) -> None:
    s1, s2 = (import_public(path, tmp_path / "s") for path in write_pair(tmp_path / "files"))
    with pytest.raises(WeightsError, match=r"needs one S1 .* and one S2 .*, got 1 and 0"):
        write_base([s1], tmp_path / "base", extractor=HUBERT)

    key = "ar_text_embedding.word_embeddings.weight"
    write_public_checkpoint(tmp_path / "old.ckpt", "s1", V1, {key: torch.zeros(512, 2)}, info="")
    old = import_public(tmp_path / "old.ckpt", tmp_path / "s")
    with pytest.raises(WeightsError, match=r"old\.ckpt is the S1 of v1, s2Gv2Pro\.pth the S2 of"):
        write_base([old, s2], tmp_path / "base", extractor=HUBERT)
    assert V2PRO.name == s2.preset
