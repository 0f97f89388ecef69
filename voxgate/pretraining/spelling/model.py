"""Train the spelling model that ships with the text front end.

`python -m voxgate.pretraining.spelling.model OUTPUT.npz`

Five minutes on one core; the same dictionary gives the same bytes.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import math
import random
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxgate.files import write_bytes
from voxgate.pretraining.spelling.back_off import NGram, estimate, prune
from voxgate.pretraining.spelling.graphones import Word, align, graphone_probabilities
from voxgate.text.english.grapheme_to_phoneme import END, LOG_STEP, START, Graphone
from voxgate.text.english.lexicon import cmu_dictionary

__all__ = ["spelled_words", "train_spelling_model"]

_log = logging.getLogger(__name__)

_ALIGNMENT_WORDS = 12_000
_ALIGNMENT_ROUNDS = 8
_ORDER = 8
_MIN_COUNT = 2


def spelled_words(dictionary: Mapping[str, str]) -> list[Word]:
    """Return the entries that are spelled: letters only, not far longer or shorter than spoken."""
    words = [(word, tuple(phones.split())) for word, phones in sorted(dictionary.items())]
    return [
        (word, phones)
        for word, phones in words
        if re.fullmatch("[a-z]{2,}", word) and len(phones) <= 2 * len(word) <= 6 * len(phones)
    ]


def train_spelling_model(words: Sequence[Word], *, seed: int) -> bytes:
    """Return an npz file that `read_spelling_model` reads."""
    sample = random.Random(seed).sample(words, min(len(words), _ALIGNMENT_WORDS))  # noqa: S311 - no secret
    probabilities = graphone_probabilities(sample, rounds=_ALIGNMENT_ROUNDS)
    _log.info("%d graphones from %d words", len(probabilities), len(sample))
    rows = [row for word in words if (row := align(word, probabilities))]
    _log.info("%d of %d words aligned", len(rows), len(words))
    graphones = sorted({graphone for row in rows for graphone in row})
    symbol_of = {graphone: symbol for symbol, graphone in enumerate(graphones, start=END + 1)}
    numbered = [[START, *(symbol_of[graphone] for graphone in row), END] for row in rows]
    estimated, _, counts = estimate(numbered, order=_ORDER, start=START)
    kept, back_off = prune(estimated, counts, min_count=_MIN_COUNT)
    _log.info("%d n-grams, %d kept", len(estimated), len(kept))
    return _pack(graphones, kept, back_off)


def _pack(
    graphones: Sequence[Graphone],
    probabilities: Mapping[NGram, float],
    back_off: Mapping[NGram, float],
) -> bytes:
    """Store the trie level by level: each node's last symbol, and its number of children."""
    nodes = _breadth_first(probabilities)
    children = dict.fromkeys(nodes, 0)
    for node in nodes:
        if node:
            children[node[:-1]] += 1
    arrays: dict[str, NDArray[Any]] = {
        "symbol": np.array([node[-1] for node in nodes[1:]], dtype=np.uint16),
        "children": np.array([children[node] for node in nodes], dtype=np.uint16),
        "score": _quantised(probabilities[node] for node in nodes[1:]),
        "back_off": _quantised(back_off.get(node, 1.0) for node in nodes),
        "graphones": np.frombuffer(json.dumps(graphones).encode(), dtype=np.uint8),
    }
    return _npz(arrays)


def _breadth_first(probabilities: Mapping[NGram, float]) -> list[NGram]:
    """Return all n-grams so that children stand in the order of their parents, then by symbol."""
    nodes: list[NGram] = [()]
    level: list[NGram] = [()]
    by_length: dict[int, list[NGram]] = {}
    for gram in sorted(probabilities):
        by_length.setdefault(len(gram), []).append(gram)
    for length in sorted(by_length):
        place = {parent: at for at, parent in enumerate(level)}
        level = sorted(by_length[length], key=lambda gram: (place[gram[:-1]], gram[-1]))
        nodes.extend(level)
    return nodes


def _quantised(values: Iterable[float]) -> NDArray[np.int8]:
    steps = [round(-math.log(value) / LOG_STEP) for value in values]
    return np.array([min(max(step, -127), 127) for step in steps], dtype=np.int8)


def _npz(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Write an npz without time stamps: the same arrays give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in sorted(arrays.items()):
            content = io.BytesIO()
            np.lib.format.write_array(content, array, allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)),
                content.getvalue(),
                zipfile.ZIP_DEFLATED,
                9,
            )
    return stream.getvalue()


def main() -> None:
    """Train on the shipped dictionary and write the file."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--seed", type=int, default=20261123)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    data = train_spelling_model(spelled_words(cmu_dictionary()), seed=arguments.seed)
    write_bytes(arguments.output, data)


if __name__ == "__main__":
    main()
