"""Turn what a voice spoke into one row of counts a sample; nothing is averaged or dropped here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from voxgate.evaluation.evidence import ItemScore
from voxgate.evaluation.measurements import Caches, Unmeasured
from voxgate.evaluation.plan import Item
from voxgate.evaluation.protocol import Instruments, ScoringRules
from voxgate.evaluation.sound.measuring import SILENT_SOUND, Sound, measure_sounds
from voxgate.evaluation.speaker_similarity import Centroid, embed_waves
from voxgate.evaluation.spoken import Spoken
from voxgate.evaluation.synthesis import Speaker, speak_items
from voxgate.evaluation.transcription import token_cap, transcribe_waves
from voxgate.evaluation.waves import Waves
from voxgate.evaluation.words import count_critical, count_words
from voxgate.types import Transcript, Wave

__all__ = ["ScoredSample", "Scorer"]

SILENCE_SIMILARITY = 0.0
"""Silence is nobody's voice. It counts as a measured 0 instead of dropping out of the mean."""

Vector = np.ndarray[tuple[int], np.dtype[np.float32]]
Heard = Transcript | Unmeasured | None
Embedded = Vector | Unmeasured | None
Sounding = Sound | Unmeasured | None


@dataclass(frozen=True, kw_only=True)
class ScoredSample:
    """A row of the evidence and the audio that it judges."""

    score: ItemScore
    spoken: Spoken


@dataclass(frozen=True, kw_only=True)
class Scorer:
    """Scores any voice in one and the same way.

    `expected_s` is the expected length of each prompt, by id.
    """

    instruments: Instruments
    rules: ScoringRules
    centroid: Centroid
    expected_s: Mapping[str, float]
    caches: Caches

    def score_voice(
        self, voice: Speaker, items: Sequence[Item], *, model_digest: str
    ) -> list[ScoredSample]:
        """Speak, transcribe and embed every item; one row an item, in order.

        A sample that could not be measured is a row with its fault, never a missing row.
        """
        ratio = self.rules.max_audio_ratio
        spoken = speak_items(
            voice,
            items,
            limits_s={prompt: ratio * length for prompt, length in self.expected_s.items()},
            model_digest=model_digest,
            cache=self.caches.speech,
        )
        audible = [i for i, s in enumerate(spoken) if s.fault is None and not s.is_empty]
        waves = Waves([spoken[i] for i in audible])
        heard: dict[int, Heard] = dict(zip(audible, self._transcribe(waves), strict=True))
        vectors: dict[int, Embedded] = dict(zip(audible, self._embed(waves), strict=True))
        sounds = self._measure_sounds(spoken, heard)
        return [
            ScoredSample(
                score=self._row(
                    item,
                    spoken[i],
                    heard=heard.get(i),
                    embedded=vectors.get(i),
                    sound=sounds.get(i),
                ),
                spoken=spoken[i],
            )
            for i, item in enumerate(items)
        ]

    def _transcribe(self, waves: Sequence[Wave]) -> list[Transcript | Unmeasured]:
        rate = self.rules.max_tokens_per_second
        return transcribe_waves(
            self.instruments.transcriber,
            waves,
            max_tokens=[token_cap(wave, max_tokens_per_second=rate) for wave in waves],
            batch_size=self.instruments.batch_size,
            batches=self.instruments.batches,
            cache=self.caches.transcripts,
        )

    def _embed(self, waves: Sequence[Wave]) -> list[Vector | Unmeasured]:
        return embed_waves(
            self.instruments.encoder,
            waves,
            batch_size=self.instruments.batch_size,
            batches=self.instruments.batches,
            cache=self.caches.vectors,
        )

    def _measure_sounds(
        self, spoken: Sequence[Spoken], heard: Mapping[int, Heard]
    ) -> dict[int, Sound | Unmeasured]:
        known = {i: each for i, each in heard.items() if isinstance(each, Transcript)}
        sounds = measure_sounds(
            self.instruments,
            self.centroid,
            Waves([spoken[i] for i in known]),
            list(known.values()),
            caches=self.caches,
        )
        return dict(zip(known, sounds, strict=True))

    def _row(
        self,
        item: Item,
        spoken: Spoken,
        *,
        heard: Heard,
        embedded: Embedded,
        sound: Sounding,
    ) -> ItemScore:
        fault = spoken.fault
        for answer in (heard, embedded, sound):
            if fault is None and isinstance(answer, Unmeasured):
                fault = answer.fault
        if fault is not None:
            return _unscored(item, expected_s=self.expected_s[item.prompt.id], fault=fault)
        assert not isinstance(heard, Unmeasured)
        assert not isinstance(sound, Unmeasured)
        row = self._measured(item, spoken, heard, similarity=self._similarity(embedded))
        return replace(row, sound=SILENT_SOUND if sound is None else sound)

    def _similarity(self, embedded: Embedded) -> float:
        if embedded is None:
            return SILENCE_SIMILARITY
        assert not isinstance(embedded, Unmeasured)
        return self.centroid.similarity(embedded[np.newaxis])[0]

    def _measured(
        self, item: Item, spoken: Spoken, heard: Transcript | None, *, similarity: float
    ) -> ItemScore:
        transcript = "" if heard is None else heard.text
        capped = heard is not None and heard.capped
        counts, word_error_rate = count_words(
            item.prompt.text, transcript, capped=capped, normalisers=self.instruments
        )
        missed, critical = count_critical(
            item.prompt, transcript, capped=capped, normalisers=self.instruments
        )
        ratio = round(spoken.duration_s / self.expected_s[item.prompt.id], 6)
        return replace(
            _unscored(item, expected_s=self.expected_s[item.prompt.id]),
            transcript=transcript,
            **asdict(counts),
            critical_errors=missed,
            critical_words=critical,
            similarity=similarity,
            duration_s=round(spoken.duration_s, 6),
            duration_ratio=ratio,
            language=None if heard is None else heard.language,
            catastrophes=self._catastrophes(
                spoken,
                heard,
                word_error_rate,
                ratio,
                expected=self.instruments.normaliser.languages(item.prompt.text),
            ),
            audio_sha256=spoken.digest,
        )

    def _catastrophes(
        self,
        spoken: Spoken,
        heard: Transcript | None,
        word_error_rate: float,
        ratio: float,
        *,
        expected: Collection[str],
    ) -> tuple[str, ...]:
        """Name what went wrong; `expected` are the languages of the prompt's words."""
        rules = self.rules
        codes = set(spoken.codes)
        if word_error_rate > rules.catastrophe_wer:
            codes.add("high_wer")
        if ratio < rules.min_duration_ratio:
            codes.add("too_short")
        if ratio > rules.max_duration_ratio:
            codes.add("too_long")
        if heard is not None and heard.capped:
            codes.add("endless_transcript")
        if (
            heard is not None
            and heard.language not in (expected or {rules.language})
            and heard.language_probability >= rules.wrong_language_probability
        ):
            codes.add("wrong_language")
        return tuple(sorted(codes))


def _unscored(item: Item, *, expected_s: float, fault: str | None = None) -> ItemScore:
    return ItemScore(
        prompt_id=item.prompt.id,
        prompt_class=item.prompt.prompt_class,
        prompt_words=item.prompt.words,
        seed_index=item.seed_index,
        seed=item.seed,
        expected_duration_s=round(expected_s, 6),
        fault=fault,
    )
