"""Build what `featurize` computes with where an executor works."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from safetensors import safe_open

from voxgate.errors import TextError
from voxgate.executors import Executor
from voxgate.features.one_thread import one_thread
from voxgate.features.phonemiser import open_phonemiser, phonemiser_digest
from voxgate.features.readings import (
    PooledPhonemiser,
    Reading,
    Sentence,
    Unreadable,
    read_sentence,
)
from voxgate.features.speaker_vectors import Heard, PooledSpeakerVectors
from voxgate.features.token_batches import PooledTokenizer, Utterances, encode_utterances
from voxgate.params import FeaturizeParams
from voxgate.params.featurize import WeightsSource
from voxgate.settings import load_settings
from voxgate.voice.speaker_vectors import Vectors
from voxgate.voice.speech_tokenizer import CODEBOOK_KEY, Tokens, verify_tokenizer
from voxgate.wiring.featurizers import build_speaker_vectors, build_speech_tokenizer

__all__ = ["pooled_phonemiser", "pooled_speaker_vectors", "pooled_tokenizer"]


def pooled_phonemiser(
    executor: Executor,
    symbols: str,
    *,
    lexicons: Mapping[str, Path],
    languages: Sequence[str],
) -> PooledPhonemiser:
    """Return `open_phonemiser`'s phonemiser, opened by the executor's workers."""
    digest = phonemiser_digest(symbols, lexicons=lexicons, languages=languages)
    work = _Reading(symbols, tuple(sorted(lexicons.items())), tuple(languages), digest)
    return PooledPhonemiser(executor, work, digest)


def pooled_tokenizer(
    executor: Executor, params: FeaturizeParams, *, base_dir: Path
) -> PooledTokenizer:
    """Return `build_speech_tokenizer`'s tokenizer, loaded by the executor's workers.

    Raises:
        WeightsError: its files are absent or are not the pinned ones.
    """
    stem = base_dir / params.tokenizer
    verify_tokenizer(stem, sha256=params.tokenizer_sha256)
    return PooledTokenizer(
        executor,
        _Tokenizing(params, base_dir),
        sha256=params.tokenizer_sha256,
        codes=_count_codes(stem),
    )


def pooled_speaker_vectors(executor: Executor, source: WeightsSource) -> PooledSpeakerVectors:
    """Return `build_speaker_vectors`'s network, loaded by the executor's workers."""
    return PooledSpeakerVectors(executor, _Knowing(source), sha256=source.sha256)


@dataclass(frozen=True)
class _Reading:
    """A phonemiser; `digest` is that of its table, dictionaries and rules."""

    symbols: str
    lexicons: tuple[tuple[str, Path], ...]
    languages: tuple[str, ...]
    digest: str

    @contextmanager
    def open(self) -> Iterator[Callable[[Sentence], Reading | Unreadable]]:
        opened = open_phonemiser(
            self.symbols, lexicons=dict(self.lexicons), languages=self.languages
        )
        if opened.digest != self.digest:
            raise TextError(
                "texts would be read by other rules or lexicons than those of the machine that "
                "asks; the same commit and the same data have to be checked out here"
            )
        yield partial(read_sentence, opened)


@dataclass(frozen=True)
class _Tokenizing:
    """A tokenizer, as `build_speech_tokenizer` is told; each file is held against its digest."""

    params: FeaturizeParams
    base_dir: Path

    @contextmanager
    def open(self) -> Iterator[Callable[[Utterances], list[Tokens]]]:
        tokenizer = build_speech_tokenizer(self.params, load_settings(), base_dir=self.base_dir)

        def encode(asked: Utterances) -> list[Tokens]:
            with one_thread():
                return encode_utterances(tokenizer, asked)

        yield encode


@dataclass(frozen=True)
class _Knowing:
    """A network that knows speakers, as `build_speaker_vectors` is told."""

    source: WeightsSource

    @contextmanager
    def open(self) -> Iterator[Callable[[Heard], Vectors]]:
        network = build_speaker_vectors(self.source, load_settings())

        def compute(heard: Heard) -> Vectors:
            with one_thread():
                return network.compute(heard.wave, heard.sample_rate_hz)

        yield compute


def _count_codes(stem: Path) -> int:
    with safe_open(stem.with_suffix(".safetensors"), framework="numpy") as stored:
        return int(stored.get_slice(CODEBOOK_KEY).get_shape()[0])
