"""Cut one recording: find speech, keep one speaker, hear twice, place twice, say what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from voxgate.audio.spool import SPOOL_VERSION, Spool
from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.assembly import Doubted, assemble, keep_apart
from voxgate.corpus.cutting.bench import Bench
from voxgate.corpus.cutting.instruments import Instruments
from voxgate.corpus.cutting.order import CutOrder, digest_settings
from voxgate.corpus.cutting.records import Import, Source
from voxgate.corpus.cutting.sound import sounds
from voxgate.corpus.cutting.sound.cleaning import CleaningResult, clean_import
from voxgate.corpus.cutting.sound.marks import mark_speech
from voxgate.corpus.cutting.stretches import Utterance
from voxgate.corpus.cutting.words.agreement import compare
from voxgate.corpus.cutting.words.given_texts.reading import TRANSCRIPT_SUFFIXES
from voxgate.corpus.cutting.words.hearing import later
from voxgate.corpus.cutting.words.transcription import JudgedUtterance
from voxgate.params import CutParams, ValidateParams
from voxgate.types import Alignment

__all__ = ["RecordingCutter"]


@dataclass(frozen=True, kw_only=True)
class RecordingCutter:
    """Cuts recordings of one language with instruments that are loaded.

    `quality` has the bounds of sound that training has as well. What instruments find is kept in
    `cache`, so that an import that was killed goes on where it was.
    """

    instruments: Instruments
    params: CutParams
    quality: ValidateParams
    cache: ContentCache

    @property
    def transcript_suffixes(self) -> frozenset[str]:
        """Suffixes of transcripts that can be read."""
        return frozenset(TRANSCRIPT_SUFFIXES)

    def settings(self, order: CutOrder) -> str:
        """Return the digest of everything that decides the result but the recording."""
        bounds = {"max_clipped_fraction", "min_snr_db"}
        params = {
            "cut": self.params.model_dump(mode="json"),
            "validate": self.quality.model_dump(mode="json", include=bounds),
            "spool": SPOOL_VERSION,
        }
        return digest_settings(order, params=params, instruments=self.instruments.identities())

    def cut(self, spool: Spool, order: CutOrder) -> Import:
        """Cut one recording.

        Raises:
            TranscriptError: the given transcript cannot be read, or is another recording's.
            EvaluatorError: an instrument failed; what it found before is cached.
        """
        bench = Bench(
            spool=spool,
            order=order,
            instruments=self.instruments,
            params=self.params,
            cache=self.cache,
        )
        levels = sounds.measure_levels(spool.read, bench.sides.mine)
        stretches = assemble(
            self._doubt(bench, levels),
            bench.sides.others,
            spool.n_samples,
            name_rest=partial(sounds.split_without_speech, spool.read, levels=levels),
            min_utterance_s=self.params.min_utterance_s,
        )
        return Import(source=self._source(bench), stretches=stretches)

    def clean(self, spool: Spool, imported: Import) -> Iterator[CleaningResult]:
        """Clean the clips of what was cut, by the steps of the parameters; yields those changed.

        Raises:
            EvaluatorError: an instrument failed.
        """
        return clean_import(spool, imported, self.params.clean, self.instruments)

    def _doubt(self, bench: Bench, levels: sounds.Levels) -> list[Doubted]:
        """Return the utterances with every reason to doubt them."""
        judged = [
            replace(each, utterance=keep_apart(each.utterance, bench.sides.others))
            for each in bench.hear()
        ]
        placed = bench.place([each.utterance for each in judged])
        return [
            self._doubted(bench, each, second, levels)
            for each, second in zip(judged, placed, strict=True)
        ]

    def _doubted(
        self, bench: Bench, judged: JudgedUtterance, placed: Alignment | None, levels: sounds.Levels
    ) -> Doubted:
        utterance, reasons = judged.utterance, judged.reasons
        if utterance.text:
            agreement = compare(
                bench.spool.read(utterance.span),
                _of_its_own(judged),
                placed,
                self.params,
                one_is_enough=bench.order.one_aligner,
            )
            reasons = (*reasons, *agreement.reasons)
            utterance = replace(utterance, measures=utterance.measures | agreement.measures)
        of_voice = bench.sides.judge(utterance.span, self.params)
        of_sound = mark_speech(
            bench.spool, utterance.span, speech=bench.speech, levels=levels, params=self.quality
        )
        measured = replace(utterance, measures=utterance.measures | of_voice.measures)
        return _rounded(measured), (*reasons, *of_voice.reasons, *of_sound)

    def _source(self, bench: Bench) -> Source:
        facts, order = bench.spool.facts, bench.order
        return Source(
            source_id=order.source_id,
            name=order.name,
            sha256=order.sha256,
            container=facts.container,
            sample_rate_hz=facts.sample_rate_hz,
            channels=facts.source_channels,
            n_samples=facts.n_samples,
            language=order.language,
            speaker_id=order.speaker_id,
            settings=self.settings(order),
            instruments=self.instruments.identities(),
            transcript=None if order.transcript is None else order.transcript.name,
            one_aligner=order.one_aligner,
            notes=tuple(_notes(bench)),
        )


def _of_its_own(judged: JudgedUtterance) -> Alignment | None:
    """Return where the recogniser sees the words, in seconds of the utterance."""
    placed = judged.second.alignment
    if placed is None:
        return None
    return replace(placed, words=later(placed.words, -judged.utterance.span.start_s))


def _rounded(utterance: Utterance) -> Utterance:
    """Leave out the last bits: they hang on what was heard in one batch, which a kill changes."""
    words = [
        replace(
            word,
            start_s=round(word.start_s, 3),
            end_s=round(word.end_s, 3),
            probability=round(word.probability, 3),
        )
        for word in utterance.words
    ]
    measures = {name: round(value, 3) for name, value in utterance.measures.items()}
    return replace(utterance, words=tuple(words), measures=measures)


def _notes(bench: Bench) -> list[str]:
    facts, sides = bench.spool.facts, bench.sides
    notes = [] if facts.cut_short is None else [facts.cut_short]
    notes += facts.actions
    if bench.speech and not sides.mine and sides.voices is not None:
        notes.append(
            "the speaker of --reference was not heard: cosine "
            f"{sides.voices.likeness:.2f} with the voice that is most like it"
        )
    return notes
