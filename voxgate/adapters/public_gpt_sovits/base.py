"""A pair of imported checkpoints as what training starts from: a folder under `base/`.

    base/NAME/
        s1.safetensors, s1.json, s2.safetensors, s2.json     what train.base names
        discriminators.safetensors, discriminators.json      the same, if they were given
        tokenizer.safetensors, tokenizer.json                what featurize.tokenizer names

The tokenizer of the public models is part of S2: its `ssl_proj` and codebook over HuBERT.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors.torch

from models.gpt_sovits.presets import preset
from voxgate.adapters.public_gpt_sovits.weights import ImportedFile
from voxgate.errors import WeightsError
from voxgate.files import publish_directory, read_json, write_bytes, write_json
from voxgate.params.featurize import WeightsSource
from voxgate.voice.speech_tokenizer import CODEBOOK_KEY, tokenizer_digest

__all__ = ["PROMPT_SILENCE_SAMPLES", "write_base"]

PROMPT_SILENCE_SAMPLES = 9_600
"""Zeros after a prompt, at 16 kHz (docs/gpt_sovits.md 7)."""

_TOKENIZER_KEYS = ("ssl_proj.weight", "ssl_proj.bias", CODEBOOK_KEY)
_REQUIRED = ("s1", "s2")
_OPTIONAL = ("discriminators", "bert")


@dataclass(frozen=True)
class _Parts:
    s1: ImportedFile
    s2: ImportedFile
    discriminators: ImportedFile | None
    bert: ImportedFile | None
    """Stays in the asset store: it is frozen, and speaking needs it too."""

    def __iter__(self) -> Iterator[ImportedFile]:
        yield from (each for each in (self.s1, self.s2, self.discriminators) if each is not None)


def write_base(
    files: Iterable[ImportedFile],
    folder: Path,
    *,
    extractor: WeightsSource,
    speaker_network: WeightsSource,
    preparation_scale: bool = False,
) -> dict[str, Any]:
    """Write the folder and return what params.yaml says to use it.

    Args:
        files: one S1, one S2, and at most one file of discriminators and one BERT.
        folder: `base/NAME`; one that this function made is replaced in one step.
        extractor: the HuBERT that `featurize` runs.
        speaker_network: the network that it runs for a preset with speaker vectors.
        preparation_scale: see `TokenizerCard.preparation_scale`.

    Raises:
        WeightsError: the files do not belong together, training cannot start from them, or the
            folder is something else.
    """
    parts = _parts(files)
    if folder.exists() and not _made_here(folder):
        raise WeightsError(f"{folder} is there and no base of imported files; choose another name")
    with publish_directory(folder) as temporary:
        for each in parts:
            for suffix in (".safetensors", ".json"):
                shutil.copyfile(
                    each.folder / f"{each.stem}{suffix}", temporary / f"{each.stem}{suffix}"
                )
        _write_tokenizer(
            temporary, extractor=extractor, source=parts.s2, preparation_scale=preparation_scale
        )
    chosen = preset(parts.s2.preset)
    pins = {f"{each.network}_sha256": each.sha256 for each in parts}
    return {
        "ingest": {"sample_rate_hz": chosen.sample_rate_hz},
        "featurize": {
            "symbols": chosen.symbols,
            "tokenizer": f"{folder.name}/tokenizer",
            "tokenizer_sha256": tokenizer_digest(folder / "tokenizer"),
            "extractor": extractor.source,
            "extractor_sha256": extractor.sha256,
            "speaker_vectors": speaker_network.model_dump()
            if chosen.synthesizer.speaker_vector
            else None,
            **({} if parts.bert is None else {"text_features_sha256": parts.bert.sha256}),
        },
        "train": {
            "preset": chosen.name,
            "base": {"folder": folder.name, **pins},
        },
    }


def _made_here(folder: Path) -> bool:
    try:
        return "origin" in read_json(folder / "tokenizer.json")
    except (OSError, ValueError):
        return False


def _parts(files: Iterable[ImportedFile]) -> _Parts:
    known = (*_REQUIRED, *_OPTIONAL)
    found: dict[str, list[ImportedFile]] = {network: [] for network in known}
    for each in files:
        found.setdefault(each.network, []).append(each)
    counts = {network: len(each) for network, each in found.items()}
    complete = all(counts[network] == 1 for network in _REQUIRED)
    if not complete or max(counts.values()) > 1 or len(counts) > len(known):
        listed = ", ".join(f"{count} {network}" for network, count in counts.items())
        raise WeightsError(
            "a base needs one S1 (.ckpt) and one S2 (.pth) and takes one file of discriminators "
            f"and one BERT, got {listed}; name the files of one version in one command"
        )
    (s1,), (s2,) = found["s1"], found["s2"]
    parts = _Parts(s1, s2, *(next(iter(found[each]), None) for each in _OPTIONAL))
    _check_versions(parts)
    if not s2.trainable:
        raise WeightsError(
            f"{s2.source} is an exported voice without its posterior encoder (enc_q): training "
            "cannot start from it; take a base model (s2G...)"
        )
    return parts


def _check_versions(parts: _Parts) -> None:
    chosen = preset(parts.s2.preset)
    if preset(parts.s1.preset).text_to_semantic != chosen.text_to_semantic:
        raise WeightsError(
            f"{parts.s1.source} is the S1 of {parts.s1.preset}, {parts.s2.source} the S2 of "
            f"{chosen.name}: their phone tables differ; take both from one version"
        )
    judges = parts.discriminators
    if (
        judges is not None
        and preset(judges.preset).flow_vocoder.periods != chosen.flow_vocoder.periods
    ):
        raise WeightsError(
            f"{judges.source} are the discriminators of {judges.preset}, {parts.s2.source} the S2 "
            f"of {chosen.name}; take both from one version"
        )


def _write_tokenizer(
    folder: Path, *, extractor: WeightsSource, source: ImportedFile, preparation_scale: bool
) -> None:
    tensors = safetensors.torch.load_file(folder / "s2.safetensors")
    frozen = {key: tensors[key].contiguous() for key in _TOKENIZER_KEYS}
    write_bytes(folder / "tokenizer.safetensors", safetensors.torch.save(frozen))
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
