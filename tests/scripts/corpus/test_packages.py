from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from scripts.corpus.packages import SPEAKERS, SpeakerPackages, read_prompts, read_texts
from tests.fakes.debian import build_package
from voxgate.adapters.corpora.apt import ASTERISK_ENGLISH
from voxgate.adapters.corpora.foreign_speech import ASTERISK_SPANISH


def test_what_is_not_said_as_it_is_written_has_no_text() -> None:
    lines = [
        "; a comment",
        "beep: [this is a simple beep tone]",
        "keywords: separated by * and then press",
        'quoted: “Press one."',
        "said: Press 1 to go on.",
        "twice: one",
        "twice: two",
        "a line without a colon",
        "empty:",
    ]
    assert read_texts(lines) == {"quoted": "Press one.", "said": "Press 1 to go on."}


def test_the_packages_are_those_that_the_product_pins() -> None:
    assert SPEAKERS["en"].packages == ASTERISK_ENGLISH
    assert SPEAKERS["es"].packages[0] == ASTERISK_SPANISH


@pytest.mark.parametrize(("language", "kept"), [("en", {"a/one", "long"}), ("xx", {"a/one"})])
def test_long_numbers_are_left_out_where_nothing_can_compare_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str, kept: set[str]
) -> None:
    name = f"asterisk-core-sounds-{language}"
    listing = gzip.compress("\ufeffa/one: One.\nlong: Dial 1234 now.\n".encode())
    packages = (
        build_package(
            tmp_path, f"{name}-g722", {"usr/share/asterisk/sounds/xx/a/one.g722": b"sound"}
        ),
        build_package(
            tmp_path, name, {f"usr/share/doc/{name}/core-sounds-{language}.txt.gz": listing}
        ),
    )
    monkeypatch.setattr(SpeakerPackages, "packages", packages)
    speaker = SpeakerPackages(
        speaker="x", language=language, sounds="xx", audio_sha256="", texts_sha256=""
    )
    prompts = read_prompts(speaker, tmp_path, tmp_path / "unpacked")
    assert set(prompts.texts) == kept
    assert prompts.files["a/one"].read_bytes() == b"sound"
