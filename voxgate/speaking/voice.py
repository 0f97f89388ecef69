"""A voice package that speaks: text → sentences → phones → tokens (S1) → wave (S2).

Loads torch and the networks, and neither the speech tokenizer nor any evaluator: who wants to speak
after a recording of their own hands the tokenizer in. docs/speaking.md shows the use.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from torch import Tensor

from models.gpt_sovits.presets import Preset, preset
from models.gpt_sovits.s1.linear_forms import Precision
from models.gpt_sovits.s1.token_model import Generated, TokenModel
from models.gpt_sovits.s2.flow_synthesizer import FlowSynthesizer
from models.gpt_sovits.s2.mini_synthesizer import MiniSynthesizer
from voxgate.audio.joining import join_with_pauses
from voxgate.errors import VoiceError
from voxgate.speaking.networks import load_networks
from voxgate.speaking.options import SpeakingOptions
from voxgate.speaking.reference import (
    PreparedReference,
    ReferenceClip,
    packaged_reference,
    prepare_reference,
)
from voxgate.speaking.sentence import Sentence, seeded_sentences
from voxgate.speaking.sound import checked_wave
from voxgate.speaking.streaming import StreamedPiece, stream_sentences
from voxgate.speaking.threads import torch_threads
from voxgate.speaking.token_sampling import TokenAsker
from voxgate.text.lexicon import Lexicon, load_lexicon
from voxgate.text.normalise import normalise
from voxgate.text.phonemes import to_phonemes
from voxgate.text.sentences import divide
from voxgate.text.symbols import SymbolTable, symbol_table
from voxgate.types import Speech, Wave
from voxgate.voice.card import VoiceCard, read_voice_card
from voxgate.voice.package import verify_voice
from voxgate.voice.speaker_vectors import SpeakerVectors
from voxgate.voice.speech_tokenizer import SpeechTokenizer

__all__ = ["GptSovitsVoice", "load_voice"]

_BATCH_SENTENCES = 8
"""Sentences whose tokens are made at once; bounds memory on long texts."""

_AS_IT_IS = SpeakingOptions()


def load_voice(
    folder: Path,
    *,
    threads: int | None = None,
    device: str = "cpu",
    precision: Precision = "float32",
    tokenizer: SpeechTokenizer | None = None,
    speaker_vectors: SpeakerVectors | None = None,
) -> GptSovitsVoice:
    """Load a voice package after verifying every file of it.

    The same text, seed, options, precision, number of threads and machine give the same audio.

    Args:
        folder: the package.
        threads: number of torch threads while it speaks; None leaves what is set.
        device: where it speaks.
        precision: of S1's weights; docs/benchmarks.md says what each gains and changes.
        tokenizer: makes prompts of a caller's recordings; the one that the voice was trained with.
        speaker_vectors: makes v2Pro's and v2ProPlus's speaker vectors of them.

    Raises:
        WeightsError: a file is absent or is not the one that voice.json names.
        VoiceError: the folder is no voice package, its weights do not fit its preset, or it was
            trained with another tokenizer.
    """
    card = read_voice_card(folder)
    verify_voice(folder, card)
    try:
        chosen = preset(card.preset)
    except ValueError as error:
        raise VoiceError(f"{folder / 'voice.json'}: {error}") from error
    if tokenizer is not None and tokenizer.sha256 != card.tokenizer_sha256:
        raise VoiceError(
            f"{folder}: trained on tokens of tokenizer {card.tokenizer_sha256}, got "
            f"{tokenizer.sha256}: they mean different sounds; load the one that the card names"
        )
    networks = load_networks(folder, chosen, precision=precision, device=device)
    symbols = symbol_table(card.symbols)
    lexicon_path = folder / "lexicon.txt" if "lexicon.txt" in card.files else None
    return GptSovitsVoice(
        card=card,
        preset=chosen,
        text_to_semantic=networks.text_to_semantic,
        synthesizer=networks.synthesizer,
        reference=packaged_reference(folder, card, device=device),
        symbols=symbols,
        lexicon=load_lexicon(lexicon_path, symbols=symbols),
        tokenizer=tokenizer,
        speaker_vectors=speaker_vectors,
        # the rows of an int8 layer share the scale of its inputs, and sentences must share nothing
        batch_sentences=1 if precision == "int8" else _BATCH_SENTENCES,
        threads=threads,
        device=device,
    )


@dataclass(frozen=True, kw_only=True)
class GptSovitsVoice:
    """Implements the port `Voice`. Requests share nothing but the weights; threads may share it."""

    card: VoiceCard
    preset: Preset
    text_to_semantic: TokenModel = field(repr=False)
    synthesizer: MiniSynthesizer | FlowSynthesizer = field(repr=False)
    reference: PreparedReference = field(repr=False)
    symbols: SymbolTable = field(repr=False)
    lexicon: Lexicon = field(repr=False)
    tokenizer: SpeechTokenizer | None = field(repr=False)
    speaker_vectors: SpeakerVectors | None = field(repr=False)
    batch_sentences: int
    threads: int | None
    device: str

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of what `speak` returns."""
        return self.preset.sample_rate_hz

    def prepare_reference(self, *clips: ReferenceClip) -> PreparedReference:
        """Prepare recordings of a speaker, to be named in `SpeakingOptions`.

        All of them give the timbre; the first, with its text, also the manner of speaking.

        Raises:
            ReferenceAudioError: a recording cannot be used; says which and why.
            TextError: the text of the first has nothing speakable.
        """
        text = clips[0].text if clips else None
        with torch_threads(self.threads):
            return prepare_reference(
                clips,
                preset=self.preset,
                prompt_phones=() if text is None else self._ids(normalise(text)),
                tokenizer=self.tokenizer,
                speaker_vectors=self.speaker_vectors,
                device=self.device,
            )

    def speak(self, text: str, *, seed: int, options: SpeakingOptions = _AS_IT_IS) -> Speech:
        """Speak `text`, sentence by sentence; the same arguments give the same audio.

        Raises:
            TextError: the text has nothing speakable.
            VoiceError: the networks gave something that is not audio.
        """
        sentences = self._sentences(text, seed, options)
        reference = options.reference or self.reference
        waves: list[Wave] = []
        limited = False
        with torch_threads(self.threads):
            timbre = self.synthesizer.mean_timbre(reference.spectrograms, reference.speaker_vectors)
            for start in range(0, len(sentences), self.batch_sentences):
                part = sentences[start : start + self.batch_sentences]
                spoken = self._asker.ask(part, reference)
                limited = limited or any(one.stopped_by_limit for one in spoken)
                waves += self._waves(part, spoken, timbre, options.speed)
        wave = join_with_pauses(waves, pause_samples=self._pause_samples)
        return Speech(wave=wave, sample_rate_hz=self.sample_rate_hz, stopped_by_limit=limited)

    def stream(
        self, text: str, *, seed: int, options: SpeakingOptions = _AS_IT_IS, chunk_s: float = 1.0
    ) -> Iterator[Speech]:
        """Speak `text` in chunks of `chunk_s` or a little more, each as soon as it is ready.

        Concatenated, the chunks are nearly what `speak` gives (docs/speaking.md says how nearly).
        `stopped_by_limit` is true from the chunk on at which a sentence ended by its bound.

        Raises:
            TextError: the text has nothing speakable.
            VoiceError: the speed is not 1 (it would move frames that were already spoken), or the
                networks gave something that is not audio.
        """
        if options.speed != 1.0:
            raise VoiceError(f"speed {options.speed}: a stream has speed 1; use `speak`")
        pieces = stream_sentences(
            self._sentences(text, seed, options),
            options.reference or self.reference,
            asker=self._asker,
            synthesizer=self.synthesizer,
            card=self.card,
            pause_samples=self._pause_samples,
            piece_s=chunk_s,
        )
        return self._chunks(pieces)

    def _chunks(self, pieces: Iterator[StreamedPiece]) -> Iterator[Speech]:
        """Make each chunk under the voice's number of threads; between them the setting is free."""
        while True:
            with torch_threads(self.threads):
                piece = next(pieces, None)
            if piece is None:
                return
            yield Speech(
                wave=piece.wave,
                sample_rate_hz=self.sample_rate_hz,
                stopped_by_limit=piece.stopped_by_limit,
            )

    def _sentences(self, text: str, seed: int, options: SpeakingOptions) -> list[Sentence]:
        # The whole text is normalised first: "Dr." must not end a sentence.
        pieces = divide(normalise(text), options.cut) or [text]
        phones = [self._ids(piece) for piece in pieces]
        return seeded_sentences(phones, seed=seed, device=self.device)

    def _ids(self, sentence: str) -> tuple[int, ...]:
        return to_phonemes(
            sentence, lexicon=self.lexicon, symbols=self.symbols, language=self.card.language
        ).ids

    @property
    def _asker(self) -> TokenAsker:
        return TokenAsker(
            model=self.text_to_semantic,
            defaults=self.card.generation,
            tokens_per_s=self.preset.tokens_per_s,
        )

    @property
    def _pause_samples(self) -> int:
        return round(self.card.generation.pause_s * self.sample_rate_hz)

    def _waves(
        self, sentences: Sequence[Sentence], spoken: list[Generated], timbre: Tensor, speed: float
    ) -> list[Wave]:
        """Ask S2 for the audio of several sentences."""
        segments = [sentence.segment(own) for sentence, own in zip(sentences, spoken, strict=True)]
        # Padding costs a processor more than it saves (docs/benchmarks.md); the sound is the same.
        size = 1 if self.device == "cpu" else len(segments)
        return [
            checked_wave(wave, self.card)
            for start in range(0, len(segments), size)
            for wave in self.synthesizer.decode_segments(
                segments[start : start + size],
                timbre,
                noise_scale=self.card.generation.noise_scale,
                speed=speed,
            )
        ]
