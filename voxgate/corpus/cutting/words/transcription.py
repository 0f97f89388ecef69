"""From speech to utterances with texts and doubts: two hearings, and what they agree on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.reasons import reason
from voxgate.corpus.cutting.sound.islands import find_islands
from voxgate.corpus.cutting.sound.levels import Levels
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Reason, Utterance
from voxgate.corpus.cutting.words.doubts import doubts, pass_wer, with_measures
from voxgate.corpus.cutting.words.given_texts.following import follow, words_not_given
from voxgate.corpus.cutting.words.given_texts.lines import GivenTranscript
from voxgate.corpus.cutting.words.hearing import Read, hear_again, hear_windows
from voxgate.corpus.cutting.words.settling import settle_words
from voxgate.corpus.cutting.words.third_hearing import Dispute, hear_thirdly
from voxgate.corpus.cutting.words.utterances import cut_utterances, within
from voxgate.corpus.cutting.words.windows import plan_windows
from voxgate.errors import TextError
from voxgate.params import CutParams
from voxgate.ports import Recogniser
from voxgate.types import HEARING_RATE_HZ, Recognition, WordTiming

__all__ = ["HearingRoom", "JudgedUtterance", "transcribe_speech"]

Normaliser = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class HearingRoom:
    """One recording, and the instruments that hear it.

    `read` returns the 16 kHz samples of a span; `normalise` brings texts of the language to the
    words that are compared; `spell` says a text as the language's front end does (TextError where
    it cannot), and is None for a language without one.
    """

    read: Read
    n_samples: int
    levels: Levels
    language: str
    recogniser: Recogniser
    cache: ContentCache
    normalise: Normaliser
    spell: Callable[[str], str] | None = None


@dataclass(frozen=True, kw_only=True)
class JudgedUtterance:
    """An utterance with what its own hearing said, and every reason to doubt it."""

    utterance: Utterance
    second: Recognition
    reasons: tuple[Reason, ...]


def transcribe_speech(
    room: HearingRoom,
    speech: Sequence[Span],
    params: CutParams,
    *,
    given: GivenTranscript | None = None,
) -> list[JudgedUtterance]:
    """Cut `speech` (of one speaker, in order) into utterances, and hear each twice.

    The words are those of the `given` transcript, where there is one.

    Returns:
        In order and apart; together they hold all of the speech.

    Raises:
        EvaluatorError: the recogniser failed; what it heard before is cached.
        TranscriptError: the given transcript is another recording's.
    """
    islands = find_islands(speech, room.levels, min_pause_s=params.min_pause_s)
    windows = plan_windows(islands, room.levels, n_samples=room.n_samples)
    heard = hear_windows(room.read, windows, room.recogniser, room.cache, islands=islands)
    words = [word for window in heard for word in window.transcript.words]
    if given is None:
        return _judge_words(room, words, islands, params)
    duration_s = room.n_samples / HEARING_RATE_HZ
    words = follow(given, words, islands=islands, duration_s=duration_s)
    judged = _judge_words(room, words, islands, params, is_given=True)
    missing = words_not_given(given, [each.utterance.text for each in judged])
    return [
        replace(each, reasons=_against_given(each.reasons, extra))
        for each, extra in zip(judged, missing, strict=True)
    ]


def _judge_words(
    room: HearingRoom,
    words: Sequence[WordTiming],
    islands: Sequence[Span],
    params: CutParams,
    *,
    is_given: bool = False,
) -> list[JudgedUtterance]:
    """Cut at the pauses between `islands`, hear each utterance alone, and hold both together."""
    first = cut_utterances(
        words,
        islands,
        room.levels,
        params,
        n_samples=room.n_samples,
        language=room.language,
    )
    second = _hear(room, first, [utterance.text for utterance in first])
    settled = settle_words(first, [each.transcript.text for each in second], room.normalise)
    alone = [each.transcript.text for each in second]
    sides = _third_sides(room, settled, alone, params, is_given=is_given)
    texts = [
        side or mine.text or other for side, mine, other in zip(sides, settled, alone, strict=True)
    ]
    placed = _hear(room, settled, texts)  # only changed texts cost a hearing
    return [
        _judged(room, mine, text, heard, params, confirmed=side is not None)
        for mine, text, heard, side in zip(settled, texts, placed, sides, strict=True)
    ]


def _third_sides(
    room: HearingRoom,
    utterances: Sequence[Utterance],
    alone: Sequence[str],
    params: CutParams,
    *,
    is_given: bool,
) -> list[str | None]:
    """Return the texts that two hearings of three have, where two differ by more than the bound.

    A given text stays or is doubted: hearings do not replace it.
    """
    disputes = [
        Dispute(place=n, first=mine.text, second=other)
        for n, (mine, other) in enumerate(zip(utterances, alone, strict=True))
        if mine.text and other and pass_wer(mine.text, other, room.normalise) > params.max_pass_wer
    ]
    heard = hear_thirdly(
        room.read, utterances, disputes, room.recogniser, room.cache, normalise=room.normalise
    )
    sides: list[str | None] = [None] * len(utterances)
    for dispute, text in zip(disputes, heard, strict=True):
        if not (is_given and text == dispute.second):
            sides[dispute.place] = text
    return sides


def _hear(
    room: HearingRoom, utterances: Sequence[Utterance], texts: Sequence[str]
) -> list[Recognition]:
    spans = [utterance.span for utterance in utterances]
    return hear_again(room.read, spans, texts, room.recogniser, room.cache)


def _judged(
    room: HearingRoom,
    utterance: Utterance,
    text: str,
    heard: Recognition,
    params: CutParams,
    *,
    confirmed: bool,
) -> JudgedUtterance:
    """Place the words where the second hearing puts them, inside the sound's own edges.

    `confirmed`: a third hearing has the text too, whatever the first two say.
    """
    words = utterance.words if heard.alignment is None else heard.alignment.words
    sound = room.levels.sound_in(utterance.span)
    placed = replace(
        utterance,
        text=text,
        words=within(words, sound.start_s, sound.end_s),
        spoken=_spelled(text, room.spell),
    )
    measured = with_measures(
        placed,
        heard,
        first_text=utterance.text,
        confirmed=confirmed,
        normalise=room.normalise,
    )
    reasons = doubts(measured, heard, room.levels, params, normalise=room.normalise)
    return JudgedUtterance(utterance=measured, second=heard, reasons=reasons)


def _spelled(text: str, spell: Callable[[str], str] | None) -> str:
    if spell is None:
        return ""
    try:
        return spell(text)
    except TextError:
        return ""


def _against_given(reasons: Sequence[Reason], extra: Sequence[str]) -> tuple[Reason, ...]:
    """Say of reasons to doubt a given text what they are, and which words it does not have."""
    named = [
        replace(each, code="text_differs") if each.code == "passes_differ" else each
        for each in reasons
    ]
    if extra:
        named.append(
            reason(
                "not_in_transcript",
                expected="only words of the given transcript",
                arrived=repr(" ".join(extra)),
            )
        )
    return tuple(named)
