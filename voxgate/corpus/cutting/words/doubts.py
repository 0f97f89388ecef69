"""Why a person should hear an utterance before it is data: what the hearings of it say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from voxgate.corpus.cutting.reasons import reason
from voxgate.corpus.cutting.sound.levels import Levels
from voxgate.corpus.cutting.spans import GRID, Span
from voxgate.corpus.cutting.stretches import Reason, Utterance
from voxgate.corpus.cutting.words.settling import word_errors
from voxgate.corpus.cutting.words.utterances import TORN
from voxgate.params import CutParams
from voxgate.text.languages import heard_as
from voxgate.types import Recognition, WordTiming

__all__ = ["doubts", "longest_repetition", "pass_wer", "with_measures"]

Normaliser = Callable[[str], str]

_CONFIRMED = "third_hearing"
_EDGE_FRAMES = 2
_LEAST_SOUND_FRAMES = 2
_SURE = 0.5
"""Share of the lowest log-probability: Whisper says "no speech" of lists of digits, whose words it
is sure of all the same. Its own rule wants both as well."""

_LONGEST_RUN = 8
"""Words of a run that may repeat: recognisers repeat whole clauses."""


def pass_wer(first: str, second: str, normalise: Normaliser) -> float:
    """Return the share of words in which two hearings differ, against the longer of the two."""
    mine, other = normalise(first), normalise(second)
    return word_errors(mine, other) / max(len(mine.split()), len(other.split()), 1)


def with_measures(
    utterance: Utterance,
    second: Recognition,
    *,
    first_text: str,
    confirmed: bool = False,
    normalise: Normaliser,
) -> Utterance:
    """Return the utterance with the figures that its hearings give.

    `pass_wer` is of the first two; `third_hearing` is 1 where a third one has this text as well;
    `log_probability` is the recogniser's of its own text, `text_log_probability` of this one,
    `least_word_probability` of the word of this one that it believes least.
    """
    heard = second.transcript
    figures = {
        "pass_wer": pass_wer(first_text, heard.text, normalise),
        "log_probability": heard.mean_log_probability,
        "no_speech_probability": heard.no_speech_probability,
        "language_probability": heard.language_probability,
    }
    if confirmed:
        figures[_CONFIRMED] = 1.0
    if second.alignment is not None and second.alignment.words:
        figures["text_log_probability"] = second.alignment.mean_log_probability
        figures["least_word_probability"] = min(w.probability for w in second.alignment.words)
    return replace(utterance, measures={**utterance.measures, **figures})


def doubts(
    utterance: Utterance,
    second: Recognition,
    levels: Levels,
    params: CutParams,
    *,
    normalise: Normaliser,
) -> tuple[Reason, ...]:
    """Return every reason to doubt an utterance that has its measures (`with_measures`)."""
    found = [
        *_doubts_of_cut(utterance, levels, params),
        *_doubts_of_hearing(utterance, second, params),
    ]
    if not utterance.text:
        found.append(reason("no_words", expected="words", arrived="sound in which none was heard"))
    else:
        found += _doubts_of_words(utterance, levels, params, normalise)
    return tuple(found)


def longest_repetition(text: str) -> tuple[int, str]:
    """Return how often the run of words that repeats most stands in a row, and the run.

    >>> longest_repetition("no no no thank you")
    (3, 'no')
    >>> longest_repetition("thank you thank you")
    (2, 'thank you')
    """
    words = text.split()
    best, run = (1, words[:1]) if words else (0, [])
    for size in range(1, min(_LONGEST_RUN, len(words) // 2) + 1):
        for first in range(len(words) - size + 1):
            part, count = words[first : first + size], 1
            while words[first + count * size : first + (count + 1) * size] == part:
                count += 1
            if count > best:
                best, run = count, part
    return best, " ".join(run)


def _doubts_of_cut(utterance: Utterance, levels: Levels, params: CutParams) -> Iterator[Reason]:
    seconds, least, most = (
        utterance.span.duration_s,
        params.min_utterance_s,
        params.max_utterance_s,
    )
    if seconds < least:
        yield reason("too_short", expected=f"at least {least:.1f} s", arrived=f"{seconds:.2f} s")
    if seconds > most:
        yield reason("too_long", expected=f"at most {most:.1f} s", arrived=f"{seconds:.2f} s")
    edge = _EDGE_FRAMES * GRID
    start, end = utterance.span.start, utterance.span.end
    sounding = [
        name
        for name, span in (("start", Span(start, start + edge)), ("end", Span(end - edge, end)))
        if levels.loud_frames(span) == _EDGE_FRAMES
    ]
    if utterance.measures.get(TORN):
        yield reason("word_at_edge", expected="a pause at both edges", arrived="a cut without one")
    elif sounding:
        yield reason(
            "word_at_edge",
            expected="silence at both edges",
            arrived=f"sound at the {' and the '.join(sounding)}",
        )


def _doubts_of_hearing(
    utterance: Utterance, second: Recognition, params: CutParams
) -> Iterator[Reason]:
    heard = second.transcript
    if heard.capped and _CONFIRMED not in utterance.measures:
        yield reason("endless_transcript", expected="a text that ends", arrived="the token limit")
    unsure = heard.mean_log_probability < _SURE * params.min_log_probability
    if unsure and heard.no_speech_probability > params.max_no_speech_probability:
        yield reason(
            "no_speech",
            expected=f"no-speech probability <= {params.max_no_speech_probability:.2f}",
            arrived=f"{heard.no_speech_probability:.2f}",
        )
    sure = heard.language_probability >= params.min_language_probability
    if sure and heard.language != heard_as(utterance.language):
        yield reason(
            "wrong_language",
            expected=repr(utterance.language),
            arrived=f"{heard.language!r} with probability {heard.language_probability:.2f}",
        )


def _doubts_of_words(
    utterance: Utterance, levels: Levels, params: CutParams, normalise: Normaliser
) -> Iterator[Reason]:
    figures = utterance.measures
    if figures["pass_wer"] > params.max_pass_wer and _CONFIRMED not in figures:
        yield reason(
            "passes_differ",
            expected=f"at most {params.max_pass_wer:.0%} of the words to differ",
            arrived=f"{figures['pass_wer']:.0%}",
        )
    least = figures["log_probability"]
    if figures["pass_wer"] > 0.0:
        # "fifteenth" is improbable to a recogniser that writes "15th": where both passes say the
        # same words, the sound does.
        least = min(least, figures.get("text_log_probability", least))
    if least < params.min_log_probability:
        yield reason(
            "low_probability",
            expected=f"mean log-probability >= {params.min_log_probability:.2f}",
            arrived=f"{least:.2f}",
        )
    repeats, run = longest_repetition(normalise(utterance.text))
    if repeats > params.max_repeats:
        yield reason(
            "repeated_words",
            expected=f"the same words at most {params.max_repeats} times in a row",
            arrived=f"{run!r} {repeats} times",
        )
    silent = [word.word for word in utterance.words if _is_silent(word, levels)]
    if silent:
        yield reason(
            "text_on_silence", expected="sound under each word", arrived=f"none under {silent[0]!r}"
        )


def _is_silent(word: WordTiming, levels: Levels) -> bool:
    first, last = int(word.start_s * 100), int(word.end_s * 100) + 1
    return levels.loud_frames(Span(first * GRID, last * GRID)) < _LEAST_SOUND_FRAMES
