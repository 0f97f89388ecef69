"""A voice: the chain from a text to its wave, in the order in which it runs.

    text → phones      TextReader        reading.py
    phones → tokens    TokenSampler      token_sampling.py, which asks S1 (s1/token_model.py)
    tokens → wave      SentenceDecoder   decoding.py, which asks S2 (s2/wave_model.py)

Where S1 reads text features, `CharacterReader` (characters.py) gives them beside the phones.

Of each sentence: L phones, M tokens (25 Hz), N samples. G is the width of the timbre vector.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.gpt_sovits.presets import Preset
from voxgate.audio.joining import join_with_pauses
from voxgate.errors import VoiceError
from voxgate.speaking.characters import CharacterReader
from voxgate.speaking.decoding import SentenceDecoder
from voxgate.speaking.options import SpeakingOptions
from voxgate.speaking.reading import TextReader
from voxgate.speaking.reference import PreparedReference, ReferenceClip, prepare_reference
from voxgate.speaking.sentence import Sentence, SpokenPiece, seeded_sentences
from voxgate.speaking.streaming import StreamedPiece, stream_sentences
from voxgate.speaking.threads import torch_threads
from voxgate.speaking.token_sampling import TokenSampler
from voxgate.text.phonemes import Phonemes
from voxgate.types import Speech, Wave
from voxgate.voice.card import VoiceCard
from voxgate.voice.speaker_vectors import SpeakerVectors
from voxgate.voice.speech_tokenizer import SpeechTokenizer

__all__ = ["GptSovitsVoice"]

_AS_IT_IS = SpeakingOptions()


@dataclass(frozen=True, kw_only=True)
class GptSovitsVoice:
    """Implements the port `Voice`. Requests share nothing but the weights; threads may share it."""

    card: VoiceCard
    preset: Preset
    reader: TextReader
    sampler: TokenSampler = field(repr=False)
    decoder: SentenceDecoder = field(repr=False)
    reference: PreparedReference = field(repr=False)
    """Whom it sounds like, unless a request says otherwise."""

    tokenizer: SpeechTokenizer | None = field(repr=False)
    speaker_vectors: SpeakerVectors | None = field(repr=False)
    characters: CharacterReader = field(repr=False)
    batch_sentences: int
    threads: int | None
    device: str

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of what `speak` returns."""
        return self.preset.sample_rate_hz

    def speak(self, text: str, *, seed: int, options: SpeakingOptions = _AS_IT_IS) -> Speech:
        """Speak `text`, sentence by sentence; the same arguments give the same audio.

        Raises:
            TextError: the text has nothing speakable.
            VoiceError: the networks gave something that is not audio.
        """
        reference = options.reference or self.reference
        sentences = self._sentences(text, seed, options)  # (L,) phones each
        waves: list[Wave] = []
        limited = False
        with torch_threads(self.threads):
            timbre = self.decoder.timbre(reference)  # (1, G, 1)
            for start in range(0, len(sentences), self.batch_sentences):
                part = sentences[start : start + self.batch_sentences]
                spoken = self.sampler.sample(part, reference)  # (M,) tokens each
                waves += self.decoder.decode(part, spoken, timbre, speed=options.speed)  # (N,) each
                limited = limited or any(one.stopped_by_limit for one in spoken)
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
            sampler=self.sampler,
            decoder=self.decoder,
            pause_samples=self._pause_samples,
            piece_s=chunk_s,
        )
        return self._chunks(pieces)

    def speak_sentences(
        self,
        text: str,
        *,
        seed: int,
        options: SpeakingOptions = _AS_IT_IS,
        first: int = 0,
        pause_s: float | None = None,
    ) -> Iterator[SpokenPiece]:
        """Speak `text` one sentence at a time, from sentence `first` on.

        A sentence depends on its place and on no other sentence. So a text that is begun at `first`
        goes on as it would have, and joined the pieces are what `speak` gives: to the last bit at
        one thread on a processor, where `speak` does not put sentences side by side
        (docs/speech_pool.md).

        Args:
            text: what is said.
            seed: as for `speak`.
            options: as for `speak`.
            first: number of sentences that were spoken before.
            pause_s: silence between sentences; None is the voice's own.

        Raises:
            TextError: the text has nothing speakable.
            VoiceError: `first` or `pause_s` is negative, or the networks gave something that is not
                audio.
        """
        pause = self._require_pause(first, pause_s)
        sentences = self._seeded(self.reader.read(text, cut=options.cut)[first:], seed, first=first)
        return self._pieces(sentences, options, first=first, pause_samples=pause)

    def speak_piece(
        self,
        text: str,
        *,
        place: int,
        seed: int,
        options: SpeakingOptions = _AS_IT_IS,
        pause_s: float | None = None,
    ) -> SpokenPiece:
        """Speak a text at once, as the sentence at `place` of a longer text; `cut` is not asked.

        It is what `speak_sentences` gives at that place of any text that has this sentence there.

        Raises:
            TextError, VoiceError: as `speak_sentences`.
        """
        pause = self._require_pause(place, pause_s)
        sentences = self._seeded([self.reader.read_whole(text)], seed, first=place)
        return next(self._pieces(sentences, options, first=place, pause_samples=pause))

    def prepare_reference(self, *clips: ReferenceClip) -> PreparedReference:
        """Prepare recordings of a speaker, to be named in `SpeakingOptions`.

        All of them give the timbre; the first, with its text, also the manner of speaking.

        Raises:
            ReferenceAudioError: a recording cannot be used; says which and why.
            TextError: the text of the first has nothing speakable.
        """
        text = clips[0].text if clips else None
        read = None if text is None else self.reader.read_whole(text)
        with torch_threads(self.threads):
            return prepare_reference(
                clips,
                preset=self.preset,
                prompt_phones=() if read is None else read.ids,
                prompt_features=None if read is None else self.characters.features(read),
                tokenizer=self.tokenizer,
                speaker_vectors=self.speaker_vectors,
                device=self.device,
            )

    def _sentences(self, text: str, seed: int, options: SpeakingOptions) -> list[Sentence]:
        return self._seeded(self.reader.read(text, cut=options.cut), seed, first=0)

    def _seeded(self, read: Sequence[Phonemes], seed: int, *, first: int) -> list[Sentence]:
        reads_characters = self.characters.expected is not None
        with torch_threads(self.threads if reads_characters else None):
            features = [self.characters.features(piece) for piece in read]  # (C, L) or None
        return seeded_sentences(
            [piece.ids for piece in read],
            seed=seed,
            device=self.device,
            first=first,
            text_features=features,
        )

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

    def _pieces(
        self,
        sentences: Sequence[Sentence],
        options: SpeakingOptions,
        *,
        first: int,
        pause_samples: int,
    ) -> Iterator[SpokenPiece]:
        """Speak each sentence under the voice's number of threads; between them it is free.

        `first` is the place of the first one.
        """
        reference = options.reference or self.reference
        with torch_threads(self.threads):
            timbre = self.decoder.timbre(reference)  # (1, G, 1)
        for place, sentence in enumerate(sentences, start=first):
            with torch_threads(self.threads):
                (spoken,) = self.sampler.sample([sentence], reference)
                (wave,) = self.decoder.decode([sentence], [spoken], timbre, speed=options.speed)
            pause = np.zeros(pause_samples if place else 0, dtype=np.float32)
            yield SpokenPiece(
                place=place,
                wave=np.concatenate([pause, wave]),
                stopped_by_limit=spoken.stopped_by_limit,
            )

    def _require_pause(self, place: int, pause_s: float | None) -> int:
        """Return the number of samples between sentences."""
        if place < 0 or (pause_s is not None and pause_s < 0):
            raise VoiceError(f"sentence {place}, pause {pause_s} s: expected 0 or more")
        return self._pause_samples if pause_s is None else round(pause_s * self.sample_rate_hz)

    @property
    def _pause_samples(self) -> int:
        return round(self.card.generation.pause_s * self.sample_rate_hz)
