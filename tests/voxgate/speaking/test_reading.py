from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.voice_package import CARD
from voxgate.errors import TextError
from voxgate.speaking.reading import TextReader, packaged_reader


@pytest.fixture
def reader(tmp_path: Path) -> TextReader:
    return packaged_reader(tmp_path, CARD)


def test_the_text_is_normalised_before_it_is_divided(reader: TextReader) -> None:
    [one] = reader.sentences("Dr. Miller is here.", cut="sentences")
    assert one == reader.phones("Dr. Miller is here.")


def test_the_cut_decides_how_many_pieces_there_are(reader: TextReader) -> None:
    text = "Bring it, and go home. Close the door, please."
    counts = [
        len(reader.sentences(text, cut=cut)) for cut in ("nothing", "sentences", "every_mark")
    ]
    assert counts == [1, 2, 4]


def test_the_speakers_own_lexicon_is_used(tmp_path: Path, reader: TextReader) -> None:
    (tmp_path / "lexicon.txt").write_bytes(b"kettle\tB AO1 L\n")
    own = packaged_reader(tmp_path, CARD.model_copy(update={"files": {"lexicon.txt": "0" * 64}}))

    words = own.front_end.read("kettle").words
    assert [word.phones for word in words] == [("B", "AO1", "L")]
    assert own.phones("Kettle.") != reader.phones("Kettle.")
    assert packaged_reader(tmp_path, CARD).phones("Kettle.") == reader.phones("Kettle.")


def test_a_package_has_a_lexicon_for_each_language(tmp_path: Path, reader: TextReader) -> None:
    (tmp_path / "lexicon.en.tsv").write_bytes(b"kettle\tB AO1 L\n")
    files = {"lexicon.en.tsv": "0" * 64, "lexicon.zh.tsv": "1" * 64}
    own = packaged_reader(tmp_path, CARD.model_copy(update={"files": files}))
    assert own.phones("Kettle.") != reader.phones("Kettle.")


def test_a_text_without_words_is_refused(reader: TextReader) -> None:
    for text in ("", "..."):
        with pytest.raises(TextError):
            reader.sentences(text, cut="sentences")
