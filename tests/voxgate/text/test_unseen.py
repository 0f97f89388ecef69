from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.unseen import refuse_unseen


def test_blanks_joiners_and_soft_hyphens_pass() -> None:
    refuse_unseen("a\tb\n中\r\u3000c\u00ad\u200d\ufe0f\x85")


@pytest.mark.parametrize(
    "character", ["\x00", "\x1b", "\x9f", "\u200f", "\u202e", "\u2067", "\ue000"]
)
def test_what_cannot_be_seen_is_named_with_its_place(character: str) -> None:
    with pytest.raises(TextError, match=rf"U\+{ord(character):04X} at character 3"):
        refuse_unseen(f"ab{character}c")
