from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from tests.fakes.tiny_public import BERT_CONFIG, WORDS, write_bert
from voxgate.adapters.assets.origins import folder_digest
from voxgate.adapters.assets.store import file_digests
from voxgate.adapters.extractors.bert_features import BertFeatures, load_bert
from voxgate.adapters.public_gpt_sovits.weights import import_public
from voxgate.errors import WeightsError


def load(folder: Path) -> BertFeatures:
    digest = folder_digest(file_digests(folder))
    return load_bert(str(folder), sha256=digest, assets_dir=folder.parent / "store")


def third_last_state(network: nn.Module, *words: str) -> np.ndarray:
    """Return what the whole network says of each word, of which the adapter builds a part."""
    ids = [WORDS.index(word) for word in ("[CLS]", *words, "[SEP]")]
    with torch.inference_mode():
        states = network.bert(torch.tensor([ids]), output_hidden_states=True).hidden_states
    return states[-3][0, 1:-1].numpy()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, nn.Module]:
    folder = tmp_path_factory.mktemp("bert") / "published"
    return folder, write_bert(folder)


def test_a_row_is_the_third_last_state_of_a_character(published) -> None:
    folder, network = published
    found = load(folder).compute("你好吗?")
    assert (found.shape, found.dtype) == ((4, 16), np.float16)
    np.testing.assert_allclose(found, third_last_state(network, *"你好吗?"), atol=2e-3)


@pytest.mark.parametrize("strange", "〇…，。！？—龘㐂𠮷𪚥\U000323afé々ー１A\ue000")
def test_every_character_is_one_token_also_twice(published, strange: str) -> None:
    folder, network = published
    found = load(folder).compute(f"你{strange}{strange}好")
    words = ("你", "[UNK]", "[UNK]", "好")
    np.testing.assert_allclose(found, third_last_state(network, *words), atol=2e-3)


def test_a_text_longer_than_the_network_reads_is_read_in_even_parts(published) -> None:
    folder, network = published  # 20 positions: 18 characters at once
    found = load(folder).compute("你好吗" * 9)
    halves = ("你好吗" * 9)[:14], ("你好吗" * 9)[14:]
    expected = np.concatenate([third_last_state(network, *half) for half in halves])
    np.testing.assert_allclose(found, expected, atol=2e-3)


def test_the_layers_above_are_not_built(published) -> None:
    layers = load(published[0])._network.encoder.layer  # type: ignore[union-attr]
    assert len(layers) == BERT_CONFIG["num_hidden_layers"] - 2


def test_an_imported_one_reads_the_same(published, tmp_path: Path) -> None:
    imported = import_public(published[0] / "pytorch_model.bin", tmp_path)
    found = load_bert(str(imported.folder), sha256=imported.sha256, assets_dir=tmp_path)
    assert found.sha256 == imported.sha256
    assert np.array_equal(found.compute("你好"), load(published[0]).compute("你好"))


def test_the_other_form_of_the_vocabulary_will_do(tmp_path: Path) -> None:
    write_bert(tmp_path / "bert")
    before = load(tmp_path / "bert").compute("你好")
    (tmp_path / "bert" / "vocab.txt").unlink()
    vocabulary = {word: place for place, word in enumerate(WORDS)}
    document = {"model": {"type": "WordPiece", "vocab": vocabulary}}
    (tmp_path / "bert" / "tokenizer.json").write_text(json.dumps(document), encoding="utf-8")
    assert np.array_equal(load(tmp_path / "bert").compute("你好"), before)


def test_absent_weights_and_vocabularies_say_what_is_needed(tmp_path: Path) -> None:
    write_bert(tmp_path / "bert")
    (tmp_path / "bert" / "vocab.txt").unlink()
    with pytest.raises(WeightsError, match=r"expected tokenizer\.json or vocab\.txt"):
        load(tmp_path / "bert")

    (tmp_path / "bert" / "pytorch_model.bin").unlink()
    with pytest.raises(WeightsError, match=r"expected model\.safetensors, or one file .* none"):
        load(tmp_path / "bert")


@pytest.mark.parametrize(
    ("vocabulary", "fault"),
    [
        ("\n".join([*WORDS, "我"]), "vocabulary of 10 words does not fit the 9 rows"),
        ("\n".join(WORDS[5:]), r"lacks \[CLS\], \[SEP\], \[UNK\]"),
        ("", r"vocabulary of 0 words .* lacks"),
    ],
)
def test_the_vocabulary_of_another_network_is_refused(
    tmp_path: Path, vocabulary: str, fault: str
) -> None:
    write_bert(tmp_path / "bert")
    (tmp_path / "bert" / "vocab.txt").write_text(vocabulary, encoding="utf-8")
    with pytest.raises(WeightsError, match=fault):
        load(tmp_path / "bert")


def test_a_vocabulary_that_is_none_is_an_error_that_says_so(tmp_path: Path) -> None:
    write_bert(tmp_path / "bert")
    (tmp_path / "bert" / "vocab.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(WeightsError, match="its vocabulary cannot be read"):
        load(tmp_path / "bert")


def test_weights_that_are_not_the_pinned_ones_are_refused(published) -> None:
    with pytest.raises(WeightsError, match="pins sha256 0000"):
        load_bert(str(published[0]), sha256="0" * 64, assets_dir=published[0])
