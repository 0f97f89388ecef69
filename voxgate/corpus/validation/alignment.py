"""Hold each clip against its transcript by listening: recogniser, cached clip by clip."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from voxgate.batching import batched
from voxgate.content_cache import ContentCache
from voxgate.corpus.error_rates import ErrorRates, error_rates
from voxgate.corpus.recognitions import load_recognition
from voxgate.corpus.validation.dossiers import Dossier
from voxgate.params import ValidateParams
from voxgate.ports import Recogniser
from voxgate.text.inline_readings import without_readings
from voxgate.text.languages import heard_as
from voxgate.text.tags import without_tags
from voxgate.types import Alignment, Recognition, Transcript, Wave

__all__ = ["ListeningRoom", "judge_recognition"]

RECOGNITION_VERSION = 1
"""Raise it when what is stored for a clip changes."""

Normaliser = Callable[[str], str]


@dataclass(frozen=True)
class ListeningRoom:
    """A recogniser with its cache; only clips that it has not heard cost a call.

    read: returns the trimmed 16 kHz wave of a clip.
    at_once: waves that are read and handed to the recogniser together. What it hears may depend on
        which of them share a batch, so this is a multiple of its own batches.
    """

    recogniser: Recogniser
    cache: ContentCache
    read: Callable[[Dossier], Wave]
    at_once: int

    def listen(self, dossiers: Sequence[Dossier]) -> Iterator[tuple[Dossier, Recognition]]:
        """Yield each clip with what was heard: known ones first, then by length.

        What was heard of `at_once` waves is stored before more are read: so much at most does an
        interrupted run repeat, and so many lie in memory.

        Raises:
            EvaluatorError: the recogniser failed.
        """
        unheard = []
        for dossier in dossiers:
            stored = self.cache.get_json(self._key(dossier))
            if stored is None:
                unheard.append(dossier)
            else:
                yield dossier, load_recognition(stored)
        unheard.sort(key=lambda d: (d.trim_end - d.trim_start, d.recording_id))
        for batch in batched(unheard, self.at_once):
            yield from self._hear(batch)

    def _hear(self, batch: Sequence[Dossier]) -> Iterator[tuple[Dossier, Recognition]]:
        waves = [self.read(dossier) for dossier in batch]
        heard = self.recogniser.recognise(waves, [_written(d.train_text) for d in batch])
        for dossier, recognition in zip(batch, heard, strict=True):
            self.cache.put_json(self._key(dossier), asdict(recognition))
            yield dossier, recognition

    def _key(self, dossier: Dossier) -> dict[str, object]:
        return {
            "version": RECOGNITION_VERSION,
            "audio_sha256": dossier.audio.sha256,
            "trim": [dossier.trim_start, dossier.trim_end],
            "text": dossier.train_text,
            "recogniser": self.recogniser.identity.as_json(),
        }


def _written(text: str) -> str:
    """Return the words that are said, without what says how they are read."""
    return without_tags(without_readings(text))


def judge_recognition(
    dossier: Dossier, heard: Recognition, *, normalise: Normaliser, params: ValidateParams
) -> None:
    """Add what was heard to a clip's dossier, and the findings that follow from it."""
    transcript = heard.transcript
    dossier.transcript = transcript
    reference = dossier.spelled = normalise(dossier.train_text)
    if not reference.strip():
        dossier.find("empty_text", expected="at least one word", arrived=repr(dossier.train_text))
        return
    if transcript.capped:
        dossier.find(
            "endless_transcript", expected="a transcript that ends", arrived="the token limit"
        )
    if transcript.no_speech_probability > params.max_no_speech_probability:
        dossier.find(
            "not_speech",
            expected=f"no-speech probability <= {params.max_no_speech_probability:.2f}",
            arrived=f"{transcript.no_speech_probability:.2f}",
        )
    rates = _judge_text(dossier, reference, normalise(transcript.text), params)
    _judge_alignment(dossier, heard.alignment, rates, params)
    _judge_language(dossier, transcript, params)


def _judge_text(dossier: Dossier, reference: str, heard: str, params: ValidateParams) -> ErrorRates:
    rates = error_rates(reference, heard, edge_characters=params.edge_characters)
    dossier.rates = rates
    if rates.cer > params.max_cer:
        dossier.find(
            "high_cer", expected=f"CER <= {params.max_cer:.2f}", arrived=f"{rates.cer:.2f}"
        )
    elif rates.cer > params.warn_cer:
        dossier.find(
            "moderate_cer", expected=f"CER <= {params.warn_cer:.2f}", arrived=f"{rates.cer:.2f}"
        )
    if rates.edge_cer > params.max_edge_cer:
        dossier.find(
            "high_edge_cer",
            expected=f"CER <= {params.max_edge_cer:.2f} in each {params.edge_characters} "
            "characters at the ends",
            arrived=f"{rates.edge_cer:.2f}",
        )
    return rates


def _judge_alignment(
    dossier: Dossier, alignment: Alignment | None, rates: ErrorRates, params: ValidateParams
) -> None:
    if alignment is None or not alignment.words:
        dossier.find("alignment_failed", expected="a place for each word", arrived="none")
        return
    dossier.alignment_log_probability = alignment.mean_log_probability
    if alignment.mean_log_probability < params.min_alignment_log_probability:
        # "sixty" is improbable to a recogniser that writes "60": where the normalised texts agree,
        # the audio does say the text.
        agree = rates.cer == 0.0
        dossier.find(
            "unusual_spelling" if agree else "low_alignment",
            expected=f"mean log-probability >= {params.min_alignment_log_probability:.2f}",
            arrived=f"{alignment.mean_log_probability:.2f}",
        )


def _judge_language(dossier: Dossier, transcript: Transcript, params: ValidateParams) -> None:
    declared = dossier.clip.recording.language
    sure = transcript.language_probability >= params.min_language_probability
    if transcript.language == heard_as(declared) and sure:
        return
    dossier.find(
        "wrong_language" if sure else "language_uncertain",
        expected=f"{declared!r} with probability >= {params.min_language_probability:.2f}",
        arrived=f"{transcript.language!r} with {transcript.language_probability:.2f}",
    )
