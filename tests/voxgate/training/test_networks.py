from dataclasses import replace

import pytest
import safetensors.torch
import torch

from tests.fakes.tiny_preset import TINY
from tests.fakes.training_set import random_tokenizer
from voxgate.errors import TrainingError, WeightsError
from voxgate.files import digest_file
from voxgate.params.train import BaseCheckpoint
from voxgate.training.networks import build_networks, load_base
from voxgate.training.speech_tokenizer import CODEBOOK_KEY

TOKENIZER = {name: torch.from_numpy(value) for name, value in random_tokenizer().items()}


def networks(seed=1, tokenizer=TOKENIZER):
    return build_networks(TINY, seed=seed, tokenizer=tokenizer)


def write_base(folder, source) -> BaseCheckpoint:
    folder.mkdir(parents=True, exist_ok=True)
    for name, network in (("s1", source.text_to_semantic), ("s2", source.synthesizer)):
        weights = {key: value.half() for key, value in network.state_dict().items()}
        safetensors.torch.save_file(weights, folder / f"{name}.safetensors")
    return BaseCheckpoint(
        folder=folder.name,
        s1_sha256=digest_file(folder / "s1.safetensors"),
        s2_sha256=digest_file(folder / "s2.safetensors"),
    )


def test_the_seed_decides_the_initial_weights():
    torch.manual_seed(99)
    first, same, other = networks(1), networks(1), networks(2)

    weights = first.synthesizer.state_dict()
    assert all(torch.equal(v, same.synthesizer.state_dict()[k]) for k, v in weights.items())
    assert not all(torch.equal(v, other.synthesizer.state_dict()[k]) for k, v in weights.items())


def test_the_frozen_tokenizer_is_inside_the_synthesizer():
    weights = networks().synthesizer.state_dict()

    assert torch.equal(weights[CODEBOOK_KEY], TOKENIZER[CODEBOOK_KEY])
    assert torch.equal(weights["ssl_proj.weight"], TOKENIZER["ssl_proj.weight"])


@pytest.mark.parametrize(
    "tokenizer",
    [
        {name: value for name, value in TOKENIZER.items() if name != CODEBOOK_KEY},
        TOKENIZER | {CODEBOOK_KEY: torch.zeros(1024, 64)},
    ],
)
def test_a_tokenizer_of_other_sizes_is_refused(tokenizer):
    with pytest.raises(TrainingError, match=r"embed: expected \(512, 64\), got"):
        networks(tokenizer=tokenizer)


def test_a_base_replaces_the_random_weights(tmp_path):
    source, target = networks(1), networks(2)
    load_base(target, write_base(tmp_path / "mini", source), tmp_path)

    wanted = source.text_to_semantic.state_dict()
    found = target.text_to_semantic.state_dict()
    assert all(torch.equal(found[name], wanted[name].half().float()) for name in wanted)


def test_a_base_with_another_digest_is_refused(tmp_path):
    base = write_base(tmp_path / "mini", networks(1))
    pinned = base.model_copy(update={"s2_sha256": "0" * 64})

    with pytest.raises(WeightsError, match=r"s2\.safetensors: expected sha256 0000.*train\.base"):
        load_base(networks(2), pinned, tmp_path)


def test_a_base_of_another_tokenizer_is_refused(tmp_path):
    other = TOKENIZER | {CODEBOOK_KEY: TOKENIZER[CODEBOOK_KEY] + 1}
    base = write_base(tmp_path / "mini", networks(1, other))

    with pytest.raises(TrainingError, match="trained on another tokenizer"):
        load_base(networks(2), base, tmp_path)


def test_a_base_of_another_size_is_refused(tmp_path):
    wider = replace(TINY, text_to_semantic=replace(TINY.text_to_semantic, width=64))
    base = write_base(tmp_path / "mini", build_networks(wider, seed=1, tokenizer=TOKENIZER))

    with pytest.raises(TrainingError, match=r"s1\.safetensors does not fit the preset"):
        load_base(networks(2), base, tmp_path)
