from __future__ import annotations

import pytest
import torch
from torch import nn

from voxgate.pretraining.base.near_phones import NEAREST, begin_near
from voxgate.text.symbols import symbol_table

TABLE = symbol_table("v2")


def test_only_rows_of_other_languages_change_and_tones_begin_alike() -> None:
    network = nn.ModuleList([nn.Embedding(len(TABLE), 4), nn.Embedding(8, 4)])
    before = [module.weight.detach().clone() for module in network]
    count = begin_near(network, TABLE)
    phones, codes = (module.weight for module in network)
    assert torch.equal(codes, before[1])
    changed = {
        symbol
        for symbol, row, old in zip(TABLE.symbols, phones, before[0], strict=True)
        if not torch.equal(row, old)
    }
    assert changed == {new for new, old in NEAREST.items() if {new, old} <= set(TABLE.symbols)}
    assert len(changed) == count
    assert torch.equal(phones[TABLE.id_of("ang1")], before[0][TABLE.id_of("AA1")])
    assert torch.equal(phones[TABLE.id_of("ang1")], phones[TABLE.id_of("ang4")])


def test_what_a_phone_begins_as_is_english() -> None:
    assert set(NEAREST.values()) | set(NEAREST) <= set(TABLE.symbols)
    assert not set(NEAREST) & set(NEAREST.values())


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_every_phone_of_a_language_has_a_nearest_one(language: str) -> None:
    from itertools import islice

    from voxgate.pretraining.speech.everyday import everyday_sentences
    from voxgate.text.front_ends import open_front_end
    from voxgate.text.phonemes import to_phonemes

    front_end = open_front_end(language)
    plain = [s.text for s in islice(everyday_sentences(1, language), 300) if s.kind != "mixed"]
    heard = {phone for text in plain for phone in to_phonemes(text, front_end).phones}
    assert heard - set(NEAREST) <= {*",.!?-…", "[", "]", "_", "UNK", "N"}
