from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.symbols import PUNCTUATION, UNKNOWN, symbol_table


@pytest.mark.parametrize(("name", "size"), [("v1", 322), ("v2", 732)])
def test_tables_have_the_sizes_of_the_public_checkpoints(name: str, size: int) -> None:
    table = symbol_table(name)
    assert len(table) == size
    assert len(set(table.symbols)) == size
    assert table.id_of("!") == 0
    assert table.id_of(UNKNOWN) == 86


def test_v2_extends_v1_without_moving_an_id() -> None:
    assert symbol_table("v2").symbols[:322] == symbol_table("v1").symbols


def test_punctuation_is_in_the_table() -> None:
    assert all(mark in symbol_table("v2") for mark in PUNCTUATION)


def test_unknown_phoneme_is_an_error_and_not_unk() -> None:
    with pytest.raises(TextError, match=r"'AH9' is not in the table 'v2' \(732 symbols\)"):
        symbol_table("v2").ids_of(["AH0", "AH9"])


def test_unknown_table_names_the_known_ones() -> None:
    with pytest.raises(TextError, match=r"'v3'; there are: v1, v2 \(featurize.symbols\)"):
        symbol_table("v3")
