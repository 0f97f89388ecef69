from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from tests.fakes.tiny_public import write_hubert
from tests.models.gpt_sovits import golden
from voxgate.adapters.assets.catalogue import find_asset
from voxgate.adapters.assets.origins import folder_digest
from voxgate.adapters.assets.recipes import build_asset
from voxgate.adapters.assets.store import file_digests
from voxgate.adapters.extractors.hubert import (
    HubertFeatures,
    _own_name,
    load_hubert,
    preparation_scale,
)
from voxgate.adapters.extractors.transformers_compat import import_transformers
from voxgate.errors import EvaluatorError, WeightsError
from voxgate.files import digest_file, read_json, write_json


def load(folder: Path, **options: bool) -> HubertFeatures:
    digest = folder_digest(file_digests(folder))
    return load_hubert(str(folder), sha256=digest, assets_dir=folder.parent / "store", **options)


def noise(samples: int) -> np.ndarray:
    return np.random.default_rng(2).normal(scale=0.1, size=samples).astype(np.float32)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, nn.Module]:
    folder = tmp_path_factory.mktemp("hubert")
    return folder, write_hubert(folder)


def raw(network: nn.Module, wave: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        return network(torch.from_numpy(wave)[None]).last_hidden_state[0].numpy()


def test_raw_samples_go_in_and_the_last_hidden_state_comes_out(network) -> None:
    folder, expected = network
    waves = [noise(16_000) + np.float32(0.2), noise(5_000)]
    found = load(folder).extract(waves)

    assert [each.shape for each in found] == [(49, 32), (15, 32)]
    for wave, features in zip(waves, found, strict=True):
        np.testing.assert_allclose(features, raw(expected, wave), atol=1e-5)


def test_the_preparation_scale_is_a_switch_and_changes_little(network) -> None:
    folder, expected = network
    wave = noise(8_000)
    plain = load(folder).extract([wave])[0]
    scaled = load(folder, preparation_scale=True).extract([wave])[0]

    np.testing.assert_allclose(scaled, raw(expected, preparation_scale(wave)), atol=1e-5)
    assert 0 < float(np.abs(scaled - plain).max()) < 0.1


def test_the_preparation_scale_is_half_of_a_peak_and_half_of_the_samples() -> None:
    wave = np.array([0.0, 0.25, -0.5], dtype=np.float32)
    expected = 1145.14 * (0.5 * 0.95 * wave / 0.5 + 0.5 * wave)
    np.testing.assert_allclose(preparation_scale(wave), expected, rtol=1e-6)
    assert not preparation_scale(np.zeros(3, dtype=np.float32)).any()


def test_safetensors_and_the_published_pickle_give_the_same(network, tmp_path: Path) -> None:
    folder, _ = network
    state = torch.load(folder / "pytorch_model.bin", weights_only=True)
    save_file(
        {key: value.contiguous() for key, value in state.items()}, tmp_path / "model.safetensors"
    )
    write_json(tmp_path / "config.json", read_json(folder / "config.json"))
    wave = noise(4_000)

    assert np.array_equal(load(folder).extract([wave])[0], load(tmp_path).extract([wave])[0])


def test_loading_leaves_the_random_generator_alone(network) -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    load(network[0])

    assert torch.equal(torch.rand(2), expected)


def test_a_wave_without_a_frame_is_refused(network) -> None:
    with pytest.raises(EvaluatorError, match=r"0\.02 s, need at least 0\.03 s"):
        load(network[0]).extract([noise(399)])


class Attack:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.marker}",)


def test_weights_that_would_run_something_are_refused(tmp_path: Path) -> None:
    write_hubert(tmp_path / "hubert")
    marker = tmp_path / "was-here"
    torch.save({"a": Attack(marker)}, tmp_path / "hubert" / "pytorch_model.bin")

    with pytest.raises(WeightsError, match=r"pytorch_model\.bin: the file asks to run"):
        load(tmp_path / "hubert")
    assert not marker.exists()


def test_other_files_than_the_pinned_ones_are_refused(network) -> None:
    with pytest.raises(WeightsError, match=r"params\.yaml pins sha256 0000"):
        load_hubert(str(network[0]), sha256="0" * 64, assets_dir=network[0])


def test_a_configuration_of_another_network_names_the_tensors(tmp_path: Path) -> None:
    write_hubert(tmp_path)
    config = read_json(tmp_path / "config.json")
    write_json(tmp_path / "config.json", config | {"intermediate_size": 48})
    with pytest.raises(WeightsError, match=r"3 tensors differ: encoder\.layers\.0\.feed_forward"):
        load(tmp_path)

    write_json(tmp_path / "config.json", config | {"model_type": "wav2vec2"})
    with pytest.raises(WeightsError, match="expected model_type hubert, got wav2vec2"):
        load(tmp_path)

    (tmp_path / "config.json").unlink()
    with pytest.raises(WeightsError, match=r"config\.json cannot be read .* copy both"):
        load(tmp_path)


def test_the_catalogue_writes_the_published_sizes(tmp_path: Path) -> None:
    asset = find_asset("chinese-hubert-base")
    local = tmp_path / "local"
    local.mkdir()
    (local / "pytorch_model.bin").write_bytes(b"not the published bytes")
    build_asset(asset, tmp_path, local_dir=local)

    transformers = import_transformers()
    values = read_json(tmp_path / "config.json")
    assert digest_file(tmp_path / "config.json") == asset.pins["config.json"]
    values.pop("model_type")
    ours = transformers.HubertConfig(**values)
    recorded = golden.facts("KEYS_cnhubert_base")["config"]
    differing = {key for key in values if getattr(ours, key) != recorded[key]}
    assert not differing
    published = transformers.HubertConfig(
        **{k: v for k, v in recorded.items() if k != "model_type"}
    )
    deciding = set(ours.to_dict()) - {"transformers_version", "architectures", "dtype"}
    assert {key for key in deciding if getattr(ours, key) != getattr(published, key)} == set()


@pytest.mark.slow
def test_features_are_upstreams() -> None:
    transformers = import_transformers()
    recorded = golden.facts("KEYS_cnhubert_base")
    config = {key: value for key, value in recorded["config"].items() if key != "model_type"}
    network = transformers.HubertModel(transformers.HubertConfig(**config)).eval()
    network.load_state_dict(
        {
            _own_name(key): recorded_weight(key, shape)
            for key, shape in golden.shapes("KEYS_cnhubert_base").items()
        }
    )
    stored = golden.arrays("hubert_base")
    (features,) = HubertFeatures(network, "0" * 64).extract([stored["wave16k"].numpy()])
    expected = stored["last_hidden_BCT"][0].T
    assert golden.largest_error(torch.from_numpy(features), expected) < 1e-4


def recorded_weight(key: str, shape: tuple[int, ...]) -> torch.Tensor:
    if key == "masked_spec_embed":
        return torch.zeros(shape)
    if len(shape) == 1 and key.endswith("layer_norm.weight"):
        return 1 + 0.1 * torch.from_numpy(golden.recipe(f"{key}.x", shape))
    return torch.from_numpy(golden.recipe(key, shape))
