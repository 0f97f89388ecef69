"""The phoneme tables of GPT-SoVITS: a phoneme's id is its place in an ordered list.

`data/symbols.json` holds the lists of all languages, as the public checkpoints index them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from voxgate.errors import TextError

__all__ = ["PUNCTUATION", "UNKNOWN", "SymbolTable", "symbol_table"]

UNKNOWN = "UNK"
"""What a phoneme outside the table becomes in upstream's data; here that is an error."""

PUNCTUATION = frozenset(",.!?-…")
"""The punctuation that is spoken as a symbol of its own."""


@dataclass(frozen=True)
class SymbolTable:
    """An ordered list of phonemes.

    `symbols[i]` has the id i, in the text embeddings of both models.
    """

    name: str
    symbols: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "_id_of", {s: i for i, s in enumerate(self.symbols)})

    def __len__(self) -> int:
        return len(self.symbols)

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._ids

    @property
    def _ids(self) -> dict[str, int]:
        ids: dict[str, int] = self.__dict__["_id_of"]
        return ids

    def id_of(self, symbol: str) -> int:
        """Return the id of `symbol`.

        Raises:
            TextError: the table has no such symbol. Upstream answers with the id of `UNK` instead,
                and a wrong phoneme then reaches training unseen.
        """
        try:
            return self._ids[symbol]
        except KeyError:
            raise TextError(
                f"phoneme {symbol!r} is not in the table {self.name!r} ({len(self)} symbols); "
                "a user lexicon may use the table's own phonemes only"
            ) from None

    def ids_of(self, symbols: Iterable[str]) -> tuple[int, ...]:
        """Return the ids of `symbols`, in order."""
        return tuple(self.id_of(symbol) for symbol in symbols)


@cache
def symbol_table(name: str) -> SymbolTable:
    """Return the table `v1` (322 symbols) or `v2` (732).

    Raises:
        TextError: there is no table of that name.
    """
    text = files("voxgate.text").joinpath("data", "symbols.json").read_text(encoding="utf-8")
    tables: dict[str, list[str]] = json.loads(text)
    if name not in tables:
        known = ", ".join(sorted(tables))
        raise TextError(f"no phoneme table {name!r}; there are: {known} (featurize.symbols)")
    return SymbolTable(name=name, symbols=tuple(tables[name]))
