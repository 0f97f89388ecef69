from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from tests.fakes.tiny_public import WORDS, write_bert
from voxgate.adapters.assets.origins import folder_digest
from voxgate.adapters.assets.store import file_digests
from voxgate.adapters.extractors.bert import BertFeatures, load_bert
from voxgate.errors import TextError, WeightsError


def load(folder: Path) -> BertFeatures:
    digest = folder_digest(file_digests(folder))
    return load_bert(str(folder), sha256=digest, assets_dir=folder.parent / "store")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, nn.Module]:
    folder = tmp_path_factory.mktemp("bert")
    return folder, write_bert(folder)


def test_rows_are_a_characters_third_last_state_repeated_over_its_phones(published) -> None:
    folder, network = published
    ids = [WORDS.index(word) for word in ("[CLS]", "你", "好", "吗", "?", "[SEP]")]
    with torch.inference_mode():
        states = network.bert(torch.tensor([ids]), output_hidden_states=True).hidden_states
    expected = states[-3][0, [1, 1, 2, 2, 3, 3, 4]].T.numpy()

    found = load(folder).compute("你好吗?", phones_per_character=[2, 2, 2, 1], language="zh")

    assert found.shape == (16, 7)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_other_languages_have_zeros(published) -> None:
    found = load(published[0]).compute("hello", phones_per_character=[3, 1], language="en")
    assert found.shape == (16, 4)
    assert not found.any()


@pytest.mark.parametrize(("text", "phones"), [("你好", [2]), ("你 好", [2, 1, 2])])
def test_characters_without_a_token_or_a_number_are_refused(published, text, phones) -> None:
    with pytest.raises(TextError, match="expected one token and one number of phones a character"):
        load(published[0]).compute(text, phones_per_character=phones, language="zh")


def test_an_unknown_character_is_one_token(published) -> None:
    found = load(published[0]).compute("龘好", phones_per_character=[2, 2], language="zh")
    assert found.shape == (16, 4)


def test_absent_weights_and_vocabularies_say_what_is_needed(tmp_path: Path) -> None:
    write_bert(tmp_path / "bert")
    (tmp_path / "bert" / "vocab.txt").unlink()
    with pytest.raises(WeightsError, match=r"expected tokenizer\.json or vocab\.txt"):
        load(tmp_path / "bert")

    (tmp_path / "bert" / "pytorch_model.bin").unlink()
    with pytest.raises(WeightsError, match=r"expected model\.safetensors, or one file .* none"):
        load(tmp_path / "bert")
