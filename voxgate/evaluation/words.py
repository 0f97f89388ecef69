"""The words of one sample: what was asked for against what was heard, counted in several ways."""

from __future__ import annotations

from dataclasses import dataclass

import jiwer

from voxgate.evaluation.benchmark import Prompt
from voxgate.evaluation.prompt_texts import words_of
from voxgate.evaluation.protocol import Normaliser, Normalisers
from voxgate.evaluation.rates import count_character_errors, count_unit_errors
from voxgate.text.counting_units import WORD

__all__ = ["WordCounts", "count_critical", "count_words"]


@dataclass(frozen=True, kw_only=True)
class WordCounts:
    """Errors and lengths by their names in the evidence.

    A "word" is the unit of the language. The first four are judged; those of Whisper's normaliser
    stand beside them because published figures were counted so. `toneless_errors` are errors in the
    same units without their tones; None where the language has none.
    """

    word_errors: int
    ref_words: int
    char_errors: int
    ref_chars: int
    whisper_word_errors: int
    whisper_ref_words: int
    toneless_errors: int | None = None


def count_words(
    text: str, heard: str, *, capped: bool, normalisers: Normalisers
) -> tuple[WordCounts, float]:
    """Count the errors in what was heard; returns them, and the word error rate as it was heard.

    A capped transcript is a symptom, not a text: it counts as wholly wrong, once, so that the
    length of an endless repetition cannot outweigh every other prompt.

    Raises:
        ValueError: the text has no word.
    """
    judged, published = normalisers.normaliser, normalisers.published
    words = count_unit_errors(judged(text), judged(heard))
    characters = count_character_errors(judged.characters(text), judged.characters(heard))
    whisper = count_unit_errors(published(text), published(heard))
    counts = WordCounts(
        word_errors=words.reference if capped else words.errors,
        ref_words=words.reference,
        char_errors=characters.reference if capped else characters.errors,
        ref_chars=characters.reference,
        whisper_word_errors=whisper.reference if capped else whisper.errors,
        whisper_ref_words=whisper.reference,
        toneless_errors=_toneless_errors(text, heard, capped=capped, judged=judged),
    )
    return counts, words.rate


def _toneless_errors(text: str, heard: str, *, capped: bool, judged: Normaliser) -> int | None:
    reference, hypothesis = judged.toneless(text), judged.toneless(heard)
    if reference is None or hypothesis is None:
        return None
    counts = count_unit_errors(reference, hypothesis)
    return counts.reference if capped else counts.errors


def count_critical(
    prompt: Prompt, heard: str, *, capped: bool, normalisers: Normalisers
) -> tuple[int, int]:
    """Count the words that must not change and were not heard, and all that must not change.

    Words are counted as they are judged: of a number, each digit. A capped transcript misses all.
    """
    reference = normalisers.normaliser(prompt.text)
    if normalisers.normaliser.unit == WORD.code:
        spoken, marked = _marked_words(prompt)
    else:
        spoken, marked = _marked_units(prompt, normalisers.normaliser)
    critical = _critical_places(spoken, marked, reference)
    if capped:
        return len(critical), len(critical)
    kept = _kept_places(reference, normalisers.normaliser(heard))
    return len(critical - kept), len(critical)


def _critical_places(spoken: list[str], marked: frozenset[int], reference: str) -> frozenset[int]:
    """Return where in the words of `reference` the `marked` ones of `spoken` are.

    The judge writes a word in its own way ("twenty" as two digits, "don't" as two words): what
    stands at the place of a critical word, or is put in beside one that has changed, is critical.
    """
    places: set[int] = set()
    beside = False
    for chunk in jiwer.process_words(" ".join(spoken), reference).alignments[0]:
        mine = range(chunk.ref_start_idx, chunk.ref_end_idx)
        theirs = range(chunk.hyp_start_idx, chunk.hyp_end_idx)
        if chunk.type == "insert":
            places.update(theirs if beside or chunk.ref_start_idx in marked else ())
            continue
        places.update(b for a, b in zip(mine, theirs, strict=False) if a in marked)
        beside = chunk.type == "substitute" and mine[-1] in marked
    return frozenset(places)


def _marked_words(prompt: Prompt) -> tuple[list[str], frozenset[int]]:
    spoken = list(words_of(prompt.normalised))
    return spoken, _marked(spoken, [words_of(word)[0] for word in prompt.critical])


def _marked_units(prompt: Prompt, judged: Normaliser) -> tuple[list[str], frozenset[int]]:
    """Part the prompt at its critical words, and count the units of each part.

    A part may be read a little otherwise than in its sentence; it is aligned with it afterwards.
    """
    spoken: list[str] = []
    marked: set[int] = set()
    at = 0
    for word in prompt.critical:
        place = prompt.normalised.find(word, at)
        if place < 0:
            raise ValueError(
                f"prompt {prompt.id}: {word!r} is not in {prompt.normalised[at:]!r}; critical "
                "words are named in the order in which they are said"
            )
        spoken += judged(prompt.normalised[at:place]).split()
        units = judged(word).split()
        marked.update(range(len(spoken), len(spoken) + len(units)))
        spoken += units
        at = place + len(word)
    return spoken + judged(prompt.normalised[at:]).split(), frozenset(marked)


def _marked(spoken: list[str], critical: list[str]) -> frozenset[int]:
    places = []
    at = 0
    for word in critical:
        at = spoken.index(word, at) if word in spoken[at:] else spoken.index(word)
        places.append(at)
        at += 1
    return frozenset(places)


def _kept_places(reference: str, heard: str) -> frozenset[int]:
    chunks = jiwer.process_words(reference, heard).alignments[0]
    return frozenset(
        place
        for chunk in chunks
        if chunk.type == "equal"
        for place in range(chunk.ref_start_idx, chunk.ref_end_idx)
    )
