"""The server's reading of a text is the worker's: same sentences, same phones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.speech_pool import utterance
from tests.fakes.voice_package import CARD
from voxgate.errors import TextError, VoiceError
from voxgate.serving.desk.reading import PackagedSentences
from voxgate.serving.requests import PackagedVoice, Utterance
from voxgate.speaking.presets import SpeakingPreset
from voxgate.speaking.reading import packaged_reader
from voxgate.text.phonemes import to_phonemes
from voxgate.text.sentences import CutName, cut_names
from voxgate.voice.card import write_card

TEXT = "Dr. Miller owes you $3.50, since May 5. Oh! Pay it, please; or call 555-0199... Thank you."


def asked(folder: Path, text: str, cut: CutName = "sentences") -> Utterance:
    preset = SpeakingPreset(name="any", version=1, cut=cut)
    packaged = PackagedVoice(folder=folder, digest="ab" * 32)
    return replace(utterance(text, preset=preset), voice=packaged)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    write_card(tmp_path, CARD)
    return tmp_path


@pytest.mark.parametrize("cut", cut_names())
def test_the_sentences_are_those_that_the_voice_speaks(package: Path, cut: CutName) -> None:
    reader = packaged_reader(package, CARD)
    pieces = PackagedSentences()(asked(package, TEXT, cut))
    spoken = [to_phonemes(piece, reader.front_end).ids for piece in pieces]
    assert spoken == reader.sentences(TEXT, cut=cut)


def test_the_preset_says_where_a_text_is_cut(package: Path) -> None:
    read = PackagedSentences()
    counts = [len(read(asked(package, TEXT, cut))) for cut in ("nothing", "sentences")]
    assert counts[0] == 1 < counts[1] < len(read(asked(package, TEXT, "every_mark")))


def test_what_is_said_alike_is_one_sentence(package: Path) -> None:
    read = PackagedSentences()
    assert read(asked(package, "It costs $3.")) == read(asked(package, "It  costs three dollars."))


def test_a_text_without_words_is_left_to_the_voice(package: Path) -> None:
    assert PackagedSentences()(asked(package, "...")) == ["..."]
    with pytest.raises(TextError):
        packaged_reader(package, CARD).sentences("...", cut="sentences")


def test_a_package_that_is_not_there_is_a_voice_error(tmp_path: Path) -> None:
    with pytest.raises(VoiceError):
        PackagedSentences()(asked(tmp_path / "gone", TEXT))


def test_front_ends_are_kept_of_so_many_voices(package: Path, tmp_path: Path) -> None:
    read = PackagedSentences(max_voices=1)
    first = asked(package, "One.")
    read(first)
    (package / "voice.json").unlink()
    assert read(first) == ["One."]
    other = tmp_path / "other"
    other.mkdir()
    write_card(other, CARD)
    read(replace(first, voice=PackagedVoice(folder=other, digest="cd" * 32)))
    with pytest.raises(VoiceError):
        read(first)
