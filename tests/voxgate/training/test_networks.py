from dataclasses import replace

import pytest
import safetensors.torch
import torch

from tests.fakes.tiny_preset import TINY, TINY_FLOW
from tests.fakes.training_set import random_tokenizer
from voxgate.errors import TrainingError, WeightsError
from voxgate.files import digest_file
from voxgate.params.train import BaseCheckpoint
from voxgate.training.networks import build_networks, count_parameters, load_base
from voxgate.voice.speech_tokenizer import CODEBOOK_KEY

TOKENIZER = {name: torch.from_numpy(value) for name, value in random_tokenizer().items()}


def networks(seed=1, tokenizer=TOKENIZER, preset=TINY):
    return build_networks(preset, seed=seed, tokenizer=tokenizer)


def write_base(folder, source, *, left_out="nothing") -> BaseCheckpoint:
    folder.mkdir(parents=True, exist_ok=True)
    digests = {}
    for name, network in (
        ("s1", source.text_to_semantic),
        ("s2", source.synthesizer),
        ("discriminators", source.discriminators),
    ):
        if network is not None:
            weights = {
                key: value.half()
                for key, value in network.state_dict().items()
                if not key.startswith(left_out)
            }
            path = folder / f"{name}.safetensors"
            safetensors.torch.save_file(weights, path)
            digests[f"{name}_sha256"] = digest_file(path)
    return BaseCheckpoint(folder=folder.name, **digests)


def test_a_preset_with_a_flow_comes_with_discriminators_drawn_from_the_seed():
    first, same, other = (networks(seed, preset=TINY_FLOW) for seed in (1, 1, 2))
    weights = [each.discriminators.state_dict() for each in (first, same, other)]

    assert networks().discriminators is None
    assert all(torch.equal(value, weights[1][name]) for name, value in weights[0].items())
    assert not all(torch.equal(value, weights[2][name]) for name, value in weights[0].items())


def test_a_base_with_a_flow_brings_posterior_and_discriminators(tmp_path):
    source, target = networks(1, preset=TINY_FLOW), networks(2, preset=TINY_FLOW)
    load_base(target, write_base(tmp_path / "v2", source), tmp_path)

    for name, found, wanted in (
        ("enc_q.pre.weight", target.synthesizer, source.synthesizer),
        ("discriminators.0.convs.0.weight_v", target.discriminators, source.discriminators),
    ):
        assert torch.equal(found.state_dict()[name], wanted.state_dict()[name].half().float())


def test_a_base_without_discriminators_leaves_them_random(tmp_path):
    source, target = networks(1, preset=TINY_FLOW), networks(2, preset=TINY_FLOW)
    base = write_base(tmp_path / "v2", source)
    load_base(target, base.model_copy(update={"discriminators_sha256": None}), tmp_path)
    before = networks(2, preset=TINY_FLOW).discriminators.state_dict()

    found = target.discriminators.state_dict()
    assert all(torch.equal(value, before[name]) for name, value in found.items())


def test_an_s2_without_posterior_encoder_is_refused(tmp_path):
    base = write_base(tmp_path / "v2", networks(1, preset=TINY_FLOW), left_out="enc_q.")

    with pytest.raises(TrainingError, match=r"s2\.safetensors has no posterior encoder \(enc_q"):
        load_base(networks(2, preset=TINY_FLOW), base, tmp_path)


def test_discriminators_for_a_preset_that_has_none_are_refused(tmp_path):
    base = write_base(tmp_path / "mini", networks(1))

    with pytest.raises(TrainingError, match="the preset is trained without; remove"):
        load_base(
            networks(2), base.model_copy(update={"discriminators_sha256": "a" * 64}), tmp_path
        )


def test_the_switch_for_the_public_padding_reaches_the_network():
    legacy = build_networks(TINY, seed=1, tokenizer=TOKENIZER, legacy_padding=True)

    assert legacy.text_to_semantic.legacy_padding
    assert not networks().text_to_semantic.legacy_padding


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


def test_every_learned_number_is_counted():
    assert count_parameters(torch.nn.Linear(3, 2)) == 3 * 2 + 2
