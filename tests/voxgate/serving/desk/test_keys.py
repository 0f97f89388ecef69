from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.speech_pool import utterance
from voxgate.serving.desk.keys import sentence_key, sentence_keys, utterance_digest
from voxgate.serving.requests import PackagedVoice, ReferencePlace, Utterance
from voxgate.speaking.presets import SpeakingPreset

CODE = "c0de"
REFERENCE = ReferencePlace(folder=Path("speakers"), sha256="12" * 32, text="Good morning.")
SPOKEN = replace(utterance("Hello there."), reference=REFERENCE)


def digest(asked: Utterance = SPOKEN, text: str = "Hello there.", place: int = 0) -> str:
    return sentence_key(asked, text, place, speaking_code=CODE).digest


CHANGES = {
    "voice": replace(SPOKEN, voice=PackagedVoice(folder=Path("v"), digest="cd" * 32)),
    "no reference": replace(SPOKEN, reference=None),
    "reference": replace(SPOKEN, reference=replace(REFERENCE, sha256="34" * 32)),
    "reference text": replace(SPOKEN, reference=replace(REFERENCE, text=None)),
    "preset": replace(SPOKEN, preset=SpeakingPreset(name="standard", version=2)),
    "speed": replace(SPOKEN, speed=1.25),
    "seed": replace(SPOKEN, seed=1),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_decides_the_samples_changes_the_key(change: str) -> None:
    assert digest(CHANGES[change]) != digest()


def test_text_place_and_code_change_the_key() -> None:
    others = {
        digest(text="Hello here."),
        digest(place=1),
        sentence_key(SPOKEN, "Hello there.", 0, speaking_code="other").digest,
    }
    assert len(others | {digest()}) == 4


def test_where_files_lie_and_what_stands_around_a_sentence_does_not() -> None:
    moved = replace(
        SPOKEN,
        voice=replace(SPOKEN.voice, folder=Path("/elsewhere")),
        reference=replace(REFERENCE, folder=Path("/elsewhere.wav")),
        text="Hello there. And more.",
        speed=1,
    )
    assert digest(moved) == digest()


def test_the_key_is_the_same_on_every_machine() -> None:
    assert digest() == "f96f59a805dbd4c47f1f39cf98c4f808eeadbc76e00d006d9bb75184f775ec14"


def test_the_owner_is_what_a_recall_names() -> None:
    [first, second] = sentence_keys(SPOKEN, ["One.", "Two."], speaking_code=CODE)
    assert first.owner == second.owner
    assert (first.owner.voice, first.owner.reference) == ("ab" * 32, "12" * 32)
    assert [key.facts["place"] for key in (first, second)] == [0, 1]
    own = sentence_key(replace(SPOKEN, reference=None), "One.", 0, speaking_code=CODE)
    assert own.owner.reference is None


def test_an_utterance_is_named_by_its_text_as_it_was_asked_for() -> None:
    names = {
        utterance_digest(asked, speaking_code=CODE)
        for asked in (SPOKEN, replace(SPOKEN, text="Hello  there."), *CHANGES.values())
    }
    assert len(names) == 2 + len(CHANGES)


def test_a_key_that_is_kept_holds_no_text_and_is_the_same_key() -> None:
    key = sentence_key(SPOKEN, "Hello there.", 0, speaking_code=CODE)
    assert key.without_text() == key
    assert "Hello" not in repr(vars(key.without_text()))
    assert "Hello" in repr(vars(key))


def test_a_gpu_has_keys_of_its_own_and_the_processor_keeps_its_own() -> None:
    on_gpu = [
        sentence_key(SPOKEN, "One.", 0, speaking_code=CODE, device=kind).digest
        for kind in ("Acme One", "Acme Two")
    ]
    cpu = sentence_key(SPOKEN, "One.", 0, speaking_code=CODE)
    assert len({cpu.digest, *on_gpu}) == 3
    assert "device" not in cpu.facts
    [key] = sentence_keys(SPOKEN, ["One."], speaking_code=CODE, device="Acme One")
    assert key.digest == on_gpu[0]
    names = {
        utterance_digest(SPOKEN, speaking_code=CODE, device=kind) for kind in (None, "Acme One")
    }
    assert len(names) == 2
