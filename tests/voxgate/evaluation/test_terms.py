from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.voice_package import CARD, voice_files
from voxgate.evaluation.terms import describe_terms
from voxgate.files import digest_bytes
from voxgate.voice.card import REPLAY, ReplayCard, write_card
from voxgate.voice.package import write_voice

GOOD = b"zyrtec\tZ ER1 T EH0 K\tAsk for Zyrtec.\n"


def test_every_term_of_a_package_is_read_in_its_sentences(tmp_path: Path) -> None:
    write_voice(tmp_path / "voice", CARD, voice_files(lexicons={"en": GOOD}))
    assert describe_terms(tmp_path / "voice") == {
        "lexicons": {"en": digest_bytes(GOOD)},
        "checked": 1,
        "sentences": 2,
        "differing": [],
    }


def test_a_term_that_the_front_end_never_asks_for_is_named(tmp_path: Path) -> None:
    lexicon = GOOD + b"kpmg\tK EY1\tAsk KPMG now.\n"
    write_voice(tmp_path / "voice", CARD, voice_files(lexicons={"en": lexicon}))
    found = describe_terms(tmp_path / "voice")
    assert found is not None
    assert (found["checked"], found["sentences"]) == (2, 4)
    assert [(row["term"], row["where"]) for row in found["differing"]] == [("kpmg", "carrier")]
    assert found["differing"][0]["got"].startswith("P IY1")


@pytest.mark.parametrize("lexicons", [{}])
def test_a_package_without_lexicons_says_nothing(
    tmp_path: Path, lexicons: dict[str, bytes]
) -> None:
    write_voice(tmp_path / "voice", CARD, voice_files(lexicons=lexicons))
    assert describe_terms(tmp_path / "voice") is None


def test_recordings_read_nothing(tmp_path: Path) -> None:
    card = ReplayCard(schema=1, kind=REPLAY, consent_scope="evaluation", recordings=[], files={})
    write_card(tmp_path, card)
    assert describe_terms(tmp_path) is None
