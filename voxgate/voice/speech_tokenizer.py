"""The frozen speech tokenizer: what was said in a wave, as 25 numbers a second.

Frozen extractor features at 50 Hz → (mean removal) → `ssl_proj`, a strided pair sum to 25 Hz →
the nearest code (docs/gpt_sovits.md 3.2). Files, in `base/`: `tokenizer.safetensors` with
`ssl_proj.weight` (D, C, 2), `ssl_proj.bias` (D,) and
`quantizer.vq.layers.0._codebook.embed` (K, D), and `tokenizer.json`.
T feature frames, C feature channels, D projected channels, K codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from safetensors.numpy import load_file

from voxgate.errors import WeightsError
from voxgate.files import digest_file, digest_json, read_json
from voxgate.types import Wave

__all__ = [
    "CODEBOOK_KEY",
    "CodebookTokenizer",
    "FeatureExtractor",
    "SpeechTokenizer",
    "TokenizerCard",
    "read_tokenizer",
    "read_tokenizer_card",
    "tokenizer_digest",
    "verify_tokenizer",
]

CODEBOOK_KEY = "quantizer.vq.layers.0._codebook.embed"
Floats = NDArray[np.float32]
Tokens = NDArray[np.int64]


class TokenizerCard(BaseModel):
    """How the features of a tokenizer are made. A card may hold more, about its origin."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    schema_version: Literal[1] = Field(alias="schema")
    extractor: str
    extractor_sha256: str
    layer: int | None
    """Block of the extractor whose output is taken (0 is the first); null is its final output."""

    remove_mean: bool
    """Whether the mean over a clip is taken off its features (it is largely the speaker)."""

    extractor_kind: Literal["whisper", "hubert"] = "whisper"

    preparation_scale: bool = False
    """Whether HuBERT hears samples as upstream's training preparation scales them, which its
    inference does not (docs/gpt_sovits.md 2.3). False gives both sides the same samples."""

    prompt_silence_samples: int = Field(default=0, ge=0)
    """Zeros at 16 kHz after a clip that speech continues (docs/gpt_sovits.md 7)."""


class FeatureExtractor(Protocol):
    """A frozen network that turns speech into features."""

    @property
    def sha256(self) -> str:
        """Digest of the weights."""
        ...

    def extract(self, waves: Sequence[Wave]) -> list[Floats]:
        """Return (T, C) float32 features of each 16 kHz wave, 50 frames a second."""
        ...


class SpeechTokenizer(Protocol):
    """Turns speech into tokens."""

    @property
    def sha256(self) -> str:
        """Digest of everything that decides a token: two tokenizers with one digest agree."""
        ...

    @property
    def codes(self) -> int:
        """Number of different tokens."""
        ...

    def encode(self, waves: Sequence[Wave]) -> list[Tokens]:
        """Return the tokens of each 16 kHz wave: (N,) int64 below `codes`, 25 a second."""
        ...

    def encode_prompt(self, wave: Wave) -> Tokens:
        """Return the tokens of a 16 kHz wave that speech continues."""
        ...


@dataclass(frozen=True, kw_only=True)
class CodebookTokenizer:
    """The tokenizer of a base checkpoint over an extractor."""

    extractor: FeatureExtractor
    sha256: str
    projection: Floats
    """(D, C, 2): weights of a convolution of width 2 and stride 2."""

    bias: Floats
    """(D,)."""

    embed: Floats
    """(K, D)."""

    remove_mean: bool
    """See TokenizerCard."""

    prompt_silence_samples: int = 0
    """See TokenizerCard."""

    @property
    def codes(self) -> int:
        """Number of different tokens."""
        return len(self.embed)

    def encode(self, waves: Sequence[Wave]) -> list[Tokens]:
        """Return the tokens of each 16 kHz wave: (N,) int64, 25 a second."""
        return [self._tokens(features) for features in self.extractor.extract(waves)]

    def encode_prompt(self, wave: Wave) -> Tokens:
        """Return the tokens of a 16 kHz wave that speech continues, with silence after it."""
        return self.encode([np.pad(wave, (0, self.prompt_silence_samples))])[0]

    def _tokens(self, features: Floats) -> Tokens:
        if self.remove_mean:
            features = features - features.mean(axis=0, keepdims=True)
        pairs = features[: len(features) // 2 * 2].reshape(-1, 2, features.shape[1])  # (N, 2, C)
        vectors = np.einsum("npc,dcp->nd", pairs, self.projection, optimize=True) + self.bias
        # argmin |x - e|^2 without the term that is the same for every code
        distance = (self.embed**2).sum(axis=1) - 2 * vectors @ self.embed.T  # (N, K)
        return np.asarray(distance.argmin(axis=1), dtype=np.int64)


def tokenizer_digest(stem: Path) -> str:
    """Return the sha256 of the canonical JSON {file name: sha256} of both files of a tokenizer.

    The weights and the card both decide the tokens.

    Raises:
        WeightsError: one of the files is absent.
    """
    paths = (stem.with_suffix(".safetensors"), stem.with_suffix(".json"))
    for path in paths:
        if not path.is_file():
            raise WeightsError(
                f"{path} is missing; it ships with the project (git status shows it)"
            )
    return digest_json({path.name: digest_file(path) for path in paths})


def verify_tokenizer(stem: Path, *, sha256: str) -> None:
    """Check that the tokenizer at `stem` is the pinned one.

    Raises:
        WeightsError: a file is absent, or their digest is not `sha256`.
    """
    found = tokenizer_digest(stem)
    if found != sha256:
        raise WeightsError(
            f"{stem}: expected sha256 {sha256} (featurize.tokenizer_sha256), found {found}; "
            "restore the files from git, or name the new digest in params.yaml on purpose"
        )


def read_tokenizer_card(stem: Path, *, sha256: str) -> TokenizerCard:
    """Read `<stem>.json` after verifying both files.

    Raises:
        WeightsError: they are absent or differ from `sha256`, or the card is of a newer schema.
    """
    verify_tokenizer(stem, sha256=sha256)
    path = stem.with_suffix(".json")
    try:
        return TokenizerCard.model_validate(read_json(path))
    except ValueError as error:  # pydantic's and JSON's errors alike
        raise WeightsError(f"{path} is not a tokenizer card of schema 1: {error}") from error


def read_tokenizer(stem: Path, *, sha256: str, extractor: FeatureExtractor) -> CodebookTokenizer:
    """Read `<stem>.safetensors` and `<stem>.json` and verify them.

    `extractor` must give the layer that the card names.

    Raises:
        WeightsError: they are absent, differ from `sha256`, or belong to another extractor.
    """
    card = read_tokenizer_card(stem, sha256=sha256)
    if card.extractor_sha256 != extractor.sha256:
        raise WeightsError(
            f"{stem}.json was made with extractor {card.extractor_sha256}, but the extractor that "
            f"was loaded is {extractor.sha256}; fetch the one that featurize.extractor names"
        )
    tensors = load_file(stem.with_suffix(".safetensors"))
    return CodebookTokenizer(
        extractor=extractor,
        sha256=sha256,
        projection=tensors["ssl_proj.weight"].astype(np.float32),
        bias=tensors["ssl_proj.bias"].astype(np.float32),
        embed=tensors[CODEBOOK_KEY].astype(np.float32),
        remove_mean=card.remove_mean,
        prompt_silence_samples=card.prompt_silence_samples,
    )
