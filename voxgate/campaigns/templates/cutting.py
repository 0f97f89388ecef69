"""Cut a template where its sentences end, and nowhere else.

A mark behind a slot ends a sentence, for no value is an abbreviation with its point. Another one
does where both sides, read apart, are what they are read together: not after "Dr.", "No. 5" or
"e.g.". Which it is can depend on what stands in a slot ("the Dr. Will" is a
doctor, and a sentence that begins with "Will"), so every cut is tried with many values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce

from voxgate.campaigns.templates.slots import SlotValue
from voxgate.campaigns.templates.syntax import Parts
from voxgate.campaigns.templates.template import FilledSentence, SentencePattern, SlotName
from voxgate.errors import TextError
from voxgate.excerpts import excerpt
from voxgate.text.front_end import FrontEnd
from voxgate.text.sentences import divide

__all__ = ["cut_sentences", "read_sentence", "sentence_faults"]

Values = Mapping[str, SlotValue]

_MAY_END = re.compile(r"[.!?…。？！][\"'”’)\]]*\s+")
_ENDS = ".!?…"
_ENOUGH = 30
"""Characters."""

_WORD = re.compile(r"\w")


def read_sentence(sentence: FilledSentence, front_end: FrontEnd) -> str:
    """Return a sentence as it is spoken: one piece, never two and never none.

    Raises:
        TextError: it cannot be read, is silent, or is more than one piece; names the values.
    """
    spoken = front_end.normalise(sentence.text)
    pieces = divide(spoken, "sentences")
    if len(pieces) == 1:
        return spoken
    values = ", ".join(f"{slot.name} = {excerpt(slot.spoken)}" for slot in sentence.slots)
    wrong = f"is spoken as {len(pieces)} pieces" if pieces else "has nothing that can be spoken"
    raise TextError(
        f"sentence {excerpt(sentence.text)} {wrong}{f' with {values}' if values else ''}; "
        "it must be one: write abbreviations before a slot out, and cut what is too long in two"
    )


def cut_sentences(
    parts: Parts, trials: Sequence[Values], front_end: FrontEnd, faults: list[str]
) -> tuple[SentencePattern, ...]:
    """Return the sentences of a template; joined with blanks they are the template.

    An end that is one with some values only is added to `faults`.

    Raises:
        TextError: a stretch of it cannot be read.
    """
    read = _remembered(front_end.normalise)
    pieces = list(_pieces(parts))
    sentences: list[Parts] = [()]
    for place, piece in enumerate(pieces, start=1):
        sentences[-1] = _joined(sentences[-1], piece)
        nothing: Parts = ()
        following = reduce(_joined, _enough(pieces[place:]), nothing)
        if following and _may_cut(sentences[-1], following, trials, read, faults):
            sentences.append(())
    return tuple(SentencePattern(parts=sentence) for sentence in sentences)


def sentence_faults(
    sentences: Sequence[SentencePattern],
    trials: Sequence[Values],
    longest: Values,
    front_end: FrontEnd,
) -> list[str]:
    """Return what keeps sentences from being one piece each with all their values in it."""
    faults = []
    for sentence in sentences:
        tried = trials[:1] if sentence.is_static else [*trials, longest]
        try:
            for values in tried:
                read_sentence(sentence.fill(values), front_end)
        except TextError as error:
            faults.append(str(error))
        else:
            faults += _unheard(sentence, trials, front_end)
    return faults


def _unheard(
    sentence: SentencePattern, trials: Sequence[Values], front_end: FrontEnd
) -> Iterator[str]:
    """Yield a fault for a slot whose value changes nothing: markup around it takes it away."""
    for name in sentence.slot_names:
        first, other = trials[0], {**trials[0], name: trials[1][name]}
        heard = {front_end.normalise(sentence.fill(values).text) for values in (first, other)}
        if len(heard) == 1:
            yield (
                f"slot {name} is not heard in {excerpt(sentence.written)}: what stands around it "
                "is read as markup; write the sentence without"
            )


def _may_cut(
    left: Parts,
    right: Parts,
    trials: Sequence[Values],
    read: Callable[[str], str],
    faults: list[str],
) -> bool:
    if _ends_with_slot(left):
        # The author's own mark: "at 2:30 PM. Bring" has the look of initials, and is two sentences.
        return True
    patterns = [SentencePattern(parts=parts) for parts in (left, right, _joined(left, right))]
    if patterns[-1].is_static:
        trials = trials[:1]
    texts = [[read(pattern.fill(values).text) for pattern in patterns] for values in trials]
    apart = [bool(a and b and a[-1] in _ENDS and f"{a} {b}" == both) for a, b, both in texts]
    if not any(apart) or not any(_parts(*each) for each in texts):
        return False
    if all(apart):
        return True
    ending, other = (trials[apart.index(is_end)] for is_end in (True, False))
    faults.append(
        f"the mark after {excerpt(patterns[0].fill(other).text[-40:])} ends a sentence before "
        f"{excerpt(patterns[1].fill(ending).text[:40])} and not before "
        f"{excerpt(patterns[1].fill(other).text[:40])}; write the abbreviation out, or words "
        "between it and the slot"
    )
    return True


def _enough(pieces: Sequence[Parts]) -> Iterator[Parts]:
    """Yield as many pieces as show how what follows is read: "Dr." alone does not."""
    seen = 0
    for piece in pieces:
        yield piece
        seen += sum(len(part) for part in piece if isinstance(part, str))
        if seen >= _ENOUGH:
            return


def _parts(first: str, second: str, whole: str) -> bool:
    """Tell whether the cut of a voice parts the two; it leaves very short ones together."""
    return divide(whole, "sentences") == [*divide(first, "sentences"), *divide(second, "sentences")]


def _ends_with_slot(parts: Parts) -> bool:
    return len(parts) > 1 and isinstance(parts[-2], SlotName) and not _WORD.search(str(parts[-1]))


def _pieces(parts: Parts) -> Iterator[Parts]:
    """Yield what stands between the marks that may end a sentence, without the blanks there."""
    piece: list[str | SlotName] = []
    for part in parts:
        if isinstance(part, SlotName):
            piece.append(part)
            continue
        start = 0
        for mark in _MAY_END.finditer(part):
            yield (*piece, part[start : mark.end()].rstrip())
            piece, start = [], mark.end()
        if part[start:]:
            piece.append(part[start:])
    if piece:
        yield tuple(piece)


def _joined(left: Parts, right: Parts) -> Parts:
    if not left:
        return right
    head, end, start = left[:-1], left[-1], right[0]
    assert isinstance(end, str), "a piece that is followed by another ends with its mark"
    if isinstance(start, str):
        return (*head, f"{end} {start}", *right[1:])
    return (*head, f"{end} ", *right)


def _remembered(read: Callable[[str], str]) -> Callable[[str], str]:
    """Read each text once: most trials of a cut share a side."""
    known: dict[str, str] = {}

    def look(text: str) -> str:
        if text not in known:
            known[text] = read(text)
        return known[text]

    return look
