"""A pair of imported checkpoints as what training starts from: a folder under `base/`.

    base/NAME/
        s1.safetensors, s1.json, s2.safetensors, s2.json     what train.base names
        tokenizer.safetensors, tokenizer.json                what featurize.tokenizer names

The tokenizer of the public models is part of S2: its `ssl_proj` and codebook over HuBERT.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors.torch

from models.gpt_sovits.presets import preset
from voxgate.adapters.public_weights import ImportedFile
from voxgate.errors import WeightsError
from voxgate.files import publish_directory, write_json
from voxgate.params.featurize import WeightsSource
from voxgate.training.speech_tokenizer import CODEBOOK_KEY, tokenizer_digest

__all__ = ["PROMPT_SILENCE_SAMPLES", "write_base"]

PROMPT_SILENCE_SAMPLES = 9_600
"""Zeros after a prompt, at 16 kHz (specification 7)."""

_TOKENIZER_KEYS = ("ssl_proj.weight", "ssl_proj.bias", CODEBOOK_KEY)


@dataclass(frozen=True)
class _Pair:
    s1: ImportedFile
    s2: ImportedFile


def write_base(
    files: Iterable[ImportedFile],
    folder: Path,
    *,
    extractor: WeightsSource,
    preparation_scale: bool = False,
) -> dict[str, Any]:
    """Write the folder and return what params.yaml says to use it.

    Args:
        files: one S1 and one S2 among them.
        folder: `base/NAME`; replaced in one step.
        extractor: the HuBERT that `featurize` runs.
        preparation_scale: see `TokenizerCard.preparation_scale`.

    Raises:
        WeightsError: the files are no pair, or training cannot start from them.
    """
    pair = _pair(files)
    with publish_directory(folder) as temporary:
        for each in (pair.s1, pair.s2):
            for suffix in (".safetensors", ".json"):
                shutil.copyfile(
                    each.folder / f"{each.stem}{suffix}", temporary / f"{each.stem}{suffix}"
                )
        _write_tokenizer(
            temporary, extractor=extractor, source=pair.s2, preparation_scale=preparation_scale
        )
    chosen = preset(pair.s2.preset)
    return {
        "ingest": {"sample_rate_hz": chosen.sample_rate_hz},
        "featurize": {
            "symbols": chosen.symbols,
            "tokenizer": f"{folder.name}/tokenizer",
            "tokenizer_sha256": tokenizer_digest(folder / "tokenizer"),
            "extractor": extractor.source,
            "extractor_sha256": extractor.sha256,
        },
        "train": {
            "preset": chosen.name,
            "base": {
                "folder": folder.name,
                "s1_sha256": pair.s1.sha256,
                "s2_sha256": pair.s2.sha256,
            },
        },
    }


def _pair(files: Iterable[ImportedFile]) -> _Pair:
    by_network: dict[str, list[ImportedFile]] = {"s1": [], "s2": []}
    for each in files:
        by_network.setdefault(each.network, []).append(each)
    if len(by_network["s1"]) != 1 or len(by_network["s2"]) != 1:
        raise WeightsError(
            f"a base needs one S1 (.ckpt) and one S2 (.pth), got {len(by_network['s1'])} and "
            f"{len(by_network['s2'])}; name both files of one version in one command"
        )
    s1, s2 = by_network["s1"][0], by_network["s2"][0]
    if preset(s1.preset).text_to_semantic != preset(s2.preset).text_to_semantic:
        raise WeightsError(
            f"{s1.source} is the S1 of {s1.preset}, {s2.source} the S2 of {s2.preset}: their phone "
            "tables differ; take both from one version"
        )
    if not s2.trainable:
        raise WeightsError(
            f"{s2.source} is an exported voice without its posterior encoder (enc_q): training "
            "cannot start from it; take a base model (s2G...) or a voice of voxgate"
        )
    return _Pair(s1, s2)


def _write_tokenizer(
    folder: Path, *, extractor: WeightsSource, source: ImportedFile, preparation_scale: bool
) -> None:
    tensors = safetensors.torch.load_file(folder / "s2.safetensors")
    frozen = {key: tensors[key].contiguous() for key in _TOKENIZER_KEYS}
    safetensors.torch.save_file(frozen, folder / "tokenizer.safetensors")
    write_json(
        folder / "tokenizer.json",
        {
            "schema": 1,
            "extractor": extractor.source,
            "extractor_sha256": extractor.sha256,
            "extractor_kind": "hubert",
            "layer": None,
            "remove_mean": False,
            "preparation_scale": preparation_scale,
            "prompt_silence_samples": PROMPT_SILENCE_SAMPLES,
            "origin": {"file": source.source, "sha256": source.source_sha256},
        },
    )
