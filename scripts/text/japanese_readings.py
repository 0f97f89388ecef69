"""Measure phone errors of the Japanese front end on ROHAN4600.

    python -m scripts.text.japanese_readings [rohan4600.tsv.xz] [--show 20]

Phones are compared without marks and accents. Readings of the corpus are spelled (コウカ), readings
of the front end are pronounced (コーカ): so a long vowel counts as its vowel once more in both, and
devoicing does not count. Prints the phone error rate, the share of sentences without an error, and
characters a second after loading.
"""

from __future__ import annotations

import argparse
import lzma
import re
import time
from collections.abc import Sequence
from pathlib import Path

from voxgate.text.japanese.front_end import open_japanese
from voxgate.text.japanese.kana import kana_phones
from voxgate.text.symbols import PUNCTUATION, symbol_table

_CASES = Path(__file__).parents[2] / "tests" / "cases" / "languages" / "rohan" / "rohan4600.tsv.xz"
_MARKS = PUNCTUATION | {"[", "]", "_", "UNK"}
_LONG = {("o", "u"): "o", ("e", "i"): "e"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Formatter)
    parser.add_argument("cases", type=Path, nargs="?", default=_CASES)
    parser.add_argument("--show", type=int, default=0, help="sentences with errors to print")
    options = parser.parse_args(arguments)
    lines = lzma.decompress(options.cases.read_bytes()).decode().splitlines()
    rows = [line.split("\t") for line in lines]
    front_end = open_japanese(symbol_table("v2"), lexicon=None)
    front_end.read("準備")  # the first text loads the dictionary
    errors = phones = perfect = shown = 0
    began_s = time.perf_counter()
    spoken = [front_end.read(text) for text, _ in rows]
    took_s = time.perf_counter() - began_s
    for (text, reading), found in zip(rows, spoken, strict=True):
        heard = _folded([phone for word in found.words for phone in word.phones])
        right = _folded(list(kana_phones(re.sub("[^ァ-ヴー]", "", reading)) or ()))
        wrong = edit_distance(heard, right)
        errors, phones, perfect = errors + wrong, phones + len(right), perfect + (wrong == 0)
        if wrong and shown < options.show:
            shown += 1
            print(f"{wrong} {text} | {reading} | {' '.join(heard)}")
    print(f"phone errors {errors / phones:.3%} ({errors} of {phones} phones)")
    print(f"sentences without an error {perfect / len(rows):.1%} of {len(rows)}")
    print(f"{sum(len(text) for text, _ in rows) / took_s:,.0f} characters a second")


def edit_distance(heard: Sequence[str], right: Sequence[str]) -> int:
    """Return how many units to insert, delete or replace to get from one to the other."""
    row = list(range(len(right) + 1))
    for i, unit in enumerate(heard, start=1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(right, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (unit != other))
    return row[-1]


def _folded(phones: Sequence[str]) -> list[str]:
    folded: list[str] = []
    for phone in phones:
        if phone not in _MARKS:
            last = folded[-1] if folded else ""
            folded.append(_LONG.get((last, phone.lower()), phone.lower()))
    return folded


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """The docstring as it is written."""


if __name__ == "__main__":
    main()
