"""Speech recognition by openai-whisper: one encoder pass for text, language and alignment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import torch

from voxgate.adapters.assets.store import checked_folder
from voxgate.adapters.devices import evaluator_device
from voxgate.adapters.wave_checks import check_waves
from voxgate.adapters.whisper.alignment import align_texts
from voxgate.adapters.whisper.decoding import decode_greedily, guess_languages, text_limit
from voxgate.adapters.whisper.encoding import (
    FULL_WINDOW,
    MAX_WINDOW_S,
    WindowPolicy,
    encode_windows,
)
from voxgate.adapters.whisper.memory import Memory, remember
from voxgate.adapters.whisper.model import LoadedWhisper, load_whisper
from voxgate.adapters.whisper.precision import require_precision, set_encoder_precision
from voxgate.errors import EvaluatorError
from voxgate.params.evaluate import EvaluatorSource, Precision
from voxgate.types import (
    HEARING_RATE_HZ,
    Alignment,
    EvaluatorIdentity,
    Recognition,
    Transcript,
    Wave,
)

__all__ = ["WhisperRecogniser", "load_recogniser"]

Result = TypeVar("Result")


class WhisperRecogniser:
    """Implements ports.Recogniser. Greedy (temperature 0), the language is given.

    A network that cannot tell the language from its nearest reports the language asked for.
    """

    def __init__(
        self,
        whisper: LoadedWhisper,
        identity: EvaluatorIdentity,
        *,
        batch_size: int,
        language: str,
        windows: WindowPolicy,
    ) -> None:
        self._whisper = whisper
        self._identity = identity
        self._batch_size = batch_size
        self._tokenizer = whisper.tokenizer(language)
        self._language = language
        self._windows = windows

    @property
    def identity(self) -> EvaluatorIdentity:
        """Name, weights, and how it decodes."""
        return self._identity

    def transcribe(
        self, waves: Sequence[Wave], *, max_tokens: Sequence[int] | None = None
    ) -> list[Transcript]:
        """Transcribe 16 kHz waves of at most 30 s; one transcript a wave, in order.

        The heard text is aligned on the same encoder pass, so that its words have times.

        `max_tokens` bounds each wave's decoding below Whisper's own 224 tokens.

        Raises:
            EvaluatorError: a wave cannot be measured (empty, too long, not finite).
        """
        limits = self._limits(len(waves), max_tokens)

        def transcribe_batch(rows: list[int], memory: Memory) -> list[Transcript]:
            heard = self._decode(memory, limits, rows)
            texts = [None if each.capped else each.text for each in heard]
            paths = self._align(memory, texts, [len(waves[n]) for n in rows])
            return [
                each if path is None else replace(each, words=path.words)
                for each, path in zip(heard, paths, strict=True)
            ]

        return self._batched(waves, transcribe_batch)

    def recognise(self, waves: Sequence[Wave], texts: Sequence[str | None]) -> list[Recognition]:
        """Transcribe each wave and align it with its text, from one encoder pass.

        There is no alignment without a text, nor for one with more tokens than the decoder holds.

        Raises:
            EvaluatorError: a wave cannot be measured, or there is not one text a wave.
        """
        if len(texts) != len(waves):
            raise EvaluatorError(f"{len(waves)} waves but {len(texts)} texts")
        limits = self._limits(len(waves), None)

        def recognise_batch(rows: list[int], memory: Memory) -> list[Recognition]:
            transcripts = self._decode(memory, limits, rows)
            alignments = self._align(
                memory, [texts[n] for n in rows], [len(waves[n]) for n in rows]
            )
            pairs = zip(transcripts, alignments, strict=True)
            return [Recognition(transcript=heard, alignment=path) for heard, path in pairs]

        return self._batched(waves, recognise_batch)

    def _limits(self, count: int, max_tokens: Sequence[int] | None) -> list[int]:
        bound = text_limit(self._whisper.network)
        if max_tokens is None:
            return [bound] * count
        if len(max_tokens) != count:
            raise EvaluatorError(f"{count} waves but {len(max_tokens)} token limits")
        return [max(1, min(limit, bound)) for limit in max_tokens]

    def _decode(self, memory: Memory, limits: list[int], rows: list[int]) -> list[Transcript]:
        network, tokenizer = self._whisper.network, self._tokenizer
        decoded = decode_greedily(network, tokenizer, memory, [limits[n] for n in rows])
        first = torch.stack([result.first_logits for result in decoded])
        guesses = guess_languages(network, tokenizer, first)
        # What stands for the asked language in this network is no other language.
        called = {self._whisper.spelled_as(self._language): self._language}
        return [
            Transcript(
                text=tokenizer.decode(result.tokens).strip(),
                language=called.get(guess.language, guess.language),
                language_probability=guess.probability,
                mean_log_probability=result.mean_log_probability,
                no_speech_probability=guess.no_speech_probability,
                capped=result.capped,
            )
            for result, guess in zip(decoded, guesses, strict=True)
        ]

    def _align(
        self, memory: Memory, texts: list[str | None], lengths: list[int]
    ) -> list[Alignment | None]:
        return align_texts(self._whisper, self._tokenizer, memory, texts, lengths)

    def _batched(
        self, waves: Sequence[Wave], measure: Callable[[list[int], Memory], list[Result]]
    ) -> list[Result]:
        """Encode batch by batch, measure each, and return the results in the order of `waves`."""
        check_waves(waves, max_s=MAX_WINDOW_S)
        results: dict[int, Result] = {}
        with torch.inference_mode():
            for window_s, rows in self._batches([len(wave) for wave in waves]):
                batch = [waves[n] for n in rows]
                network = self._whisper.network
                memory = remember(network, encode_windows(network, batch, window_s))
                results.update(zip(rows, measure(rows, memory), strict=True))
        return [results[n] for n in range(len(waves))]

    def _batches(self, lengths: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
        """Group waves that share a window; similar lengths go together, so texts do too."""
        order = sorted(range(len(lengths)), key=lambda n: (lengths[n], n))
        for window_s, group in groupby(order, key=lambda n: self._windows.window_s(lengths[n])):
            rows = list(group)
            for at in range(0, len(rows), self._batch_size):
                yield window_s, rows[at : at + self._batch_size]


def load_recogniser(
    source: EvaluatorSource,
    *,
    assets_dir: Path,
    threads: int,
    batch_size: int,
    language: str = "en",
    windows: WindowPolicy = FULL_WINDOW,
    precision: Precision = "float32",
    device: str = "cpu",
) -> WhisperRecogniser:
    """Load a Whisper model from a checked folder.

    Args:
        source: the pinned instrument; its kind is "whisper".
        assets_dir: where assets live on this machine.
        threads: threads of PyTorch, for the whole process.
        batch_size: waves that go through the network together.
        language: the language that decoding is forced to.
        windows: how much audio the encoder sees.
        precision: what the encoder computes in.
        device: "cpu" or "cuda".

    Language, windows, precision and device are part of the identity.

    Raises:
        WeightsError: the weights are absent, damaged, or not the pinned ones.
        EvaluatorError: the source is of another kind, there is no such device, it does not
            compute in that precision, or it does not hear the language.
    """
    if source.kind != "whisper":
        raise EvaluatorError(f"{source.source}: expected kind whisper, got {source.kind}")
    folder = checked_folder(source.source, source.sha256, assets_dir)
    place = evaluator_device(device)
    require_precision(precision, place)
    torch.set_num_threads(threads)
    whisper = load_whisper(folder)
    if language != "en" and not whisper.network.is_multilingual:
        raise EvaluatorError(
            f"{source.source} hears English alone, not {language!r}; name a recogniser of many "
            "languages in params.yaml"
        )
    heard_as = whisper.spelled_as(language)
    identity = EvaluatorIdentity(
        name=f"openai-whisper:{source.source}",
        weights_sha256=source.sha256,
        options={
            "decoding": "greedy, temperature 0, no timestamps",
            "language": language,
            **({} if heard_as == language else {"heard_as": heard_as}),
            "device": place.type,
            "precision": precision,
            "sample_rate_hz": HEARING_RATE_HZ,
            "window": windows.as_json(),
        },
    )
    set_encoder_precision(whisper.network.to(place), precision)
    return WhisperRecogniser(
        whisper, identity, batch_size=batch_size, language=language, windows=windows
    )
