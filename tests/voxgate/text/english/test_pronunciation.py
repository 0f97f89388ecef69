from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxgate.errors import TextError
from voxgate.text.english.front_end import EnglishFrontEnd
from voxgate.text.english.lexicon import Lexicon, cmu_dictionary
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end
from voxgate.text.phonemes import to_phonemes
from voxgate.text.symbols import symbol_table

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "fixtures" / "gpt_sovits_text.json").read_text(encoding="utf-8")
)

DIFFERENT_ON_PURPOSE = {
    "I like playing Genshin.": (
        "an unknown word: another model guesses it",
        "AY1 L AY1 K P L EY1 IH0 NG JH EH1 N SH IH0 N .",
    ),
    "In this; paper, we propose 1 DSPGAN, a GAN-based universal vocoder.": (
        "the semicolon is a pause; an unknown word",
        "IH0 N DH IH1 S , P EY1 P ER0 , W IY1 P R AH0 P OW1 Z W AH1 N D IY1 EH1 S P IY1 "
        "JH IY1 EY1 EH1 N , AH0 JH IY1 EY1 EH1 N B EY1 S T Y UW2 N AH0 V ER1 S AH0 L V "
        "OW0 K OW1 D ER0 .",
    ),
    "The price is $12.50 at 13:30, i.e. 1/3 off.": (
        "no pauses inside P M; the comma before 'that is' stays",
        "DH AH0 P R AY1 S IH1 Z T W EH1 L V D AA1 L ER0 Z AH0 N D F IH1 F T IY0 S EH1 N T "
        "S AE1 T W AH1 N TH ER1 D IY2 P IY1 EH1 M , DH AE1 T IH1 Z W AH1 N TH ER1 D AO1 F "
        ".",
    ),
    "Dr. Smith's 2nd book cost 12,000 pounds!": (
        "Dr. before a name is a doctor, not a drive",
        "D AA1 K T ER0 S M IH1 TH S S EH1 K AH0 N D B UH1 K K AA1 S T T W EH1 L V TH AW1 "
        "Z AH0 N D P AW1 N D Z !",
    ),
    "U.S. GDP grew 3.5% in 2021.": (
        "no pauses inside an acronym",
        "Y UW1 EH1 S JH IY1 D IY1 P IY1 G R UW1 TH R IY1 P OY1 N T F AY1 V P ER0 S EH1 N "
        "T IH0 N T W EH1 N T IY0 T W EH1 N T IY0 W AO2 N .",
    ),
    "Read the OpenAI API docs: it's easy.": (
        "read as an order; 'the' before a vowel; the colon is a pause",
        "R IY1 D DH IY0 OW1 P AH0 N EY1 AY1 EY1 P IY1 AY1 D AA1 K S , IH1 T S IY1 Z IY0 .",
    ),
    "Well... no!?": (
        "the ellipsis stays, a question is a question",
        "W EH1 L … N OW1 ?",
    ),
    " 100km/h 21°C": (
        "kilometers per hour",
        "W AH1 N HH AH1 N D R AH0 D K AH0 L AA1 M AH2 T ER0 Z P ER1 AW1 ER0 T W EH1 N T "
        "IY0 W AO2 N D IH0 G R IY1 Z S EH1 L S IY0 AH0 S",
    ),
    'Mr. O\'Neill said "hi".': (
        "no pause after a title; O'Neill is in the dictionary",
        "M IH1 S T ER0 OW0 N IY1 L S EH1 D HH AY1 .",
    ),
}


@pytest.fixture(scope="module")
def english() -> FrontEnd:
    return open_front_end("en")


@pytest.mark.parametrize("case", GOLDEN["english"], ids=lambda case: case["in"][:20])
def test_english_agrees_with_upstream_but_where_it_is_meant_to_differ(
    case: dict[str, Any], english: FrontEnd
) -> None:
    phonemes = to_phonemes(case["in"], english)
    if case["in"] in DIFFERENT_ON_PURPOSE:
        _, expected = DIFFERENT_ON_PURPOSE[case["in"]]
        assert " ".join(phonemes.phones) == expected
        assert list(phonemes.phones) != case["phones"]
    else:
        assert list(phonemes.phones) == case["phones"]
        assert list(phonemes.ids) == case["ids"]


def test_each_word_names_its_source() -> None:
    lexicon = Lexicon(user={"read": ("R", "EH1", "D")}, dictionary=cmu_dictionary())
    english = EnglishFrontEnd(symbols=symbol_table("v2"), lexicon=lexicon)
    phonemes = to_phonemes("Read the API: unmuted voicemails, Zorblax's hmm.", english)
    assert [(word.word, word.source) for word in phonemes.words] == [
        ("Read", "user"),
        ("the", "homograph"),
        ("A", "letter"),
        ("P", "letter"),
        ("I", "letter"),
        ("unmuted", "compound"),
        ("voicemails", "inflected"),
        ("Zorblax's", "guess"),
        ("hmm", "lexicon"),
    ]
    assert phonemes.guessed_words == ("Zorblax's",)


@pytest.mark.parametrize(
    ("text", "word", "phones"),
    [
        ("press one to record your name", "record", "R IH0 K AO1 R D"),
        ("a record of the call", "record", "R EH1 K ER0 D"),
        ("please close the door", "close", "K L OW1 Z"),
        ("we are close to home", "close", "K L OW1 S"),
        ("I have read it", "read", "R EH1 D"),
        ("to use it", "use", "Y UW1 Z"),
        ("the use of force", "use", "Y UW1 S"),
        ("the apple", "the", "DH IY0"),
        ("the pear", "the", "DH AH0"),
        ("a dog", "a", "AH0"),
        ("A dog", "A", "AH0"),
        ("vitamin A", "A", "EY1"),
        ("an A I model", "A", "EY1"),
        ("reposted", "reposted", "R IY0 P OW1 S T IH0 D"),
        ("the users' bridges", "bridges", "B R IH1 JH AH0 Z"),
        ("xbm", "xbm", "EH1 K S B IY1 EH1 M"),
    ],
)
def test_readings(english: FrontEnd, text: str, word: str, phones: str) -> None:
    spoken = to_phonemes(text, english)
    assert [" ".join(entry.phones) for entry in spoken.words if entry.word == word] == [phones]


def test_a_hyphenated_word_is_as_sure_as_its_least_sure_part(english: FrontEnd) -> None:
    (word,) = to_phonemes("zorblax-tone", english).words
    assert (word.source, word.guessed) == ("guess", True)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=0x17F), max_size=40))
def test_ids_are_always_in_the_table(english: FrontEnd, text: str) -> None:
    table = symbol_table("v2")
    try:
        phonemes = to_phonemes(text, english)
    except TextError:
        return
    assert phonemes.ids == table.ids_of(phonemes.phones)
    assert all(0 <= phone_id < 322 for phone_id in phonemes.ids)
