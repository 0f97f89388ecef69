"""What a recogniser hears, twice: windows that hold several utterances, then each one alone.

Each answer is kept under the content of the sound that it is for, so that what was heard once is
not heard again, whatever became of the rest of an import.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from voxgate.batching import batched
from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.words.windows import halve
from voxgate.corpus.recognitions import load_recognition, load_transcript
from voxgate.files import digest_bytes
from voxgate.ports import Recogniser
from voxgate.types import Alignment, Recognition, Transcript, Wave, WordTiming

__all__ = ["HeardWindow", "Read", "hear_again", "hear_spans", "hear_windows"]

HEARING_VERSION = 1
"""Raise it when what is stored of a hearing changes."""

_HANDED_OVER = 64
"""Spans heard between two writes to the cache: work for several workers, and what a kill costs."""

_log = logging.getLogger(__name__)

Read = Callable[[Span], Wave]
"""Returns the 16 kHz samples of a span of one recording."""


@dataclass(frozen=True, kw_only=True)
class HeardWindow:
    """A window and what was heard in it; its words are in seconds of the *recording*."""

    span: Span
    transcript: Transcript


def hear_windows(
    read: Read,
    windows: Sequence[Span],
    recogniser: Recogniser,
    cache: ContentCache,
    *,
    islands: Sequence[Span],
) -> list[HeardWindow]:
    """Transcribe windows; one whose transcript finds no end is divided at pauses and heard again.

    Returns:
        In order. A window of a single island may still be capped, and has no words.

    Raises:
        EvaluatorError: the recogniser failed; finished batches are cached.
    """
    heard: list[HeardWindow] = []
    left = list(windows)
    while left:
        transcripts = hear_spans(read, left, recogniser, cache)
        pairs = list(zip(left, transcripts, strict=True))
        left = []
        for window, transcript in pairs:
            parts = halve(window, islands) if transcript.capped else [window]
            if len(parts) > 1:
                left += parts
            else:
                words = later(transcript.words, window.start_s)
                heard.append(HeardWindow(span=window, transcript=replace(transcript, words=words)))
    return sorted(heard, key=lambda each: each.span)


def hear_again(
    read: Read,
    spans: Sequence[Span],
    texts: Sequence[str],
    recogniser: Recogniser,
    cache: ContentCache,
) -> list[Recognition]:
    """Hear each span alone, and force its text onto it; words are in seconds of the *recording*.

    Raises:
        EvaluatorError: the recogniser failed; finished batches are cached.
    """

    def ask(waves: list[Wave], rows: list[int]) -> list[Recognition]:
        return recogniser.recognise(waves, [texts[n] or None for n in rows])

    extra = [{"text": text} for text in texts]
    stored = _asked(read, spans, extra, cache, recogniser, ask)
    return [
        _shifted(load_recognition(answer), span.start_s)
        for answer, span in zip(stored, spans, strict=True)
    ]


def hear_spans(
    read: Read, spans: Sequence[Span], recogniser: Recogniser, cache: ContentCache
) -> list[Transcript]:
    """Transcribe each span; words are in seconds of the span.

    Raises:
        EvaluatorError: the recogniser failed; finished batches are cached.
    """

    def ask(waves: list[Wave], _rows: list[int]) -> list[Transcript]:
        return recogniser.transcribe(waves)

    extra: list[Mapping[str, object]] = [{"pass": "windows"}] * len(spans)
    return [load_transcript(each) for each in _asked(read, spans, extra, cache, recogniser, ask)]


def later(words: Sequence[WordTiming], seconds: float) -> tuple[WordTiming, ...]:
    """Return words that are heard `seconds` later."""
    return tuple(
        replace(word, start_s=word.start_s + seconds, end_s=word.end_s + seconds) for word in words
    )


def _asked(
    read: Read,
    spans: Sequence[Span],
    extra: Sequence[Mapping[str, object]],
    cache: ContentCache,
    recogniser: Recogniser,
    ask: Callable[[list[Wave], list[int]], Sequence[Any]],
) -> list[Any]:
    """Return the stored answer for each span, asking batch by batch for those that lack one."""
    identity = recogniser.identity.as_json()
    keys: list[dict[str, object]] = [
        {
            "version": HEARING_VERSION,
            "audio_sha256": digest_bytes(read(span).tobytes()),
            "recogniser": identity,
            **more,
        }
        for span, more in zip(spans, extra, strict=True)
    ]
    answers = [cache.get_json(key) for key in keys]
    unheard = [n for n, answer in enumerate(answers) if answer is None]
    unheard.sort(key=lambda n: (spans[n].n_samples, n))  # of similar length, so of similar cost
    done = 0
    for rows in batched(unheard, _HANDED_OVER):
        for n, answer in zip(rows, ask([read(spans[n]) for n in rows], rows), strict=True):
            answers[n] = asdict(answer)
            cache.put_json(keys[n], answers[n])
        done += len(rows)
        _log.info("heard %d of %d spans", done, len(unheard))
    return answers


def _shifted(heard: Recognition, seconds: float) -> Recognition:
    path = heard.alignment
    transcript = replace(heard.transcript, words=later(heard.transcript.words, seconds))
    if path is None:
        return replace(heard, transcript=transcript)
    moved = Alignment(
        words=later(path.words, seconds), mean_log_probability=path.mean_log_probability
    )
    return Recognition(transcript=transcript, alignment=moved)
