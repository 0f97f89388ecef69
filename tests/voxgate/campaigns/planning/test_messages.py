from __future__ import annotations

import pytest

from voxgate.campaigns.planning.messages import MessageReader, Piece
from voxgate.campaigns.templates.slots import SlotKind
from voxgate.campaigns.templates.template import FilledSentence, FilledSlot
from voxgate.errors import TextError
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end


@pytest.fixture(scope="module")
def english() -> FrontEnd:
    return open_front_end("en")


def slot(kind: SlotKind, spoken: str) -> FilledSlot:
    return FilledSlot(name=kind.value, kind=kind, spoken=spoken)


def filled(*parts: str | FilledSlot) -> FilledSentence:
    return FilledSentence(parts=parts)


def test_every_word_knows_which_slot_it_is_of(english: FrontEnd) -> None:
    reader = MessageReader(english, cut="sentences", lexicon={})
    visit = filled("It is on ", slot(SlotKind.DATE, "December 3"), ", at ",
                   slot(SlotKind.TIME, "2:30 PM"), ".")  # fmt: skip
    (piece,) = reader.pieces([visit])
    assert piece.text == "It is on December third, at two thirty P M."
    assert piece.slots == (None,) * 3 + ("date",) * 2 + (None,) + ("time",) * 4


def test_a_name_that_is_a_word_of_the_frame_too_is_found_in_its_place(english: FrontEnd) -> None:
    reader = MessageReader(english, cut="sentences", lexicon={})
    (piece,) = reader.pieces([filled("We will call ", slot(SlotKind.NAME, "Will"), " today.")])
    assert piece.slots == (None, None, None, "name", None)


def test_the_pieces_of_a_sentence_have_places_of_their_own(english: FrontEnd) -> None:
    reader = MessageReader(english, cut="every_mark", lexicon={})
    pieces = reader.pieces([
        filled("Hello ", slot(SlotKind.NAME, "Anna"), ", welcome to our house, and to the garden."),
        filled("Goodbye, everybody."),
    ])  # fmt: skip
    assert [len(piece.slots) for piece in pieces] == [
        len(piece.text.replace(",", "").replace(".", "").split()) for piece in pieces
    ]
    assert [kind for piece in pieces for kind in piece.slots].count("name") == 1
    assert len(pieces) > 2


def test_own_pronunciations_are_named_where_they_occur(english: FrontEnd) -> None:
    reader = MessageReader(english, cut="sentences", lexicon={"Siobhan": "SH IH0 V AO1 N"})
    with_it, without = reader.pieces(
        [filled("Hello ", slot(SlotKind.NAME, "Siobhan"), "."), filled("Goodbye, my dear.")]
    )
    assert with_it.readings == {"siobhan": "SH IH0 V AO1 N"}
    assert without.readings == {}


def test_a_sentence_is_read_once(english: FrontEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = MessageReader(english, cut="sentences", lexicon={})
    first = reader.pieces([filled("Hello, dear friend.")])
    monkeypatch.setattr(reader, "_make", lambda _: pytest.fail("it was read before"))
    assert reader.pieces([filled("Hello, dear friend.")]) == first


@pytest.mark.parametrize("text", ["...", "One sentence. And another one.", "你好"])
def test_what_is_not_one_sentence_is_refused(english: FrontEnd, text: str) -> None:
    reader = MessageReader(english, cut="sentences", lexicon={})
    with pytest.raises(TextError):
        reader.pieces([filled(text)])


def test_a_piece_survives_its_row(english: FrontEnd) -> None:
    reader = MessageReader(english, cut="sentences", lexicon={"anna": "AE1 N AH0"})
    (piece,) = reader.pieces([filled("Hello ", slot(SlotKind.NAME, "Anna"), ".")])
    assert Piece.from_json(piece.as_json()) == piece
