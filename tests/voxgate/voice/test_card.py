from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.voice_package import CARD
from voxgate.errors import VoiceError
from voxgate.files import digest_file, read_json, write_json
from voxgate.voice.card import (
    REPLAY,
    TRAINED,
    Recording,
    ReplayCard,
    card_digest,
    card_document,
    card_lexicons,
    has_card,
    read_card,
    read_replay_card,
    read_voice_card,
    write_card,
)

FILES = {"s1.safetensors": "1" * 64}


def test_a_card_of_a_trained_voice_states_no_kind(tmp_path: Path) -> None:
    write_json(tmp_path / "voice.json", {"schema": 1, "consent_scope": "internal", "files": FILES})

    card = read_card(tmp_path)
    assert (card.kind, card.consent_scope, card.files) == (TRAINED, "internal", FILES)


def test_what_every_package_states_is_read_whatever_else_its_card_holds(tmp_path: Path) -> None:
    """An old card, a card of another kind and one of a newer schema can all be told apart."""
    card = {"schema": 7, "kind": "toy", "consent_scope": "internal", "colour": "red"}
    write_json(tmp_path / "voice.json", card)

    assert read_card(tmp_path).kind == "toy"
    assert read_card(tmp_path).files == {}


@pytest.mark.parametrize(
    "text", ['{"schema": 1}', '{"consent_scope": null}', "[]", "{", '"voice"', "\ufffd"]
)
def test_a_card_that_does_not_say_what_the_voice_may_be_used_for_is_refused(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "voice.json").write_text(text)

    with pytest.raises(VoiceError, match=r"voice\.json is not a voice card"):
        read_card(tmp_path)


def test_a_folder_without_a_card_is_no_voice_package(tmp_path: Path) -> None:
    assert not has_card(tmp_path)
    for read in (read_card, card_digest):
        with pytest.raises(VoiceError, match=r"voice\.json is missing: .* is not a voice package"):
            read(tmp_path)


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe", b"", b"version https://git-lfs"]
)
def test_a_card_that_is_none_is_refused_whatever_it_holds(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "voice.json").write_bytes(content)
    with pytest.raises(VoiceError, match=r"voice\.json is not a voice card"):
        read_card(tmp_path)


def test_a_card_of_absurd_size_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "voice.json").open("wb") as stream:
        stream.truncate(1 << 36)
    with pytest.raises(VoiceError, match="it has more than"):
        read_card(tmp_path)


def test_the_digest_of_a_card_is_that_of_its_bytes(tmp_path: Path) -> None:
    write_json(tmp_path / "voice.json", {"consent_scope": "internal"})

    assert card_digest(tmp_path) == digest_file(tmp_path / "voice.json")


def test_a_replay_card_keeps_its_bytes(tmp_path: Path) -> None:
    """The digest of a package is that of its card: written another way it were another package."""
    recording = Recording(text="one", file="0000.flac", sha256="0" * 64)
    card = ReplayCard(
        consent_scope="internal", recordings=[recording], files={"0000.flac": "0" * 64}
    )
    write_card(tmp_path, card)

    assert (tmp_path / "voice.json").read_text() == (
        f'{{\n "consent_scope": "internal",\n "files": {{\n  "0000.flac": "{"0" * 64}"\n }},\n'
        ' "kind": "replay",\n "recordings": [\n  {\n   "file": "0000.flac",\n   "sha256": '
        f'"{"0" * 64}",\n   "text": "one"\n  }}\n ],\n "schema": 1\n}}\n'
    )
    assert read_replay_card(tmp_path) == card
    assert read_card(tmp_path).kind == REPLAY


def test_who_reads_cards_loads_no_torch() -> None:
    """Evaluation, gate and release read cards, and start without the networks."""
    modules = ("card", "replay", "speaker_vectors", "speech_tokenizer")
    script = "; ".join(f"import voxgate.voice.{name}" for name in modules)
    script += "; import sys; print('torch' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"


def test_the_card_of_a_voice_of_one_language_keeps_its_bytes(tmp_path: Path) -> None:
    write_card(tmp_path, CARD)
    stated = read_json(tmp_path / "voice.json")
    assert (stated["schema"], stated["language"]) == (1, "en")
    assert "languages" not in stated
    assert read_voice_card(tmp_path).spoken_languages == ("en",)


def test_a_card_of_several_languages_names_them_the_primary_one_first(tmp_path: Path) -> None:
    write_card(tmp_path, CARD.of_languages(["zh", "en"]))
    stated = read_json(tmp_path / "voice.json")
    assert (stated["schema"], stated["language"], stated["languages"]) == (2, "zh", ["zh", "en"])
    card = read_voice_card(tmp_path)
    assert card.spoken_languages == ("zh", "en")
    assert read_card(tmp_path).languages == ["zh", "en"]
    assert card.of_languages(["en"]) == CARD


@pytest.mark.parametrize(
    "changes",
    [
        {"languages": ["en", "zh"]},
        {"schema": 2},
        {"schema": 2, "languages": ["zh", "en"]},
        {"schema": 2, "languages": ["en"]},
        {"schema": 2, "languages": ["en", "zh", "zh"]},
    ],
)
def test_a_card_whose_languages_contradict_it_is_refused(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    write_card(tmp_path, CARD)
    write_json(tmp_path / "voice.json", {**read_json(tmp_path / "voice.json"), **changes})
    with pytest.raises(VoiceError, match="is not a voice card of schema 1 or 2"):
        read_voice_card(tmp_path)


def test_lexicons_are_found_in_packages_of_any_age(tmp_path: Path) -> None:
    old = CARD.model_copy(update={"files": {"lexicon.txt": "0" * 64}})
    assert card_lexicons(tmp_path, old) == {"en": tmp_path / "lexicon.txt"}
    files = {"lexicon.zh.tsv": "0" * 64, "s1.safetensors": "1" * 64}
    new = CARD.model_copy(update={"files": files})
    assert card_lexicons(tmp_path, new) == {"zh": tmp_path / "lexicon.zh.tsv"}
    assert card_lexicons(tmp_path, CARD) == {}


def test_what_a_voice_lacks_is_not_in_its_card(tmp_path: Path) -> None:
    """So the voices of before keep their bytes, which name them."""
    write_card(tmp_path, CARD)
    stated = read_json(tmp_path / "voice.json")
    assert not {"languages", "text_features_sha256"} & stated.keys()
    assert stated.keys() == card_document(CARD).keys()
    assert stated["base"] is None  # always stated

    write_card(tmp_path, CARD.model_copy(update={"text_features_sha256": "b" * 64}))
    assert read_voice_card(tmp_path).text_features_sha256 == "b" * 64
