"""How many readings of Chinese characters are right, and how fast they are found.

    python scripts/text/measure_chinese.py [--cpp FOLDER] [--errors]

FOLDER holds `test.sent` and `test.lb` of CPP (https://github.com/kakaobrain/g2pM, `data`); without
it, the tenth of them that the tests ship is measured. The other figure is of everyday characters,
our own sentences.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from voxgate.text.chinese.polyphone_network import polyphone_network
from voxgate.text.chinese.reading import find_readings

CASES = Path(__file__).parents[2] / "tests" / "cases" / "languages"
CLAUSE = re.compile(r"[^,.!?…，。！？、；：;:]+")
AROUND = 64


def main() -> None:
    """Measure both sets, and print what was found by which way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cpp", type=Path, help="folder of CPP's test.sent and test.lb")
    parser.add_argument("--errors", action="store_true", help="print what is read wrong")
    arguments = parser.parse_args()
    measure("CPP", list(_cpp(arguments.cpp)), errors=arguments.errors)
    measure("everyday", list(_everyday()), errors=arguments.errors)


def measure(name: str, rows: list[tuple[str, int, frozenset[str]]], *, errors: bool) -> float:
    """Print and return the share of characters that are read right."""
    right = 0
    ways: Counter[str] = Counter()
    start = time.perf_counter()
    for sentence, place, wanted in rows:
        found, way = reading_at(sentence, place)
        right += found in wanted
        ways[way] += 1
        if errors and found not in wanted:
            fields = (way, sentence[place], found, "|".join(sorted(wanted)), sentence)
            print("\t".join(fields))
    seconds = time.perf_counter() - start
    characters = sum(len(sentence) for sentence, _, _ in rows)
    print(
        f"{name}: {right} of {len(rows)} right, {right / len(rows):.2%}; "
        f"{characters / seconds:,.0f} characters/s; {dict(ways)}"
    )
    return right / len(rows)


def reading_at(sentence: str, place: int) -> tuple[str, str]:
    """Return the dictionary reading of one character, and how it was found."""
    for clause in CLAUSE.finditer(sentence):
        if clause.start() <= place < clause.end():
            before = sentence[max(0, clause.start() - AROUND) : clause.start()]
            after = sentence[clause.end() : clause.end() + AROUND]
            found = find_readings(clause.group(), model=polyphone_network(), around=(before, after))
            return found[place - clause.start()]
    raise ValueError(f"no clause at {place} in {sentence}")


def _cpp(folder: Path | None) -> Iterator[tuple[str, int, frozenset[str]]]:
    if folder is None:
        lines = (CASES / "cpp" / "every_tenth.tsv").read_text(encoding="utf-8").splitlines()
        pairs = [(line.split("\t")[1], line.split("\t")[0]) for line in lines]
    else:
        sentences = next(folder.glob("*test.sent")).read_text(encoding="utf-8").splitlines()
        labels = next(folder.glob("*test.lb")).read_text(encoding="utf-8").split()
        pairs = list(zip(sentences, labels, strict=True))
    for sentence, reading in pairs:
        yield (
            sentence.replace("▁", ""),
            sentence.index("▁"),
            frozenset({reading.replace("u:", "v")}),
        )


def _everyday() -> Iterator[tuple[str, int, frozenset[str]]]:
    for line in (CASES / "zh_polyphones.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            sentence, place, readings = line.split("\t")
            yield sentence, int(place), frozenset(readings.split("|"))


if __name__ == "__main__":
    main()
