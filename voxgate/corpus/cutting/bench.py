"""One recording on the bench: the steps of cutting it, each shown and each kept as it is done."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property

from voxgate.audio.spool import SPOOL_VERSION, Spool
from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.instruments import Instruments
from voxgate.corpus.cutting.order import CutOrder
from voxgate.corpus.cutting.sound import levels as loudness
from voxgate.corpus.cutting.sound.speech import find_speech
from voxgate.corpus.cutting.spans import Span, total_samples
from voxgate.corpus.cutting.speakers.speaker_doubts import SpeakerJudgement, judge_speaker
from voxgate.corpus.cutting.speakers.turns import Turn, split_turns
from voxgate.corpus.cutting.speakers.voice_windows import WindowEmbeddings, embed_windows
from voxgate.corpus.cutting.speakers.voices import Voices, find_speaker
from voxgate.corpus.cutting.stretches import Utterance
from voxgate.corpus.cutting.watching import (
    Progress,
    WatchedAligner,
    WatchedEncoder,
    WatchedRecogniser,
    watch_step,
)
from voxgate.corpus.cutting.words.given_texts.reading import read_transcript
from voxgate.corpus.cutting.words.placing import place_again
from voxgate.corpus.cutting.words.transcription import (
    HearingRoom,
    JudgedUtterance,
    transcribe_speech,
)
from voxgate.params import CutParams
from voxgate.types import HEARING_RATE_HZ, Alignment, Wave

__all__ = ["Bench", "Sides"]


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Whose speech is whose, in order.

    voices: None where no speech is long and loud enough to tell anybody by; it counts as the
        speaker's then.
    """

    turns: tuple[Turn, ...]
    embeddings: WindowEmbeddings
    voices: Voices | None = None

    @property
    def mine(self) -> list[Span]:
        """Speech of the wanted speaker."""
        return [turn.span for turn in self.turns if turn.is_speaker]

    @property
    def others(self) -> list[Span]:
        """Speech of everybody else."""
        return [turn.span for turn in self.turns if not turn.is_speaker]

    def judge(self, span: Span, params: CutParams) -> SpeakerJudgement:
        """Say whether an utterance is the speaker's, alone."""
        if self.voices is None:
            return SpeakerJudgement()
        return judge_speaker(span, self.turns, self.embeddings, self.voices, params)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A recording, what is asked of it, and what listens to it."""

    spool: Spool
    order: CutOrder
    instruments: Instruments
    params: CutParams
    cache: ContentCache

    @cached_property
    def speech(self) -> list[Span]:
        """Where anybody speaks."""
        detector = self.instruments.detector
        key = {
            "what": "speech",
            "spool": SPOOL_VERSION,
            "sha256": self.order.sha256,
            "detector": detector.identity.as_json(),
        }
        stored = self.cache.get_arrays(key)
        if stored is None:
            with self._watch("find speech", self.spool.n_samples) as progress:
                blocks = progress.passing(self.spool.blocks())
                stored = {"probabilities": detector.detect(blocks)}
            self.cache.put_arrays(key, stored)
        return find_speech(
            stored["probabilities"],
            frame_samples=detector.frame_samples,
            n_samples=self.spool.n_samples,
            params=self.params,
        )

    @cached_property
    def sides(self) -> Sides:
        """Whose speech it is."""
        with self._watch("tell voices", total_samples(self.speech)) as progress:
            encoder = WatchedEncoder(self.instruments.encoder, progress)
            embeddings = embed_windows(
                self.spool.read, self.speech, encoder=encoder, cache=self.cache, params=self.params
            )
            if len(embeddings) == 0:
                turns = [Turn(span=span, is_speaker=True, cosine=None) for span in self.speech]
                return Sides(turns=tuple(turns), embeddings=embeddings)
            reference = self.order.reference
            enrolled = None if reference is None else encoder.embed([reference])[0]
        voices = find_speaker(embeddings, enrolled, self.params)
        turns = split_turns(self.spool.read, self.speech, embeddings, voices, self.params)
        return Sides(turns=tuple(turns), embeddings=embeddings, voices=voices)

    def read_mine(self, span: Span) -> Wave:
        """Read 16 kHz samples in which everybody else is silent."""
        wave = self.spool.read(span)
        for other in self.sides.others:
            if other.overlap(span):
                wave[max(0, other.start - span.start) : other.end - span.start] = 0.0
        return wave

    def hear(self) -> list[JudgedUtterance]:
        """Return the speaker's utterances, each heard twice.

        Raises:
            TranscriptError: the given transcript cannot be read, or is another recording's.
        """
        transcript = self.order.transcript
        given = None if transcript is None else read_transcript(transcript)
        mine, n_samples = self.sides.mine, self.spool.n_samples
        with self._watch("hear", 2 * total_samples(mine)) as progress:
            room = HearingRoom(
                read=self.read_mine,
                n_samples=n_samples,
                levels=loudness.measure_levels(self.read_mine, n_samples),
                language=self.order.language,
                recogniser=WatchedRecogniser(self.instruments.recogniser, progress),
                cache=self.cache,
                normalise=self.instruments.normalise,
            )
            return transcribe_speech(room, mine, self.params, given=given)

    def place(self, utterances: Sequence[Utterance]) -> list[Alignment | None]:
        """Return where a second aligner sees the words, in seconds of each; None where none can."""
        aligner = self.instruments.aligner
        if aligner is None:
            return [None] * len(utterances)
        seconds = total_samples(utterance.span for utterance in utterances)
        with self._watch("place words", seconds) as progress:
            watched = WatchedAligner(aligner, progress)
            return place_again(self.spool.read, utterances, watched, self.cache)

    def _watch(self, step: str, n_samples: int) -> AbstractContextManager[Progress]:
        return watch_step(self.order.name, step, n_samples / HEARING_RATE_HZ)
