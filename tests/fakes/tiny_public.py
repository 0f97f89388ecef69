"""The public models and their frozen extractors, of the same classes at sizes of a test.

Files are written as their publishers write them: float16 zip pickles under the published names.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from models.gpt_sovits import presets
from models.gpt_sovits.build import build_synthesizer, build_text_to_semantic
from models.gpt_sovits.presets import V2PRO, FlowVocoderPreset
from models.gpt_sovits.s2.speaker_verification import SpeakerNetworkPreset, SpeakerVerifier
from voxgate.adapters.extractors.transformers_compat import import_transformers
from voxgate.files import write_json

TINY_SPEAKER_NETWORK = SpeakerNetworkPreset(width=4, blocks=(1, 1, 1, 1), embedding=8)

TINY_V2PRO = replace(
    V2PRO,
    name="tiny-v2Pro",
    text_to_semantic=replace(
        V2PRO.text_to_semantic, bert_channels=16, codes=64, width=32, heads=2, layers=1
    ),
    synthesizer=replace(
        V2PRO.synthesizer,
        codes=64,
        ssl_channels=32,
        hidden=16,
        feed_forward=32,
        text_layers=1,
        ssl_layers=1,
        fused_layers=1,
        cross_width=16,
        reference_hidden=16,
        timbre=24,
        speaker_vector=TINY_SPEAKER_NETWORK.vector_size,
        wave=FlowVocoderPreset(
            latent=8,
            posterior_layers=1,
            flow_layers=1,
            upsample_width=32,
            discriminator_width=64,
            resblock_kernels=(3,),
            resblock_dilations=(1,),
        ),
    ),
)

HUBERT_CONFIG: Mapping[str, Any] = {
    "model_type": "hubert",
    "conv_dim": [16] * 7,
    "feat_extract_norm": "group",
    "do_stable_layer_norm": False,
    "hidden_size": 32,
    "intermediate_size": 32,
    "num_attention_heads": 2,
    "num_conv_pos_embedding_groups": 2,
    "num_conv_pos_embeddings": 16,
    "num_hidden_layers": 1,
}

BERT_CONFIG: Mapping[str, Any] = {
    "model_type": "bert",
    "vocab_size": 9,
    "hidden_size": 16,
    "intermediate_size": 16,
    "num_attention_heads": 2,
    "num_hidden_layers": 3,
    "max_position_embeddings": 20,
}
WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "你", "好", "吗", "?")


def install_tiny_public(patch: pytest.MonkeyPatch) -> None:
    """Make `tiny-v2Pro` a known preset until `patch` is undone."""
    patch.setattr(presets, "PRESETS", {**presets.PRESETS, TINY_V2PRO.name: TINY_V2PRO})


def write_hubert(folder: Path) -> nn.Module:
    """Write `config.json` and `pytorch_model.bin`; return the network that they are of."""
    transformers = import_transformers()
    config = {key: value for key, value in HUBERT_CONFIG.items() if key != "model_type"}
    network = _seeded(lambda: transformers.HubertModel(transformers.HubertConfig(**config)))
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "config.json", HUBERT_CONFIG)
    published = {
        key.replace("parametrizations.weight.original0", "weight_g").replace(
            "parametrizations.weight.original1", "weight_v"
        ): value
        for key, value in network.state_dict().items()
    }
    torch.save(_halved(published), folder / "pytorch_model.bin")
    return network


def write_bert(folder: Path) -> nn.Module:
    """Write `config.json`, `vocab.txt` and `pytorch_model.bin` with its word predictor."""
    transformers = import_transformers()
    config = {key: value for key, value in BERT_CONFIG.items() if key != "model_type"}
    network = _seeded(lambda: transformers.BertForMaskedLM(transformers.BertConfig(**config)))
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "config.json", BERT_CONFIG)
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    torch.save(copy.deepcopy(network).half().state_dict(), folder / "pytorch_model.bin")
    return network


def write_speaker_network(folder: Path) -> SpeakerVerifier:
    """Write the speaker network's plain state."""
    network = _seeded(lambda: SpeakerVerifier(TINY_SPEAKER_NETWORK))
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(copy.deepcopy(network).half().state_dict(), folder / "pretrained.ckpt")
    return network


def write_pair(folder: Path) -> tuple[Path, Path]:
    """Write a base S1 and a base S2 (with its posterior), as upstream's savers do."""
    folder.mkdir(parents=True, exist_ok=True)
    s1 = {
        f"model.{key}": value
        for key, value in _seeded(lambda: build_text_to_semantic(TINY_V2PRO)).state_dict().items()
    }
    s2 = _seeded(lambda: build_synthesizer(TINY_V2PRO)).state_dict()
    paths = folder / "s1v3.ckpt", folder / "s2Gv2Pro.pth"
    for path, weights in zip(paths, (s1, s2), strict=True):
        torch.save({"weight": _halved(weights), "config": {"a": 1}, "info": "base"}, path)
    return paths


def _seeded(build: Any) -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        network = build()
    # Their numbers are float16 in the files: round here, so that both sides are equal.
    network.load_state_dict({k: _rounded(v) for k, v in network.state_dict().items()})
    return network.eval()


def _rounded(value: Tensor) -> Tensor:
    return value.half().float() if value.is_floating_point() else value


def _halved(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {k: v.half() if v.is_floating_point() else v for k, v in state.items()}
