"""Compare the readings of the Cantonese front end with those of a transcribed corpus.

    python scripts/text/cantonese_corpus.py FOLDER

FOLDER holds the .cha files of the Hong Kong Cantonese Corpus (K. K. Luke and M. L. Y. Wong, CC BY
4.0), which the package pycantonese brings; they are not part of the project. Its transcribers wrote
what was said, so that the tones of particles and lazy sounds differ for good.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from voxgate.text.cantonese.contexts import reading_in_context
from voxgate.text.cantonese.dictionary import dictionary_readings

_SYLLABLE = re.compile("[a-z]+[1-6]")
_PARTICLES = frozenset(
    "呀啊喎㗎𡃉啦喇囉嘅嗎咩呢添啩㖭噃囖嘞嚹吖嘛咋啫喀嗯哦哩嘩誒唧唉呃嗱哎咪呵吓嘍嘿喳咯噠喲嘑"
)
"""Sentence particles and interjections: their tone is mood, and no rule knows it."""


@dataclass(frozen=True)
class Said:
    """A character of an utterance, where it stands, and the syllable that was transcribed."""

    text: str
    place: int
    syllable: str


@dataclass(frozen=True)
class Agreement:
    """How many syllables agree, with the dictionary alone and with the rules of contexts."""

    syllables: int
    dictionary: int
    with_rules: int
    mended: int
    broken: int

    def __str__(self) -> str:
        return (
            f"{self.syllables} syllables: dictionary {self.dictionary / self.syllables:.2%}, with "
            f"rules {self.with_rules / self.syllables:.2%}; rules mend {self.mended}, break "
            f"{self.broken}"
        )


def read_utterances(lines: Iterator[str]) -> Iterator[list[Said]]:
    """Yield the characters of each utterance whose readings stand below it, in order."""
    words: list[str] = []
    for line in _joined(lines):
        kind, _, rest = line.partition("\t")
        if kind.startswith("*"):
            words = rest.split()
        elif kind == "%mor:" and len(rest.split()) == len(words):
            yield _aligned(words, rest.split())


def _joined(lines: Iterator[str]) -> Iterator[str]:
    """Join what goes on in a line that begins with a tab."""
    whole = ""
    for line in lines:
        if line.startswith("\t"):
            whole += " " + line.strip()
        else:
            yield whole
            whole = line.rstrip("\n")
    yield whole


def _aligned(words: list[str], readings: list[str]) -> list[Said]:
    text = "".join("," if word == "-" else word for word in words)
    said: list[Said] = []
    place = 0
    for word, reading in zip(words, readings, strict=True):
        syllables = _SYLLABLE.findall(reading.partition("|")[2])
        if len(syllables) == len(word):
            said.extend(Said(text, place + at, one) for at, one in enumerate(syllables))
        place += len(word)
    return said


def agreement(said: list[Said]) -> Agreement:
    """Count how many syllables are read as they were transcribed."""
    counted: Counter[str] = Counter()
    last, looked_up = "", list[str | None]()
    for one in said:
        if one.text is not last:
            last, looked_up = one.text, dictionary_readings(one.text)
        plain = looked_up[one.place]
        ruled = reading_in_context(one.text, one.place) or plain
        counted["dictionary"] += plain == one.syllable
        counted["with_rules"] += ruled == one.syllable
        counted["mended"] += ruled == one.syllable != plain
        counted["broken"] += plain == one.syllable != ruled
    return Agreement(
        syllables=len(said),
        dictionary=counted["dictionary"],
        with_rules=counted["with_rules"],
        mended=counted["mended"],
        broken=counted["broken"],
    )


def main() -> None:
    """Print the agreement over all syllables, and over those that are no particles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    files = sorted(parser.parse_args().folder.glob("*.cha"))
    if not files:
        parser.error("there are no .cha files in the folder")
    said: list[Said] = []
    for path in files:
        with path.open(encoding="utf-8") as lines:
            said.extend(one for utterance in read_utterances(lines) for one in utterance)
    words = [one for one in said if one.text[one.place] not in _PARTICLES]
    sys.stdout.write(f"all: {agreement(said)}\nwithout particles: {agreement(words)}\n")


if __name__ == "__main__":
    main()
