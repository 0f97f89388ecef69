"""Which phones and diphones a set of texts holds, by CMUdict's ARPAbet without stress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from voxgate.pretraining.speech.sentences import normalise
from voxgate.text.english.lexicon import cmu_dictionary

__all__ = ["Coverage", "measure_coverage"]

SILENCE = "SIL"
ARPABET = (  # noqa: SIM905 - a word list
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W "
    "Y Z ZH"
).split()


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Counts over all texts; words outside CMUdict count nowhere but in `unknown_words`."""

    words: int
    unknown_words: int
    phones: dict[str, int]
    diphones: dict[str, int]

    def summary(self) -> dict[str, Any]:
        """Return what a data card shows; the possible diphones are all pairs of phones."""
        counts = sorted(self.diphones.values())
        known = len(self.phones)
        return {
            "words": self.words,
            "unknown_words": self.unknown_words,
            "phones": known,
            "phones_possible": len(ARPABET),
            "rarest_phones": sorted(self.phones, key=self.phones.__getitem__)[:3],
            "diphones": len(counts),
            "diphones_possible": len(ARPABET) ** 2 + 2 * len(ARPABET),
            "diphones_at_least_5_times": sum(count >= 5 for count in counts),  # noqa: PLR2004
        }


def measure_coverage(texts: Iterable[str]) -> Coverage:
    """Count phones and diphones, across word boundaries, with SIL at both ends of a text."""
    lexicon = cmu_dictionary()
    words = unknown = 0
    phones: Counter[str] = Counter()
    diphones: Counter[str] = Counter()
    for text in texts:
        line = [SILENCE]
        for word in normalise(text).split():
            words += 1
            if word not in lexicon:
                unknown += 1
                continue
            line += [phone.rstrip("012") for phone in lexicon[word].split()]
        phones.update(line[1:])
        diphones.update(f"{left} {right}" for left, right in pairwise([*line, SILENCE]))
    return Coverage(
        words=words, unknown_words=unknown, phones=dict(phones), diphones=dict(diphones)
    )
